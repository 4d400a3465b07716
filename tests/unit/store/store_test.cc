#include "store/store.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "loop/task_scope.h"
#include "store/database.h"
#include "support/run_task.h"
#include "support/temp_folder.h"

namespace tidings::store {
namespace {

using test::run_task;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kNoon = 1'764'000'000'000;  // milliseconds

Time at_ms(std::int64_t ms) { return from_micros(ms * 1000); }

OutboxEntry entry(const std::string& key, const std::string& stream = "items") {
  return {stream, key, {{"id", key}, {"title", "A title of " + key}, {"bytes", std::string("\0%s\r\n", 5)}}};
}

Batch batch_of(std::initializer_list<std::string> keys) {
  Batch batch;
  for (const auto& key : keys) batch.outbox.push_back(entry(key));
  return batch;
}

StoredItem item(const std::string& id, std::string memory = "m") {
  return {id, "source", 1, 42, at_ms(kNoon), "story", model::VerdictKind::fresh, "", std::move(memory)};
}

struct StoreTest : testing::Test {
  void SetUp() override { options.path = folder / "tidings.db"; }

  Result<std::unique_ptr<Store>> try_open() {
    return Store::open(context.get_executor(), options, Log(), metrics, [this] { return at_ms(now_ms); });
  }
  void open() {
    store.reset();
    auto opened = try_open();
    ASSERT_TRUE(opened) << opened.error().message();
    store = std::move(*opened);
  }
  std::vector<StreamId> commit(Batch batch) {
    auto committed = run_task(context, store->commit(std::move(batch)));
    EXPECT_TRUE(committed) << committed.error().message();
    std::vector<StreamId> ids;
    if (committed) std::ranges::transform(committed->rows, std::back_inserter(ids), &Position::id);
    return ids;
  }
  std::vector<std::optional<SourceState>> sources(std::vector<std::string> ids) {
    auto states = run_task(context, store->find_sources(std::move(ids)));
    EXPECT_TRUE(states) << states.error().message();
    return states ? *states : std::vector<std::optional<SourceState>>();
  }
  std::vector<OutboxRow> rows(StreamId after = {}, std::size_t limit = 1000, const std::string& stream = "items") {
    auto read = run_task(context, store->read_outbox(stream, after, limit));
    EXPECT_TRUE(read) << read.error().message();
    return read ? *read : std::vector<OutboxRow>();
  }
  std::vector<OutboxRow> next_rows(Position after = {}, std::size_t limit = 1000) {
    auto read = run_task(context, store->next_rows("items", after, limit));
    EXPECT_TRUE(read) << read.error().message();
    return read ? *read : std::vector<OutboxRow>();
  }
  Position position_of(const OutboxRow& row) { return {row.id, row.n, row.bytes}; }
  void purge() {
    auto writer_options = options;
    store.reset();
    auto writer = Writer::open(writer_options, [this] { return at_ms(now_ms); });
    ASSERT_TRUE(writer);
    Write write;
    write.purge = true;
    for (bool more = true; more;) {
      auto written = (*writer)->write(write);
      ASSERT_TRUE(written) << written.error().message();
      more = written->more_to_purge;
    }
    writer->reset();
    open();
  }

