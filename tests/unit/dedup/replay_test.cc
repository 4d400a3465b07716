// The same items give the same verdicts: on replay, after a restart, and in whatever order they come within a second.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "made.h"

namespace tidings::dedup {
namespace {

struct Told {
  model::Item item;
  Time at;
};

// Items of which a third are copies, updates, further reports or edits of others.
std::vector<Told> stream(std::uint32_t seed, std::size_t count, bool with_edits) {
  made::Random random(seed);
  std::vector<Told> out;
  Time now = made::kStart;
  for (std::uint32_t n = 1; out.size() < count; ++n) {
    now += Seconds(random() % 900);
    model::Item item = made::item(n, made::prose(random(), 7), "About " + std::to_string(random() % 90 + 10) + " people came. " + made::prose(random(), 20 + random() % 200),
                                  "source " + std::to_string(random() % 20));
    if (n % 5 == 0) item.language = "de";
    if (!out.empty()) {
      const model::Item& other = out[out.size() - 1 - random() % std::min<std::size_t>(out.size(), 40)].item;
      switch (random() % 12) {
        case 0: item.body_text = other.body_text + " Read on."; break;
        case 1: item.body_text = other.body_text.substr(0, other.body_text.size() * 2 / 3); break;
        case 2: item.body_text = "About " + std::to_string(random() % 90 + 10) + other.body_text.substr(8); break;
        case 3: item.body_text = other.body_text.substr(0, other.body_text.size() / 3) + item.body_text; break;
        case 4:
          if (with_edits) item.id = other.id, item.body_text = other.body_text + " It was edited.";
          break;
        case 5: item.title = "Live"; break;
        default: break;
      }
    }
    out.push_back({std::move(item), now});
  }
  return out;
}

std::string words(const Decision& d) {
  std::string out = fmt::format("{} {} {} {} {} {} {} {} {:.6f} {}", d.unchanged, name_of(d.verdict.kind), d.verdict.rev, d.verdict.of, d.verdict.story,
                                d.verdict.story_size, d.verdict.story_outlets, d.verdict.layer, d.verdict.similarity, d.verdict.changed);
  for (const auto& event : d.events) out += fmt::format(" [{} {} {}]", name_of(event.kind), event.story, event.size);
  return out;
}

// What the store keeps of each item, in the order in which they first came.
struct Store {
  std::vector<std::string> ids;
  std::map<std::string, std::pair<Known, std::string>> rows;

