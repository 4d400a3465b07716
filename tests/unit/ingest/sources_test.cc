#include "ingest/sources.h"

#include <gmock/gmock.h>

#include "support/run_task.h"
#include "support/temp_folder.h"

namespace tidings::ingest {
namespace {

using test::run_task;
using testing::ElementsAre;

model::SharedSource config_of(const std::string& id, const std::string& url = "https://news.example/feed") {
  auto config = std::make_shared<model::Source>();
  config->id = id;
  config->settings.edit().plugin = "feed";
  config->url = url;
  return config;
}

struct SourcesTest : testing::Test {
  void SetUp() override {
    store::Options options;
    options.path = folder / "tidings.db";
    options.state_delay = std::chrono::hours(1);
    auto opened = store::Store::open(context.get_executor(), options, Log(), metrics);
    ASSERT_TRUE(opened) << opened.error().message();
    store = std::move(*opened);
    sources.emplace(*store, [this](const model::Source&) { return refusal ? Result<Fetcher>(*refusal) : Result<Fetcher>(Fetcher()); }, 2, metrics);
  }
  std::shared_ptr<Source> add(const std::string& id) {
    auto added = sources->add(config_of(id));
    EXPECT_TRUE(added);
    return *added;
  }
  void wake(Source& source) {
    const auto woken = run_task(context, sources->wake(source));
    EXPECT_TRUE(woken) << woken.error().message();
  }
  // Wakes it, and ends its use.
  void use(const std::shared_ptr<Source>& source) {
    const Sources::Use used(*sources, source);
    wake(*source);
  }
  // As if a poll had ended.
  void poll(const std::shared_ptr<Source>& source) {
    const Sources::Use used(*sources, source);
    wake(*source);
    ++source->learnt->state.polls;
    source->learnt->state.etag = "\"abc\"";
    store->keep(source->saved());
  }

  test::TempFolder folder;
  Metrics metrics;
  asio::io_context context;
  std::unique_ptr<store::Store> store;
  std::optional<Error> refusal;
  std::optional<Sources> sources;
};

TEST_F(SourcesTest, what_was_learnt_comes_from_the_store_and_is_there_while_it_is_used) {
  const auto source = add("a");
  EXPECT_FALSE(source->learnt);
  poll(source);
  for (const char* other : {"b", "c", "d"}) use(add(other));
  EXPECT_FALSE(source->learnt) << "it made room";

  const Sources::Use used(*sources, source);
  wake(*source);
  for (const char* other : {"e", "f", "g"}) use(add(other));
  ASSERT_TRUE(source->learnt) << "it is used";
  EXPECT_EQ(source->learnt->state.polls, 1u);
  EXPECT_EQ(source->learnt->state.etag, "\"abc\"");
  EXPECT_EQ(sources->awake(), 3u);
}

TEST_F(SourcesTest, the_one_that_was_not_used_for_longest_makes_room) {
  const auto a = add("a");
  const auto b = add("b");
  use(a);
  use(b);
  use(a);
  use(add("c"));
  EXPECT_TRUE(a->learnt);
  EXPECT_FALSE(b->learnt);
}

TEST_F(SourcesTest, figures_that_grew_after_the_last_poll_was_saved_are_not_lost) {
  const auto source = add("a");
  poll(source);
  source->learnt->figures = std::make_unique<Figures>();
  source->learnt->figures->detect.add(3);
  source->learnt->unsaved = true;
  use(add("b"));
  use(add("c"));
  ASSERT_FALSE(source->learnt);
  use(source);
  ASSERT_TRUE(source->learnt->figures);
  EXPECT_EQ(source->learnt->figures->detect.count(), 1u);
}

TEST_F(SourcesTest, what_was_learnt_of_another_url_is_not_held_for_this_one) {
  const auto before = add("a");
  poll(before);
  before->learnt->state.url = "https://moved.example/";
  store->keep(before->saved());
  sources->remove(before);
  auto after = sources->add(config_of("a", "https://other.example/feed"));
  ASSERT_TRUE(after);
  use(*after);
  EXPECT_EQ((*after)->learnt->state.etag, "");
  EXPECT_EQ((*after)->url(), "https://other.example/feed");
  EXPECT_EQ((*after)->learnt->state.polls, 1u) << "its counts go on";
}

TEST_F(SourcesTest, one_that_its_plugin_refuses_is_not_followed) {
  refusal = Error(Errc::invalid, "no such option");
  EXPECT_FALSE(sources->add(config_of("a")));
  EXPECT_EQ(sources->size(), 0u);
}

TEST_F(SourcesTest, all_are_seen_in_order_and_none_is_woken_for_that) {
  const auto b = add("b");
  const auto a = add("a");
  poll(a);
  use(add("c"));
  use(add("d"));
  ASSERT_FALSE(a->learnt);
  std::vector<std::string> seen;
  const auto see = [&](const Source& source, const Learnt& learnt) { seen.push_back(source.config->id + std::to_string(learnt.state.polls)); };
  ASSERT_TRUE(run_task(context, sources->visit(sources->by_id(), see)));
  EXPECT_THAT(seen, ElementsAre("a1", "b0", "c0", "d0"));
  EXPECT_FALSE(a->learnt || b->learnt);
}

TEST_F(SourcesTest, one_that_is_removed_goes_when_its_use_ends) {
  auto source = add("a");
  const std::weak_ptr<Source> alive = source;
  {
    const Sources::Use used(*sources, source);
    wake(*source);
    sources->remove(source);
    EXPECT_EQ(sources->find("a"), nullptr);
    EXPECT_TRUE(source->learnt);
  }
  EXPECT_FALSE(source->learnt);
  EXPECT_EQ(sources->awake(), 0u);
  source.reset();
  EXPECT_TRUE(alive.expired());
  EXPECT_EQ(add("b")->slot, 0u) << "its place is given away";
}

}  // namespace
}  // namespace tidings::ingest