  test::TempFolder folder;
  std::atomic<std::int64_t> now_ms = kNoon;
  Options options;
  Metrics metrics;
  asio::io_context context;
  std::unique_ptr<Store> store;
};

SourceState polled(const std::string& id, std::uint64_t polls) {
  SourceState state;
  state.id = id;
  state.schedule = "schedule " + std::to_string(polls);
  state.url = "https://moved.example/";
  state.url_hash = 7;
  state.polls = polls;
  return state;
}

TEST_F(StoreTest, states_that_are_kept_are_written_with_what_comes_next_and_newer_ones_stand) {
  options.state_delay = std::chrono::hours(1);
  open();
  store->keep(polled("a", 1));
  store->keep(polled("a", 2));
  store->keep(polled("b", 1));
  Batch batch = batch_of({"x"});
  batch.state = polled("b", 2);
  commit(std::move(batch));
  store->keep(polled("c", 1));
  ASSERT_TRUE(run_task(context, store->flush()));
  open();
  EXPECT_THAT(sources({"a", "b", "missing", "c"}), ElementsAre(polled("a", 2), polled("b", 2), std::nullopt, polled("c", 1)));
}

TEST_F(StoreTest, states_that_are_kept_are_found_whether_they_are_written_or_not) {
  options.state_delay = std::chrono::hours(1);
  open();
  store->keep(polled("a", 1));
  commit(batch_of({"x"}));
  store->keep(polled("a", 2));
  EXPECT_THAT(sources({"a"}), ElementsAre(polled("a", 2))) << "the file has an older one";
  const auto transactions = metrics.counter("tidings_store_transactions_total", "").value();
  EXPECT_EQ(transactions, 1u) << "it was not written for that";

  // While it is being written.
  std::vector<std::optional<SourceState>> found;
  struct Both {
    static Task<> run(Store& s, std::vector<std::optional<SourceState>>& out) {
      loop::TaskScope scope(co_await asio::this_coro::executor, Log());
      scope.spawn("flush", flush(s));
      std::vector<std::string> ids{"a"};
      auto states = co_await s.find_sources(std::move(ids));
      if (states) out = std::move(*states);
      co_await scope.join();
    }
    static Task<> flush(Store& s) { co_await s.flush(); }
  };
  run_task(context, Both::run(*store, found));
  EXPECT_THAT(found, ElementsAre(polled("a", 2)));
}

TEST_F(StoreTest, what_waiting_sources_need_is_read_alone) {
  options.state_delay = std::chrono::hours(1);
  open();
  store->keep(polled("a", 1));
  const auto found = run_task(context, store->find_schedules(std::vector<std::string>{"missing", "a"}));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 2u);
  EXPECT_FALSE((*found)[0]);
  ASSERT_TRUE((*found)[1]);
  EXPECT_EQ((*found)[1]->schedule, "schedule 1");
  EXPECT_EQ((*found)[1]->url, "https://moved.example/");
  EXPECT_EQ((*found)[1]->url_hash, 7u);
}

TEST_F(StoreTest, states_that_are_kept_are_written_by_themselves_after_a_while) {
  options.state_delay = std::chrono::milliseconds(1);
  open();
  store->keep(polled("alone", 1));
  while (metrics.counter("tidings_store_transactions_total", "").value() == 0) {
    context.restart();
    context.run_one();
  }
  open();
  EXPECT_THAT(sources({"alone"}), ElementsAre(polled("alone", 1)));
}

TEST_F(StoreTest, a_batch_is_read_back_as_it_was_committed) {
  open();
  Batch batch = batch_of({"a", "b"});
  batch.items = {item("a", std::string("x\0y", 3)), item("b")};
  batch.items[1].verdict = model::VerdictKind::duplicate;
  batch.items[1].of = "a";
  SourceState state;
  state.id = "bbc";
  state.etag = "\"abc\"";
  state.body_hash = ~0ull;
  state.cursor = std::string("\0\1", 2);
  state.next_poll = at_ms(kNoon + 5);
  state.last_error = "it was slow";
  state.repeats = std::string("\0\2", 2);
  state.figures = "fast";
  state.duplicates = 7;
  state.bytes = 9;
  batch.state = state;
  EXPECT_THAT(commit(batch), ElementsAre(StreamId{kNoon, 0}, StreamId{kNoon, 1}));

  open();
  const auto read = rows();
  ASSERT_EQ(read.size(), 2u);
  EXPECT_EQ(read[0].fields, batch.outbox[0].fields);
  EXPECT_EQ(read[1].key, "b");
  EXPECT_EQ(read[1].n, 2u);
  EXPECT_THAT(sources({"bbc"}), ElementsAre(state));
  std::vector<std::string> ids{"b", "missing", "a"};
  const auto found = run_task(context, store->ask([&](Reader& reader) { return reader.find(ids); }));
  EXPECT_THAT(*found, ElementsAre(batch.items[1], std::nullopt, batch.items[0]));
}

TEST_F(StoreTest, tells_people_of_items_pages_and_stories) {
  open();
  const auto told = [](const std::string& id, const std::string& title, std::uint64_t page, const std::string& language) {
    StoredItem out = item(id);
    out.url_key = page;
    out.notes = {title, "https://news.example/" + id, language, "news.example", "simhash", 3, 0.75, "3 -> 7"};
    return out;
  };
  Batch batch = batch_of({"a", "b"});
  batch.items = {told("a", "", 7, "en"), told("b", "The title", 7, "de"), told("c", "Another", 0, "en")};
  batch.items[2].story = "other";
  commit(batch);
  now_ms += 50;
  commit(batch_of({"z"}));

  open();
  const auto ask = [&](auto question) { return *run_task(context, store->ask(question)); };
  const auto one = ask([](Reader& r) { return r.item("b"); });
  ASSERT_TRUE(one);
  EXPECT_EQ(one->notes, batch.items[1].notes);
  EXPECT_EQ(one->written, at_ms(kNoon));
  EXPECT_FALSE(ask([](Reader& r) { return r.item("missing"); }));
  EXPECT_EQ(ask([](Reader& r) { return r.items_of_page(7, 10); }).front().id, "b");
  EXPECT_TRUE(ask([](Reader& r) { return r.items_of_page(0, 10); }).empty()) << "no page is no page";
  const auto pages = ask([](Reader& r) { return r.find_pages("source", {0, 7, 8}); });
  EXPECT_FALSE(pages[0] || pages[2]);
  EXPECT_TRUE(pages[1]);
  EXPECT_FALSE(ask([](Reader& r) { return r.find_pages("another", {7}); })[0]);
  EXPECT_EQ(ask([&](Reader& r) { return r.published(*one); }), batch.outbox[1].fields);
  const auto unpublished = *ask([](Reader& r) { return r.item("c"); });
  EXPECT_FALSE(ask([&](Reader& r) { return r.published(unpublished); }));

  const auto story = ask([](Reader& r) { return r.story_notes("story"); });
  EXPECT_EQ(story.title, "The title");
  EXPECT_THAT(story.languages, ElementsAre("de", "en"));
  EXPECT_EQ(story.items, 2U);
  Batch merge;
  merge.merges = {{"other", "story"}};
  commit(merge);
  const auto all = ask([](Reader& r) { return r.items_of_story("story", 10); });
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[2].id, "c");
  EXPECT_TRUE(ask([](Reader& r) { return r.items_of_story("other", 10); }).empty());
}

