#include "schedule/queue.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

namespace tidings::schedule {
namespace {

TEST(Queue, gives_what_is_due_in_order) {
  Queue queue;
  queue.reschedule(3, from_micros(30));
  queue.reschedule(1, from_micros(10));
  queue.reschedule(2, from_micros(20));
  EXPECT_EQ(queue.next_due(), from_micros(10));
  EXPECT_EQ(queue.pop_due(from_micros(9)), std::nullopt);
  EXPECT_EQ(queue.pop_due(from_micros(25)), 1u);
  EXPECT_EQ(queue.pop_due(from_micros(25)), 2u);
  EXPECT_EQ(queue.pop_due(from_micros(25)), std::nullopt);
  EXPECT_EQ(queue.size(), 1u);
}

TEST(Queue, an_unknown_source_is_not_removed) {
  Queue queue;
  EXPECT_FALSE(queue.remove(7));
  queue.reschedule(7, from_micros(1));
  EXPECT_TRUE(queue.remove(7));
  EXPECT_FALSE(queue.remove(7));
  EXPECT_EQ(queue.next_due(), std::nullopt);
}

TEST(Queue, agrees_with_a_sorted_set_on_random_work) {
  std::mt19937 random(1);
  Queue queue;
  std::set<std::pair<std::int64_t, Queue::Id>> sorted;
  std::map<Queue::Id, std::int64_t> at_of;
  for (int step = 0; step < 100000; ++step) {
    const auto id = static_cast<Queue::Id>(random() % 500);
    const auto at = static_cast<std::int64_t>(random() % 1000);
    const bool known = at_of.contains(id);
    switch (random() % 4) {
      case 0:
        EXPECT_EQ(queue.remove(id), known);
        if (known) sorted.erase({at_of[id], id});
        at_of.erase(id);
        break;
      case 1: {
        const auto popped = queue.pop_due(from_micros(at));
        if (sorted.empty() || sorted.begin()->first > at) {
          ASSERT_EQ(popped, std::nullopt);
          break;
        }
        ASSERT_EQ(popped, sorted.begin()->second);
        at_of.erase(*popped);
        sorted.erase(sorted.begin());
        break;
      }
      default:
        if (known) sorted.erase({at_of[id], id});
        sorted.insert({at, id});
        at_of[id] = at;
        queue.reschedule(id, from_micros(at));
    }
    ASSERT_EQ(queue.size(), sorted.size());
    ASSERT_EQ(queue.due(id).has_value(), at_of.contains(id));
  }
}

}  // namespace
}  // namespace tidings::schedule
