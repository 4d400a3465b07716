#include "ingest/repeats.h"

#include <gtest/gtest.h>

namespace tidings::ingest {
namespace {

using namespace std::chrono_literals;
using Kind = Repeats::Kind;

const Time kNoon = from_micros(1'772'366'400'000'000);

Repeated known(std::size_t n, std::size_t aged = 0) { return {n, aged, 0, 0}; }
Repeated rekeyed(std::size_t n) { return {0, 0, n, 0}; }
Repeated old(std::size_t n) { return {0, 0, 0, n}; }

TEST(Repeats, an_archive_is_told_once_however_many_documents_it_takes) {
  Repeats repeats;
  EXPECT_EQ(repeats.see(known(580, 580), 600, kNoon), Kind::backfill);
  for (int n = 1; n < 6; ++n) EXPECT_FALSE(repeats.see(old(100), 100, kNoon + n * 1min));
}

TEST(Repeats, new_ids_are_told_also_of_a_feed_of_one_entry) {
  EXPECT_EQ(Repeats().see(rekeyed(1), 1, kNoon), Kind::rekeyed);
  EXPECT_EQ(Repeats().see(rekeyed(20), 20, kNoon), Kind::rekeyed);
  EXPECT_FALSE(Repeats().see(rekeyed(1), 20, kNoon));
}

TEST(Repeats, what_an_editor_or_a_push_brings_back_is_not) {
  Repeats repeats;
  for (int n = 0; n < 50; ++n) {
    EXPECT_FALSE(repeats.see(known(1), 1, kNoon + n * 1min)) << "a push of what was polled";
    EXPECT_FALSE(repeats.see(known(2), 20, kNoon + n * 1min));
  }
}

TEST(Repeats, old_entries_add_up) {
  Repeats repeats;
  for (int n = 1; n < 10; ++n) EXPECT_FALSE(repeats.see(known(1, 1), 1, kNoon + n * 1s)) << n;
  EXPECT_EQ(repeats.see(known(1, 1), 1, kNoon + 10s), Kind::backfill);
  EXPECT_FALSE(repeats.see(known(1, 1), 1, kNoon + 11s));
}

TEST(Repeats, one_kind_does_not_hide_the_other) {
  Repeats repeats;
  EXPECT_EQ(repeats.see(rekeyed(20), 20, kNoon), Kind::rekeyed);
  EXPECT_EQ(repeats.see(known(20), 20, kNoon + 1min), Kind::backfill);
}

TEST(Repeats, it_is_told_anew_when_it_was_over_for_an_hour) {
  Repeats repeats;
  EXPECT_TRUE(repeats.see(rekeyed(20), 20, kNoon));
  EXPECT_FALSE(repeats.see({}, 20, kNoon + 1min));
  EXPECT_FALSE(repeats.see(rekeyed(20), 20, kNoon + 30min)) << "too soon";
  EXPECT_FALSE(repeats.see(rekeyed(20), 20, kNoon + 5h)) << "it never stopped";
  EXPECT_FALSE(repeats.see({}, 20, kNoon + 6h));
  EXPECT_TRUE(repeats.see(rekeyed(20), 20, kNoon + 8h));
}

TEST(Repeats, go_on_from_their_bytes) {
  Repeats before;
  EXPECT_EQ(before.save(), "");
  EXPECT_EQ(before.see(rekeyed(20), 20, kNoon), Kind::rekeyed);
  Repeats after;
  ASSERT_TRUE(after.load(before.save()));
  EXPECT_FALSE(after.see(rekeyed(20), 20, kNoon + 1min)) << "it was told";
  EXPECT_EQ(after.see(known(20, 20), 20, kNoon + 2min), Kind::backfill);
  EXPECT_EQ(Repeats(after).save(), after.save());

  const std::string bytes = before.save();
  EXPECT_FALSE(after.load(""));
  EXPECT_FALSE(after.load(bytes.substr(1)));
  EXPECT_FALSE(after.load("\2" + bytes.substr(1)));
}

}  // namespace
}  // namespace tidings::ingest