TEST_F(StoreTest, a_file_of_the_first_format_is_brought_up_to_date) {
  open();
  Batch batch;
  batch.items = {item("a")};
  batch.state = polled("s", 3);
  commit(batch);
  store.reset();
  {
    auto database = Database::open(options.path, Database::Mode::read_write);
    ASSERT_TRUE(database);
    (*database)->exec("DROP INDEX items_url_key; DROP INDEX items_story");
    for (const char* column : {"url_key", "title", "url", "language", "outlet", "layer", "distance", "similarity", "changed", "written"}) {
      (*database)->exec(fmt::format("ALTER TABLE items DROP COLUMN {}", column).c_str());
    }
    for (const char* column : {"url_hash", "repeats", "figures"}) {
      (*database)->exec(fmt::format("ALTER TABLE sources DROP COLUMN {}", column).c_str());
    }
    (*database)->exec("DROP TABLE channels; PRAGMA user_version = 1");
  }
  open();
  const auto found = *run_task(context, store->ask([](Reader& r) { return r.item("a"); }));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->notes, ItemNotes());
  EXPECT_EQ(found->memory, "m");
  SourceState state = polled("s", 3);
  state.url_hash = 0;
  EXPECT_THAT(sources({"s"}), ElementsAre(state));
}

TEST_F(StoreTest, stream_ids_rise_when_the_clock_goes_back_also_over_a_restart) {
  open();
  StreamId last = commit(batch_of({"a"})).front();
  for (const std::int64_t step : {-1, -3'600'000, -86'400'000, 7'200'000, 0}) {
    now_ms = kNoon + step;
    if (step == -3'600'000) open();
    const StreamId next = commit(batch_of({"b"})).front();
    EXPECT_GT(next, last);
    last = next;
  }
}

