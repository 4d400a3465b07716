#include "cli/recordings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

namespace tidings::cli {
namespace {

class RecordingsTest : public testing::Test {
 protected:
  RecordingsTest() : folder_(std::filesystem::temp_directory_path() / ("tidings-recordings-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~RecordingsTest() override { std::filesystem::remove_all(folder_); }

  void record(const std::string& outlet, const std::string& name) {
    std::filesystem::create_directories(folder_ / outlet);
    std::ofstream(folder_ / outlet / name) << "<rss/>";
  }

  std::filesystem::path folder_;
};

TEST_F(RecordingsTest, snapshots_come_in_the_order_of_their_times) {
  record("wire", "20200421T202045Z.xml");
  record("wire", "20200101T000000Z.xml");
  record("wire", "notes.txt");
  const auto found = find_recordings(folder_);
  ASSERT_TRUE(found.has_value());
  const auto& wire = found->at("wire");
  ASSERT_EQ(wire.size(), 2u);
  EXPECT_LT(wire[0].fetched, wire[1].fetched);
  EXPECT_EQ(snapshot_at(wire, wire[0].fetched - Seconds(1)), 0u);
  EXPECT_EQ(snapshot_at(wire, wire[1].fetched - Seconds(1)), 0u);
  EXPECT_EQ(snapshot_at(wire, wire[1].fetched), 1u);
}

TEST_F(RecordingsTest, an_empty_folder_is_an_error_that_says_what_is_wanted) {
  const auto found = find_recordings(folder_);
  ASSERT_FALSE(found.has_value());
  EXPECT_NE(found.error().message().find("OUTLET/"), std::string::npos);
}

TEST(SnapshotTime, refuses_what_is_no_time) {
  EXPECT_TRUE(snapshot_time("20200229T235959Z.xml"));
  EXPECT_FALSE(snapshot_time("20210229T235959Z.xml"));
  EXPECT_FALSE(snapshot_time("2020-02-29.xml"));
}

}  // namespace
}  // namespace tidings::cli