  std::optional<Known> known(const std::string& id) const {
    const auto found = rows.find(id);
    return found == rows.end() ? std::nullopt : std::optional(found->second.first);
  }
  void keep(const model::Item& item, const Features& features, const Decision& decision, Time now) {
    if (decision.unchanged) return;
    if (!rows.contains(item.id)) ids.push_back(item.id);
    rows[item.id] = {{decision.verdict.rev, features.content_hash, now, decision.verdict.story}, decision.memory};
  }
};

std::vector<std::string> run(Deduplicator& dedup, Store& store, std::span<const Told> items) {
  std::vector<std::string> out;
  for (const Told& told : items) {
    const Features features = extract(told.item, dedup.options());
    const Decision decision = dedup.decide(told.item, features, store.known(told.item.id), told.at);
    store.keep(told.item, features, decision, told.at);
    out.push_back(words(decision));
  }
  return out;
}

void restore(Deduplicator& dedup, const Store& store) {
  for (const std::string& id : store.ids) ASSERT_TRUE(dedup.restore(store.rows.at(id).second));
}

TEST(ReplayTest, gives_the_same_on_the_same_items) {
  const auto items = stream(1, 1500, true);
  Deduplicator one{Options{}};
  Deduplicator two{Options{}};
  Store a;
  Store b;
  EXPECT_EQ(run(one, a, items), run(two, b, items));
  EXPECT_EQ(one.bytes(), two.bytes());
}

TEST(ReplayTest, goes_on_after_a_restart_as_if_there_had_been_none) {
  for (const std::uint32_t seed : {2U, 3U, 4U}) {
    const auto items = stream(seed, 1200, false);
    Deduplicator whole{Options{}};
    Store store;
    run(whole, store, std::span(items).first(800));
    Deduplicator restarted{Options{}};
    restore(restarted, store);
    EXPECT_EQ(restarted.window_items(), whole.window_items());
    EXPECT_EQ(restarted.stories(), whole.stories());
    Store other = store;
    EXPECT_EQ(run(restarted, other, std::span(items).subspan(800)), run(whole, store, std::span(items).subspan(800)));
  }
}

TEST(ReplayTest, goes_on_after_a_restart_when_stories_were_closed_before) {
  Options options;
  options.story_idle = std::chrono::hours(8);
  options.max_stories = 60;
  const auto items = stream(5, 1200, false);
  Deduplicator whole{options};
  Store store;
  run(whole, store, std::span(items).first(900));
  Deduplicator restarted{options};
  restore(restarted, store);
  EXPECT_EQ(restarted.stories(), whole.stories());
  Store other = store;
  EXPECT_EQ(run(restarted, other, std::span(items).subspan(900)), run(whole, store, std::span(items).subspan(900)));
}

// Of an edited item the store keeps the last revision; the verdicts on copies of that one are the same.
TEST(ReplayTest, takes_edited_items_back_at_the_time_of_their_edit) {
  const auto items = stream(6, 800, true);
  Deduplicator whole{Options{}};
  Store store;
  run(whole, store, items);
  Deduplicator restarted{Options{}};
  restore(restarted, store);
  Store other = store;
  int edited = 0;
  for (const Told& told : items) {
    if (store.rows.at(told.item.id).first.rev < 2 || ++edited > 20) continue;
    const auto copy = made::item(100'000 + static_cast<std::uint64_t>(edited), "Quite another headline", told.item.body_text, "elsewhere");
    const Features features = extract(copy, {});
    const Time now = items.back().at + Seconds(edited);
    const auto a = whole.decide(copy, features, std::nullopt, now);
    const auto b = restarted.decide(copy, features, std::nullopt, now);
    EXPECT_EQ(name_of(a.verdict.kind), name_of(b.verdict.kind));
  }
  EXPECT_GT(edited, 5);
}

TEST(ReplayTest, passes_broken_records_over) {
  Deduplicator dedup{Options{}};
  EXPECT_EQ(dedup.restore("nonsense").error().code(), Errc::corrupt);
  EXPECT_EQ(dedup.window_items(), 0U);
}

// Groups as sets of texts: which of several that come at once is called the first may differ.
TEST(ReplayTest, groups_alike_whatever_the_order_within_a_second) {
  made::Random random(7);
  std::vector<model::Item> items;
  for (std::uint32_t n = 0; n < 120; ++n) {
    const std::uint32_t event = n / 3;
    const std::string text = "It was on Monday. " + made::prose(5000 + event, 150);
    items.push_back(made::item(n + 1, made::prose(9000 + n, 6), n % 3 == 0 ? text : n % 3 == 1 ? text + " Read on at our site." : "From our desk. " + text, "s" + std::to_string(n)));
  }
  for (int round = 0; round < 5; ++round) {
    std::shuffle(items.begin(), items.end(), random);
    Deduplicator dedup{Options{}};
    std::map<std::string, std::uint32_t> event_of_head;
    for (const auto& item : items) {
      const auto decision = dedup.decide(item, extract(item, {}), std::nullopt, made::kStart);
      const auto n = static_cast<std::uint32_t>(std::stoul(item.id.substr(item.id.size() - 8), nullptr, 16) - 1);
      if (decision.verdict.kind == model::VerdictKind::fresh) {
        event_of_head[item.id] = n / 3;
      } else {
        ASSERT_EQ(decision.verdict.kind, model::VerdictKind::duplicate) << decision.verdict.changed;
        EXPECT_EQ(event_of_head.at(decision.verdict.of), n / 3);
      }
    }
    EXPECT_EQ(event_of_head.size(), 40U);
  }
}

}  // namespace
}  // namespace tidings::dedup