TEST_F(StoreTest, a_known_item_keeps_its_first_sight) {
  open();
  Batch first;
  first.items = {item("a")};
  commit(first);
  Batch second;
  second.items = {item("a", "later")};
  second.items[0].rev = 2;
  second.items[0].first_seen = at_ms(kNoon + 100);
  commit(second);
  std::vector<std::string> ids{"a"};
  const auto found = run_task(context, store->ask([&](Reader& reader) { return reader.find(ids); }));
  EXPECT_EQ((*found)[0]->rev, 2u);
  EXPECT_EQ((*found)[0]->memory, "later");
  EXPECT_EQ((*found)[0]->first_seen, at_ms(kNoon));
}

Task<int> commit_many(Store& store, int count) {
  loop::TaskScope scope(co_await asio::this_coro::executor, Log());
  int done = 0;
  struct One {
    static Task<> run(Store& s, std::string key, int& d) {
      Batch batch;
      batch.outbox.push_back(entry(key));
      const auto committed = co_await s.commit(std::move(batch));
      if (committed && committed->rows.size() == 1) ++d;
    }
  };
  for (int i = 0; i < count; ++i) scope.spawn("commit", One::run(store, fmt::format("{:04}", i), done));
  co_await scope.join();
  co_return done;
}

TEST_F(StoreTest, batches_that_come_together_share_transactions_and_keep_their_order) {
  open();
  EXPECT_EQ(run_task(context, commit_many(*store, 500)), 500);
  EXPECT_LT(metrics.counter("tidings_store_transactions_total", "").value(), 20u);
  const auto read = rows();
  ASSERT_EQ(read.size(), 500u);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(read[static_cast<std::size_t>(i)].key, fmt::format("{:04}", i));
}

TEST_F(StoreTest, a_listener_hears_of_rows_of_its_stream) {
  open();
  int heard = 0;
  auto listener = store->on_rows("items", [&] { ++heard; });
  Batch other;
  other.outbox.push_back(entry("x", "sources"));
  commit(other);
  EXPECT_EQ(heard, 0);
  commit(batch_of({"a", "b"}));
  context.restart();
  context.poll();
  EXPECT_EQ(heard, 1);
  listener.reset();
  commit(batch_of({"c"}));
  context.restart();
  context.poll();
  EXPECT_EQ(heard, 1) << "what is not held any more does not hear";
}

TEST_F(StoreTest, new_rows_are_as_they_are_in_the_file_whether_they_come_from_memory_or_not) {
  open();
  const auto before = commit(batch_of({"unheard"}));
  const auto listener = store->on_rows("items", [] {});
  Batch mixed = batch_of({"a", "b"});
  mixed.outbox.push_back(entry("x", "sources"));
  mixed.outbox.push_back(entry("c"));
  commit(std::move(mixed));
  const auto filed = rows();
  ASSERT_EQ(filed.size(), 4u);

  const auto first = next_rows({}, 1);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].key, "unheard");
  for (const bool again : {false, true}) {
    const auto next = next_rows(position_of(first[0]));
    ASSERT_EQ(next.size(), 3u) << again;
    for (std::size_t i = 0; i < next.size(); ++i) {
      EXPECT_EQ(position_of(next[i]), position_of(filed[i + 1]));
      EXPECT_EQ(next[i].key, filed[i + 1].key);
      EXPECT_EQ(next[i].fields, filed[i + 1].fields);
      EXPECT_TRUE(next[i].intact);
    }
  }
}

