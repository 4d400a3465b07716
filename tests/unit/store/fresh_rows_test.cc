#include "store/fresh_rows.h"

#include <gmock/gmock.h>

namespace tidings::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kLarge = 1000;

// Row n of rows of ten bytes each.
OutboxRow row(std::uint64_t n) {
  OutboxRow row;
  row.id = {n, 0};
  row.n = n;
  row.bytes = 10 * n;
  return row;
}

struct FreshRowsTest : testing::Test {
  void add(std::uint64_t first, std::uint64_t last) {
    for (auto n = first; n <= last; ++n) rows.add(row(n));
  }
  std::vector<std::uint64_t> take(std::uint64_t after, std::size_t limit = 100, std::uint64_t max_bytes = kLarge) {
    const auto last = row(after);
    std::vector<std::uint64_t> taken;
    for (const auto& each : rows.take({last.id, last.n, last.bytes}, limit, max_bytes)) taken.push_back(each.n);
    return taken;
  }
  FreshRows rows{50};
};

TEST_F(FreshRowsTest, gives_each_row_once_and_in_order) {
  add(1, 3);
  EXPECT_THAT(take(0, 2), ElementsAre(1, 2));
  EXPECT_THAT(take(0), IsEmpty()) << "those are in the file only";
  EXPECT_THAT(take(2), ElementsAre(3));
  EXPECT_THAT(take(3), IsEmpty());
}

TEST_F(FreshRowsTest, gives_nothing_where_rows_before_are_missing_and_keeps_what_it_has) {
  add(5, 6);
  EXPECT_THAT(take(3), IsEmpty());
  EXPECT_THAT(take(4), ElementsAre(5, 6));
}

TEST_F(FreshRowsTest, drops_what_was_published_from_the_file) {
  add(1, 4);
  EXPECT_THAT(take(2), ElementsAre(3, 4));
}

TEST_F(FreshRowsTest, stops_at_the_bytes_asked_for_but_gives_at_least_one) {
  add(1, 4);
  EXPECT_THAT(take(0, 100, 25), ElementsAre(1, 2));
  EXPECT_THAT(take(2, 100, 1), ElementsAre(3));
}

TEST_F(FreshRowsTest, lets_the_oldest_go_when_it_is_full) {
  add(1, 20);
  EXPECT_THAT(take(0), IsEmpty());
  EXPECT_THAT(take(14), ElementsAre(15, 16, 17, 18, 19, 20));
}

TEST_F(FreshRowsTest, begins_anew_after_a_gap) {
  add(1, 2);
  add(4, 5);
  EXPECT_THAT(take(0), IsEmpty());
  EXPECT_THAT(take(3), ElementsAre(4, 5));
}

TEST_F(FreshRowsTest, is_empty_when_it_was_cleared) {
  add(1, 2);
  rows.clear();
  EXPECT_THAT(take(0), IsEmpty());
}

}  // namespace
}  // namespace tidings::store
