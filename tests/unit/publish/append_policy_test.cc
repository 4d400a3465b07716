#include "publish/append_policy.h"

#include <gtest/gtest.h>

namespace tidings::publish {
namespace {

Position row(std::uint64_t n) { return {{1000 + n, 0}, n, n * 100}; }
StreamId id(std::uint64_t ms, std::uint64_t seq = 0) { return {ms, seq}; }

// An outbox with the rows after `purged`, 1001-0, 1002-0 and so on up to 1010-0, and the cursor at row 5.
Known known(StreamId remote, std::uint64_t purged = 0) {
  Known k;
  k.cursor = row(5);
  if (purged > 0) k.purged = row(purged);
  for (std::uint64_t n = purged + 1; n <= 10; ++n) {
    if (row(n).id <= remote) k.at_or_before = row(n);
  }
  return k;
}

Resync judged(StreamId remote, std::uint64_t purged = 0, OnReset on_reset = OnReset::replay) {
  return judge(remote, known(remote, purged), on_reset);
}

TEST(Judge, the_same_id_is_clean) {
  EXPECT_EQ(judged(row(5).id).finding, Finding::clean);
  EXPECT_EQ(judged(row(5).id).cursor, row(5));
  EXPECT_EQ(judge(StreamId{}, Known{}, OnReset::replay).finding, Finding::clean) << "nothing anywhere";
}

TEST(Judge, a_later_row_of_ours_means_that_only_the_reply_was_lost) {
  const auto verdict = judged(row(8).id);
  EXPECT_EQ(verdict.finding, Finding::ahead);
  EXPECT_EQ(verdict.cursor, row(8));
}

TEST(Judge, an_earlier_row_of_ours_means_that_redis_lost_its_end) {
  const auto verdict = judged(row(2).id);
  EXPECT_EQ(verdict.finding, Finding::tail_lost);
  EXPECT_EQ(verdict.cursor, row(2));
  EXPECT_EQ(judged(row(3).id, 3).finding, Finding::tail_lost) << "also where that row is the last that was purged";
}

TEST(Judge, an_empty_stream_is_filled_again_with_what_is_kept) {
  auto verdict = judged(StreamId{});
  EXPECT_EQ(verdict.finding, Finding::reset);
  EXPECT_EQ(verdict.cursor, Position());
  EXPECT_EQ(verdict.lost, 0u);
  verdict = judged(StreamId{}, 3);
  EXPECT_EQ(verdict.cursor, row(3));
  EXPECT_EQ(verdict.lost, 3u);
}

TEST(Judge, an_empty_stream_can_go_on_with_what_is_new) {
  const auto verdict = judged(StreamId{}, 3, OnReset::resume);
  EXPECT_EQ(verdict.finding, Finding::reset);
  EXPECT_EQ(verdict.cursor, row(5));
  EXPECT_EQ(verdict.lost, 5u);
}

TEST(Judge, a_stream_that_ends_before_all_we_keep_has_lost_rows_for_good) {
  const auto verdict = judged(row(1).id, 3);
  EXPECT_EQ(verdict.finding, Finding::reset);
  EXPECT_EQ(verdict.cursor, row(3));
}

TEST(Judge, an_entry_of_another_under_the_id_of_a_row_of_ours_is_foreign) {
  EXPECT_EQ(judge_taken(known(row(6).id), row(5), row(6).id).finding, Finding::foreign);
  EXPECT_EQ(judge_taken(known(row(8).id), row(7), row(8).id).cursor, row(5)) << "rows after the cursor may have been appended before it";
  EXPECT_EQ(judge_taken(known(row(3).id), row(2), row(3).id).cursor, row(2)) << "and after a loss, those after the row before it are sent again";
  EXPECT_EQ(judge_taken(known(row(4).id, 3), std::nullopt, row(4).id).cursor, row(3));
}

TEST(Judge, an_id_that_is_not_ours_is_foreign) {
  EXPECT_EQ(judged(id(1007, 1)).finding, Finding::foreign);
  EXPECT_EQ(judged(id(1007, 1)).cursor, row(5)) << "rows after the cursor may have been appended before it";
  EXPECT_EQ(judged(id(9999)).finding, Finding::foreign);
  EXPECT_EQ(judged(id(1002, 1)).cursor, row(2)) << "and after a loss, those after the last row before it are sent again";
  EXPECT_EQ(judged(id(1003, 1), 3).finding, Finding::foreign);
  EXPECT_EQ(judged(id(1003, 1), 3).cursor, row(3));
}

TEST(Judge, a_foreign_id_that_was_dealt_with_is_clean) {
  auto k = known(id(1007, 1));
  k.floor = id(1007, 1);
  const auto verdict = judge(id(1007, 1), k, OnReset::replay);
  EXPECT_EQ(verdict.finding, Finding::clean);
  EXPECT_EQ(verdict.cursor, row(7));
}

TEST(Remedy, follows_the_class_of_the_error) {
  for (const auto* word : {"OOM", "LOADING", "BUSY", "MISCONF", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN"}) {
    EXPECT_EQ(remedy_for(word), Remedy::back_off) << word;
  }
  for (const auto* word : {"READONLY", "MASTERDOWN", "NOSCRIPT", "MOVED", "ASK", "ERR", ""}) {
    EXPECT_EQ(remedy_for(word), Remedy::reconnect) << word;
  }
  for (const auto* word : {"WRONGTYPE", "NOPERM", "CROSSSLOT"}) EXPECT_EQ(remedy_for(word), Remedy::stop) << word;
  EXPECT_EQ(remedy_for("OOM command not allowed"), Remedy::back_off);
  EXPECT_EQ(remedy_for("ERR The user executing the script can't run this command or subcommand script: 1, on @user_script:1."), Remedy::stop);
  EXPECT_EQ(remedy_for("MISMATCH"), Remedy::claim);
  EXPECT_EQ(remedy_for("FENCED"), Remedy::claim);
}

TEST(AppendWindow, each_batch_follows_the_one_before) {
  AppendWindow window(2);
  window.begin(row(5).id, row(5));
  EXPECT_EQ(window.previous(), row(5).id);
  window.sent(row(6).id, row(6));
  EXPECT_EQ(window.previous(), row(6).id);
  EXPECT_EQ(window.read_from(), row(6));
  window.sent(row(7).id, row(7));
  EXPECT_FALSE(window.may_send());
  EXPECT_EQ(window.cursor(), row(5));
  window.appended();
  EXPECT_EQ(window.cursor(), row(6));
  EXPECT_EQ(window.remote(), row(6).id);
  EXPECT_TRUE(window.may_send());
}

TEST(AppendWindow, nothing_counts_after_a_failure_until_it_begins_again) {
  AppendWindow window(3);
  window.begin(row(5).id, row(5));
  window.sent(row(6).id, row(6));
  window.sent(row(7).id, row(7));
  window.failed();
  EXPECT_FALSE(window.may_send());
  window.appended();
  EXPECT_EQ(window.cursor(), row(5));
  EXPECT_EQ(window.in_flight(), 0u);
  window.begin(row(5).id, row(5));
  EXPECT_TRUE(window.may_send());
  EXPECT_EQ(window.read_from(), row(5));
}

TEST(AppendWindow, damaged_rows_are_passed_over_with_the_batch_before_them) {
  AppendWindow window(3);
  window.begin(row(5).id, row(5));
  window.skipped(row(6));
  EXPECT_EQ(window.cursor(), row(6));
  EXPECT_EQ(window.previous(), row(5).id) << "the stream itself has not moved";
  window.sent(row(7).id, row(7));
  window.skipped(row(8));
  EXPECT_EQ(window.cursor(), row(6));
  window.appended();
  EXPECT_EQ(window.cursor(), row(8));
  EXPECT_EQ(window.remote(), row(7).id);
}

}  // namespace
}  // namespace tidings::publish