TEST_F(StoreTest, rows_that_were_rebased_are_not_published_under_their_old_ids) {
  open();
  const auto listener = store->on_rows("items", [] {});
  const auto ids = commit(batch_of({"a", "b"}));
  const StreamId floor{kNoon + 60'000, 5};
  ASSERT_TRUE(run_task(context, store->rebase("items", ids[0], floor)));
  const auto next = next_rows();
  ASSERT_EQ(next.size(), 2u);
  EXPECT_EQ(next[0].id, ids[0]);
  EXPECT_GT(next[1].id, floor);
  EXPECT_EQ(next[1].key, "b");
}

TEST_F(StoreTest, pressure_follows_what_waits_to_be_published) {
  options.max_outbox_rows = 10;
  open();
  EXPECT_EQ(store->pressure(), 0);
  commit(batch_of({"1", "2", "3", "4", "5", "6", "7", "8"}));
  EXPECT_DOUBLE_EQ(store->pressure(), 0.8);
  store->published("items", position_of(rows()[5]));
  EXPECT_DOUBLE_EQ(store->pressure(), 0.2);
  commit(batch_of({"9"}));
  EXPECT_DOUBLE_EQ(store->pressure(), 0.3);
  open();
  EXPECT_DOUBLE_EQ(store->pressure(), 0.3);
}

TEST_F(StoreTest, rebased_rows_keep_order_and_content_under_new_ids) {
  open();
  const auto ids = commit(batch_of({"a", "b", "c"}));
  const StreamId floor{kNoon + 60'000, 5};
  ASSERT_TRUE(run_task(context, store->rebase("items", ids[0], floor)));
  const auto read = rows();
  ASSERT_EQ(read.size(), 3u);
  EXPECT_EQ(read[0].id, ids[0]);
  EXPECT_EQ(read[1].key, "b");
  EXPECT_EQ(read[2].key, "c");
  EXPECT_GT(read[1].id, floor);
  EXPECT_GT(read[2].id, read[1].id);
  EXPECT_EQ(read[2].n, 3u);
  EXPECT_TRUE(read[1].intact && read[2].intact);
  EXPECT_GT(commit(batch_of({"d"})).front(), read[2].id);
}

TEST_F(StoreTest, the_write_ahead_log_goes_into_the_file_and_begins_anew) {
  open();
  const auto& checkpoints = metrics.counter("tidings_store_checkpoints_total", "");
  const auto wal = options.path + "-wal";
  std::uint64_t written = 0;
  // Whatever the writer adds while a checkpoint runs, the log does not grow for ever.
  while (checkpoints.value() < 3) {
    Batch batch;
    batch.outbox.push_back(entry("k"));
    batch.outbox.back().fields.emplace_back("data", std::string(1 << 20, 'x'));
    commit(std::move(batch));
    written += 1 << 20;
    context.restart();
    context.poll();
    ASSERT_LT(written, std::uint64_t{1} << 30);
  }
  EXPECT_GT(std::filesystem::file_size(options.path), written / 2);
  EXPECT_LT(std::filesystem::file_size(wal), written);
  std::uint64_t n = 0;
  StreamId after;
  for (auto page = rows(); !page.empty(); page = rows(after)) {
    for (const auto& row : page) EXPECT_TRUE(row.intact && row.n == ++n);
    after = page.back().id;
  }
  EXPECT_EQ(n, written >> 20);
}

TEST_F(StoreTest, purge_keeps_rows_that_are_young_or_among_the_newest_or_not_published) {
  options.outbox_min_rows = 2;
  open();
  commit(batch_of({"1", "2", "3", "4", "5"}));
  const auto read = rows();
  store->published("items", position_of(read[3]));
  commit({});  // writes it
  now_ms = kNoon + 23 * 3'600'000;
  purge();
  EXPECT_EQ(rows().size(), 5u);
  now_ms = kNoon + 25 * 3'600'000;
  purge();
  EXPECT_EQ(rows().front().key, "4");
  EXPECT_EQ(store->stream("items").purged, position_of(read[2]));

  commit(batch_of({"6", "7", "8"}));
  now_ms = kNoon + 60 * 3'600'000;
  purge();
  EXPECT_EQ(rows().front().key, "5") << "what is not published is never dropped";
}

TEST_F(StoreTest, purge_drops_published_rows_above_the_bound_of_bytes) {
  options.outbox_kept_bytes = 1;
  open();
  commit(batch_of({"1", "2", "3"}));
  store->published("items", position_of(rows()[1]));
  commit({});
  purge();
  EXPECT_THAT(rows(), testing::SizeIs(1));
}

TEST_F(StoreTest, items_are_forgotten_when_no_document_has_shown_them_for_long) {
  open();
  Batch batch;
  batch.items = {item("old"), item("shown")};
  commit(batch);
  now_ms = kNoon + 80ll * 86'400'000;
  Batch again;
  again.seen_again = {"shown"};
  commit(again);
  now_ms = kNoon + 91ll * 86'400'000;
  purge();
  std::vector<std::string> visited;
  auto visit = [&](StoredItem&& seen) { visited.push_back(seen.id); };
  EXPECT_EQ(*run_task(context, store->for_each_memory(Time{}, visit)), 1u);
  EXPECT_THAT(visited, ElementsAre("shown"));
}

TEST_F(StoreTest, a_delivery_is_stored_once_and_ends_with_its_update) {
  open();
  Batch batch;
  model::Delivery delivery;
  delivery.hook_id = "hook";
  delivery.alert_id = "alert-1";
  delivery.payload = "{}";
  delivery.next_at = at_ms(kNoon);
  batch.deliveries = {delivery, delivery};
  commit(batch);
  commit(batch);
  auto due = run_task(context, store->deliveries_due(at_ms(kNoon), 10));
  ASSERT_EQ(due->size(), 1u);
  EXPECT_EQ(*run_task(context, store->next_delivery()), OptionalTime(at_ms(kNoon)));

  Batch update;
  update.deliveries = *due;
  update.deliveries[0].attempts = 1;
  update.deliveries[0].state = model::DeliveryState::delivered;
  commit(update);
  EXPECT_TRUE(run_task(context, store->deliveries_due(at_ms(kNoon + 1), 10))->empty());
  EXPECT_EQ(*run_task(context, store->next_delivery()), std::nullopt);
  commit(batch);
  EXPECT_TRUE(run_task(context, store->deliveries_due(at_ms(kNoon + 1), 10))->empty()) << "not sent twice";
}

TEST_F(StoreTest, what_is_known_of_channels_is_replaced_and_forgotten_as_asked) {
  open();
  Batch batch;
  batch.channels = {{"a", "{1}"}, {"b", std::string("{\0}", 3)}};
  commit(std::move(batch));
  Batch later;
  later.channels = {{"a", "{2}"}, {"b", ""}, {"c", ""}};
  commit(std::move(later));
  open();
  const auto loaded = run_task(context, store->load_channels());
  ASSERT_TRUE(loaded);
  EXPECT_THAT(*loaded, ElementsAre(ChannelState{"a", "{2}"}));
}

TEST_F(StoreTest, a_second_process_is_refused) {
  open();
  const auto second = try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Errc::refused);
  EXPECT_THAT(second.error().message(), HasSubstr(std::to_string(::getpid())));
}

TEST_F(StoreTest, a_reader_sees_a_store_that_is_in_use) {
  open();
  commit(batch_of({"a"}));
  auto reader = Reader::open(options.path);
  ASSERT_TRUE(reader) << reader.error().message();
  EXPECT_EQ((*reader)->streams()->front().last.n, 1u);
  EXPECT_EQ(Reader::open(folder / "nothing.db").error().code(), Errc::not_found);
}

TEST_F(StoreTest, a_corrupt_file_is_kept_and_a_new_one_begun_under_the_same_id) {
  open();
  const std::string id = store->id();
  commit(batch_of({"a"}));
  store.reset();
  {
    std::fstream file(options.path, std::ios::in | std::ios::out | std::ios::binary);
    file.write("this is no database, and it is long enough to be sure of it", 59);
  }
  open();
  EXPECT_EQ(store->id(), id);
  EXPECT_TRUE(rows().empty());
  int kept = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path())) {
    kept += file.path().filename().string().starts_with("tidings.db.corrupt-");
  }
  EXPECT_EQ(kept, 1);
  commit(batch_of({"b"}));
}

