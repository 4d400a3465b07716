#include "ingest/story_events.h"

#include <gmock/gmock.h>

#include "loop/task_scope.h"
#include "support/temp_folder.h"

namespace tidings::ingest {
namespace {

TEST(StoryEvents, a_merged_story_takes_its_items_along) {
  dedup::StoryEvent event;
  event.kind = dedup::StoryEvent::Kind::merged;
  event.story = "urn:tidings:story:1";
  event.other = "urn:tidings:story:2";
  dedup::StoryEvent joined;
  store::Batch batch;
  tell(batch, {event, joined});
  ASSERT_EQ(batch.outbox.size(), 2U);
  EXPECT_EQ(batch.outbox[0].stream, "stories");
  EXPECT_EQ(batch.outbox[0].key, event.story);
  ASSERT_EQ(batch.merges.size(), 1U);
  EXPECT_EQ(batch.merges[0].story, event.other);
  EXPECT_EQ(batch.merges[0].into, event.story);
}

TEST(StoryEvents, a_quiet_story_is_closed_without_a_further_item) {
  test::TempFolder folder;
  asio::io_context context;
  Metrics metrics;
  loop::Pool pool(1);
  http::Client http(context, {}, Log(), metrics);
  store::Options options;
  options.path = folder / "tidings.db";
  auto opened = store::Store::open(context.get_executor(), options, Log(), metrics);
  ASSERT_TRUE(opened) << opened.error().message();
  store::Store& store = **opened;
  dedup::Options dedup_options;
  dedup_options.story_idle = std::chrono::hours(0);
  dedup::Deduplicator dedup(dedup_options);
  model::Item item;
  item.id = "urn:tidings:item:00000000000000000000000000000001";
  item.title = "Ferry and barge collide in fog";
  const auto decision = dedup.decide(item, dedup::extract(item, dedup_options), std::nullopt, system_now() - Seconds(1));

  loop::TaskScope scope(context.get_executor(), Log());
  const auto listening = store.on_rows("stories", [&] { context.stop(); });
  scope.spawn("stories", close_quiet_stories(Rooms{pool, http, store, dedup, {}, {}, metrics, Log()}, Millis(1)));
  context.run_for(std::chrono::seconds(30));
  EXPECT_EQ(store.stream("stories").last.n, 1U);
  EXPECT_EQ(dedup.stories(), 0U);
  scope.stop();
  context.restart();
  context.run_for(std::chrono::seconds(30));
  EXPECT_EQ(scope.size(), 0U);
}

}  // namespace
}  // namespace tidings::ingest