TEST_F(StoreTest, a_damaged_page_is_found_at_the_start) {
  open();
  for (int i = 0; i < 50; ++i) commit(batch_of({"a", "b", "c", "d", "e", "f", "g", "h"}));
  store.reset();
  const auto size = std::filesystem::file_size(options.path);
  {
    std::fstream file(options.path, std::ios::in | std::ios::out | std::ios::binary);
    const std::string zeros(8192, '\xff');
    for (std::uintmax_t at = 8192; at + 8192 <= size; at += 8192) {
      file.seekp(static_cast<std::streamoff>(at));
      file.write(zeros.data(), 8192);
    }
  }
  open();
  EXPECT_TRUE(rows().empty());
}

TEST_F(StoreTest, a_flipped_bit_in_a_row_is_never_handed_out) {
  open();
  commit(batch_of({"needle-in-the-file"}));
  commit(batch_of({"b"}));
  store.reset();
  std::string bytes;
  {
    std::ifstream file(options.path, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  const auto found = bytes.find("A title of needle-in-the-file");
  ASSERT_NE(found, std::string::npos);
  bytes[found] ^= 1;
  std::ofstream(options.path, std::ios::binary) << bytes;
  open();
  const auto read = rows();
  ASSERT_EQ(read.size(), 2u);
  EXPECT_FALSE(read[0].intact);
  EXPECT_TRUE(read[0].fields.empty());
  EXPECT_TRUE(read[1].intact);
  EXPECT_EQ(metrics.counter("tidings_outbox_corrupt_rows_total", "").value(), 1u);
}

TEST_F(StoreTest, a_file_of_a_newer_format_is_refused_and_left_alone) {
  open();
  store.reset();
  {
    std::fstream file(options.path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);  // user_version, big-endian (sqlite.org/fileformat2.html)
    file.write("\0\0\3\xe7", 4);
  }
  const auto opened = try_open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Errc::invalid);
  EXPECT_THAT(opened.error().message(), HasSubstr("999"));
}

Task<> expect_recovery(StoreTest& test, rlimit before, bool& committed) {
  Batch batch;
  for (int i = 0; i < 200; ++i) batch.outbox.push_back(entry(std::string(1000, 'x')));
  loop::TaskScope scope(co_await asio::this_coro::executor, Log());
  struct Commit {
    static Task<> run(Store& s, Batch b, bool& done) {
      const auto result = co_await s.commit(std::move(b));
      done = result.has_value() && result->rows.size() == 200;
    }
  };
  scope.spawn("commit", Commit::run(*test.store, std::move(batch), committed));
  asio::steady_timer tick(co_await asio::this_coro::executor);
  while (test.store->stats().trouble.empty() && !committed) {
    tick.expires_after(Millis(1));
    co_await tick.async_wait(use_task);
  }
  EXPECT_FALSE(committed);
  EXPECT_EQ(test.store->pressure(), 1);
  EXPECT_THAT(test.store->stats().trouble, HasSubstr("tidings.db cannot be written"));
  setrlimit(RLIMIT_FSIZE, &before);
  co_await scope.join();
  EXPECT_EQ(test.store->stats().trouble, "");
}

// The limit on a file's size stands for the full disk: the write fails in the same place.
TEST_F(StoreTest, a_full_disk_is_waited_out_and_nothing_is_lost) {
  options.retry_interval = Millis(5);
  open();
  commit(batch_of({"a"}));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = std::filesystem::file_size(options.path + "-wal") + 4096;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  bool committed = false;
  run_task(context, expect_recovery(*this, before, committed));
  EXPECT_TRUE(committed);
  EXPECT_EQ(rows().size(), 201u);
}

TEST_F(StoreTest, shutdown_ends_the_wait_for_a_full_disk) {
  options.retry_interval = std::chrono::hours(1);
  open();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 4096;
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &none), 0);
  asio::steady_timer soon(context, Millis(20));
  soon.async_wait([this](error_code) { store->shutdown(); });
  const auto committed = run_task(context, store->commit(batch_of({std::string(100'000, 'x')})));
  setrlimit(RLIMIT_FSIZE, &before);
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code(), Errc::unavailable);
}

TEST(StreamIdText, reads_what_it_writes) {
  const StreamId id{18446744073709551615u, 3};
  EXPECT_EQ(parse_stream_id(to_string(id)), id);
  for (const char* bad : {"", "-", "1", "1-", "-1", "1-2x", "1 -2", "18446744073709551616-0"}) EXPECT_FALSE(parse_stream_id(bad)) << bad;
}

TEST(StreamIdText, the_next_id_is_greater_whatever_a_foreign_writer_left) {
  EXPECT_EQ(next_id({5, 0}, 9), (StreamId{9, 0}));
  EXPECT_EQ(next_id({5, 7}, 5), (StreamId{5, 8}));
  EXPECT_EQ(next_id({5, 7}, 2), (StreamId{5, 8}));
  EXPECT_EQ(next_id({5, ~0ull}, 5), (StreamId{6, 0}));
}

}  // namespace
}  // namespace tidings::store
