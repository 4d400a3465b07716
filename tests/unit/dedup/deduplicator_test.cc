#include "dedup/deduplicator.h"

#include <gtest/gtest.h>

#include "made.h"

namespace tidings::dedup {
namespace {

using made::Feed;
using made::item;
using made::kStart;
using made::prose;
using model::VerdictKind;
using Kind = StoryEvent::Kind;

const std::string kText = "Police said 3 people were hurt when a bus left the road near Lindale on Monday. " + prose(1, 120);

std::vector<Kind> kinds(const Decision& decision) {
  std::vector<Kind> out;
  for (const auto& event : decision.events) out.push_back(event.kind);
  return out;
}

TEST(DeduplicatorTest, gives_the_first_telling_as_new) {
  Feed feed;
  const auto decision = feed.tell(item(1, "Bus leaves the road near Lindale", kText));
  EXPECT_EQ(decision.verdict.kind, VerdictKind::fresh);
  EXPECT_EQ(decision.verdict.layer, "none");
  EXPECT_EQ(decision.verdict.rev, 1U);
  EXPECT_EQ(kinds(decision), std::vector<Kind>{Kind::created});
}

TEST(DeduplicatorTest, gives_a_copy_as_a_duplicate_of_the_first) {
  Feed feed;
  const auto first = feed.tell(item(1, "Bus leaves the road near Lindale", kText, "one"));
  feed.tell(item(2, "Something else", prose(2, 100), "two"));
  const auto copy = feed.tell(item(3, "Three hurt in bus accident", kText + " More on our site.", "three"));
  EXPECT_EQ(copy.verdict.kind, VerdictKind::duplicate);
  EXPECT_EQ(copy.verdict.of, made::id_of(1));
  EXPECT_EQ(copy.verdict.layer, "simhash");
  EXPECT_EQ(copy.verdict.story, first.verdict.story);
  EXPECT_EQ(copy.verdict.story_size, 2U);
  // A copy of the copy is one of the first.
  const auto again = feed.tell(item(4, "Bus accident", kText + " More on our site.", "four"));
  EXPECT_EQ(again.verdict.of, made::id_of(1));
}

TEST(DeduplicatorTest, gives_a_copy_with_a_changed_figure_as_an_update) {
  Feed feed;
  const auto first = feed.tell(item(1, "Bus leaves the road near Lindale", kText));
  std::string later = kText;
  later.replace(later.find("3 people"), 8, "7 people");
  const auto update = feed.tell(item(2, "Bus leaves the road near Lindale", later, "two"));
  EXPECT_EQ(update.verdict.kind, VerdictKind::update);
  EXPECT_EQ(update.verdict.of, made::id_of(1));
  EXPECT_NE(update.verdict.changed.find("3 -> 7"), std::string::npos);
  EXPECT_EQ(update.verdict.story, first.verdict.story);
  EXPECT_EQ(kinds(update), std::vector<Kind>{Kind::updated});
  // What follows is compared with both: a copy of the update is a copy.
  EXPECT_EQ(feed.tell(item(3, "Bus leaves the road", later, "three")).verdict.kind, VerdictKind::duplicate);
}

TEST(DeduplicatorTest, takes_no_report_of_a_template_for_an_update_of_another) {
  Feed feed;
  const char* teams[] = {"Alder Rovers", "Tamsin City", "Reef United", "Breakwater Athletic", "Lighthouse Town", "Kelp Wanderers", "Varga Vale", "Ropewalk Albion"};
  for (unsigned n = 0; n < 4; ++n) {
    const auto title = fmt::format("{} {}-{} {}: result, Coast League", teams[2 * n], n + 2, 5 - n, teams[2 * n + 1]);
    const auto text = fmt::format("Coast League, round 21. {} {}, {} {}. Attendance {}. The next round is on Saturday at the usual time.",
                                  teams[2 * n], n + 2, teams[2 * n + 1], 5 - n, 1200 + 731 * n);
    EXPECT_EQ(feed.tell(item(n + 1, title, text)).verdict.kind, VerdictKind::fresh) << title;
  }
}

TEST(DeduplicatorTest, takes_a_correction_in_other_words_for_an_update_of_its_own_source) {
  const std::string ferry =
      "A passenger ferry and a gravel barge collided in thick fog outside the port of Alder early on Saturday, leaving three people injured, the "
      "coast guard said. The ferry Marisol was carrying 212 passengers and crew from the island of Tamsin when it struck the barge. " + prose(1, 60);
  const std::string correction =
      "The ferry Marisol, which collided with a barge off Alder early on Saturday, was carrying 198 passengers and crew, not 212 as stated "
      "earlier, the port authority said, correcting its own figure. Fourteen people who had booked did not board.";
  Feed feed;
  for (unsigned n = 10; n < 40; ++n) feed.tell(item(n, "Other news " + made::word(n), prose(n, 90), "wire"));
  const auto first = feed.tell(item(1, "Ferry and barge collide off Alder, three hurt", ferry, "wire"));
  feed.tell(item(2, "Three hurt as ferry hits barge off Alder", ferry + " Our reporter adds.", "post"));

  const auto foreign = feed.tell(item(4, "CORRECTION: Council budget figures " + made::word(7), prose(900, 60), "wire"));
  EXPECT_EQ(foreign.verdict.kind, VerdictKind::fresh) << "it corrects what we never saw";

  const auto corrected = feed.tell(item(5, "CORRECTION: Ferry carried 198 people, not 212 - port authority", correction, "wire"));
  EXPECT_EQ(corrected.verdict.kind, VerdictKind::update);
  EXPECT_EQ(corrected.verdict.layer, "marker");
  EXPECT_EQ(corrected.verdict.of, made::id_of(1));
  EXPECT_EQ(corrected.verdict.story, first.verdict.story);
  EXPECT_NE(corrected.verdict.changed.find(kSaysSo), std::string::npos);
  const auto others = feed.tell(item(6, "CORRECTION: Ferry carried 198 people, not 212 - harbour desk", prose(78, 8) + " " + correction, "radio"));
  EXPECT_NE(others.verdict.layer, "marker") << "it had told nothing before that this could correct";
}

TEST(DeduplicatorTest, passes_an_item_over_that_did_not_change) {
  Feed feed;
  feed.tell(item(1, "Bus leaves the road near Lindale", kText));
  const auto again = feed.tell(item(1, "Bus leaves the road near Lindale", kText));
  EXPECT_TRUE(again.unchanged);
  EXPECT_TRUE(again.events.empty());
  EXPECT_EQ(feed.dedup().window_items(), 1U);
  EXPECT_EQ(feed.dedup().tally().unchanged, 1U);
}

TEST(DeduplicatorTest, gives_an_edited_entry_under_the_same_guid_as_an_update_of_itself) {
  Feed feed;
  const auto first = feed.tell(item(1, "Bus leaves the road near Lindale", kText));
  std::string later = kText;
  later.replace(later.find("3 people"), 8, "4 people");
  const auto edit = feed.tell(item(1, "Bus leaves the road near Lindale", later));
  EXPECT_EQ(edit.verdict.kind, VerdictKind::update);
  EXPECT_EQ(edit.verdict.rev, 2U);
  EXPECT_EQ(edit.verdict.of, made::id_of(1));
  EXPECT_EQ(edit.verdict.layer, "guid");
  EXPECT_NE(edit.verdict.changed.find("3 -> 4"), std::string::npos);
  EXPECT_EQ(edit.verdict.story, first.verdict.story);
}

TEST(DeduplicatorTest, gives_a_retraction_once_as_an_update) {
  Feed feed;
  auto told = item(1, "Bus leaves the road near Lindale", kText);
  feed.tell(told);
  told.deleted = true;
  const auto gone = feed.tell(told);
  EXPECT_EQ(gone.verdict.kind, VerdictKind::update);
  EXPECT_EQ(gone.verdict.changed, "withdrawn by its source");
  EXPECT_TRUE(feed.tell(told).unchanged);
}

TEST(DeduplicatorTest, tells_reports_of_one_template_by_their_names) {
  Feed feed;
  made::Random random(31);
  const auto name = [&] {
    std::string out = made::word(random() % 65'536);
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out;
  };
  for (std::uint64_t n = 0; n < 60; ++n) {
    const std::string home = name();
    const std::string away = name();
    const auto report = [&](unsigned crowd) {
      return fmt::format("{} beat {} {}-1 on Saturday in the league. {} opened the scoring in the {}th minute before {} doubled the lead "
                         "from the penalty spot. The visitors pulled one back late on, but the home side held on for the three points. The "
                         "attendance was {}. The result moves {} up to {}th place in the table.",
                         home, away, n % 4 + 2, home, n % 40 + 3, away, crowd, home, n % 9 + 2);
    };
    const auto crowd = static_cast<unsigned>(4000 + 17 * n);
    const auto first = feed.tell(item(2 * n + 1, home + " and " + away + ": match report", report(crowd)));
    EXPECT_EQ(first.verdict.kind, VerdictKind::fresh) << report(crowd) << " was taken for one of " << first.verdict.of;
    const auto corrected = feed.tell(item(2 * n + 2, home + " and " + away + ": match report", report(crowd + 1)));
    EXPECT_EQ(corrected.verdict.kind, VerdictKind::update);
    EXPECT_EQ(corrected.verdict.of, made::id_of(2 * n + 1));
  }
}

TEST(DeduplicatorTest, takes_the_next_report_of_a_series_for_no_update) {
  Feed feed;
  const auto rates = [](double dollar, double yen, double pound) {
    return fmt::format("The central bank in Lindale set its reference rates this afternoon. The dollar was at {:.3f} crowns, the yen stood at "
                       "{:.3f} for a hundred, and the pound closed at {:.3f} crowns. Trade was quiet before the holidays, dealers said.", dollar, yen, pound);
  };
  const auto first = feed.tell(item(1, "Lindale reference rates", rates(22.514, 16.206, 28.871)));
  const auto corrected = feed.tell(item(2, "Lindale reference rates", rates(22.541, 16.206, 28.871)));
  EXPECT_EQ(corrected.verdict.kind, VerdictKind::update);
  const auto next = feed.tell(item(3, "Lindale reference rates", rates(22.702, 16.144, 29.013)));
  EXPECT_EQ(next.verdict.kind, VerdictKind::fresh);
  EXPECT_NE(next.verdict.story, first.verdict.story);
  const auto marked = feed.tell(item(4, "CORRECTED: Lindale reference rates", rates(22.802, 16.244, 29.113)));
  EXPECT_EQ(marked.verdict.kind, VerdictKind::update) << "it says so";
}

// Headlines that lead one story to another: the words of two stories, in turns.
std::vector<std::string> headlines_that_meet() {
  const auto words = [](std::uint64_t first, std::uint64_t other) {
    std::string out;
    for (std::uint64_t i = 0; i < 4; ++i) out += made::word(1000 * first + 77 * i) + " " + made::word(1000 * other + 77 * i) + " ";
    return out;
  };
  return {words(1, 2), words(3, 4), words(4, 1), words(1, 3), words(4, 1) + made::word(9), words(2, 3), words(3, 1)};
}

TEST(DeduplicatorTest, merges_two_stories_that_turn_out_to_be_one) {
  Feed feed;
  std::vector<Decision> told;
  std::uint64_t n = 0;
  for (const auto& headline : headlines_that_meet()) {
    ++n;
    told.push_back(feed.tell(item(n, headline, "", "source " + std::to_string(n))));
  }
  ASSERT_NE(told[0].verdict.story, told[1].verdict.story);
  std::size_t merged = 0;
  for (const auto& decision : told) {
    for (const auto& event : decision.events) {
      if (event.kind != StoryEvent::Kind::merged) continue;
      ++merged;
      EXPECT_EQ(event.story, told[0].verdict.story) << "the older one stays";
      EXPECT_EQ(event.other, told[1].verdict.story);
    }
  }
  EXPECT_EQ(merged, 1U);
  EXPECT_EQ(told.back().verdict.story, told[0].verdict.story);
  EXPECT_EQ(told.back().verdict.story_size, told.size());
  EXPECT_EQ(feed.dedup().stories(), 1U);
  // A copy of what was told of the one that is gone is of the one that stays, and an edit of it too.
  const auto copy = feed.tell(item(50, headlines_that_meet()[1], "", "other"));
  EXPECT_EQ(copy.verdict.kind, VerdictKind::duplicate);
  EXPECT_EQ(copy.verdict.story, told[0].verdict.story);
  EXPECT_EQ(feed.tell(item(2, headlines_that_meet()[1], "And what came of it.")).verdict.story, told[0].verdict.story);
  const auto closed = feed.dedup().expire(made::kStart + feed.dedup().options().story_idle + std::chrono::hours(24));
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].story, told[0].verdict.story);
  EXPECT_EQ(feed.dedup().stories(), 0U);
}

TEST(DeduplicatorTest, merges_again_on_replay) {
  Feed feed;
  Deduplicator again{Options{}};
  std::uint64_t n = 0;
  for (const auto& headline : headlines_that_meet()) ASSERT_TRUE(again.restore(feed.tell(item(++n, headline, "")).memory));
  EXPECT_EQ(again.stories(), feed.dedup().stories());
  const auto next = item(100, headlines_that_meet()[1] + "today", "");
  const Time now = made::kStart + std::chrono::hours(1);
  const auto expected = feed.tell(next, now);
  const auto decision = again.decide(next, extract(next, again.options()), std::nullopt, now);
  EXPECT_EQ(decision.verdict.story, expected.verdict.story);
  EXPECT_EQ(decision.verdict.story_size, expected.verdict.story_size);
  EXPECT_EQ(decision.memory, expected.memory);
}

TEST(DeduplicatorTest, never_gives_a_rekeyed_entry_as_new) {
  for (const char* text : {"", "Live", "Short text", "A text of some ten words that tells of one thing"}) {
    for (const bool with_body : {false, true}) {
      Feed feed;
      auto told = item(1, "Live", with_body ? kText : text);
      told.canonical_url = "https://example.com/a";
      feed.tell(told);
      told.id = made::id_of(2);
      const auto again = feed.tell(told);
      EXPECT_EQ(again.verdict.kind, VerdictKind::duplicate) << text;
      EXPECT_TRUE(again.rekeyed);
      EXPECT_EQ(again.shown_as, made::id_of(1));
      EXPECT_EQ(again.verdict.layer, "rekeyed");
      EXPECT_EQ(again.verdict.of, made::id_of(1));
      EXPECT_EQ(again.verdict.story_size, 1U) << "it is no further item of the story";
    }
  }
}

TEST(DeduplicatorTest, gives_the_same_text_under_another_address_of_its_source_as_a_duplicate) {
  Feed feed;
  auto told = item(1, "Morning update", "Five things you need to know about the town and its harbour this morning.");
  told.canonical_url = "https://example.com/monday";
  feed.tell(told);
  told.id = made::id_of(2);
  told.canonical_url = "https://example.com/tuesday";
  const auto again = feed.tell(told);
  EXPECT_FALSE(again.rekeyed);
  EXPECT_EQ(again.verdict.kind, VerdictKind::duplicate);
  EXPECT_EQ(again.verdict.layer, "text");
}

TEST(DeduplicatorTest, gives_what_a_page_says_next_under_its_old_address_as_new) {
  Feed feed;
  auto told = item(1, "Live", prose(5, 100));
  told.canonical_url = "https://example.com/live";
  feed.tell(told);
  auto next = item(2, "Live", prose(6, 100));
  next.canonical_url = told.canonical_url;
  EXPECT_EQ(feed.tell(next).verdict.kind, VerdictKind::fresh);
}

TEST(DeduplicatorTest, never_glues_items_with_short_titles) {
  Feed feed;
  std::uint64_t n = 0;
  const auto tell = [&](const char* title, std::string text) {
    ++n;
    return feed.tell(item(n, title, std::move(text), "source " + std::to_string(n))).verdict.kind;
  };
  for (const char* title : {"Live", "Briefing", "Morning briefing", "", "News in brief"}) {
    for (std::uint32_t i = 0; i < 5; ++i) {
      EXPECT_EQ(tell(title, ""), VerdictKind::fresh) << title;
      EXPECT_EQ(tell(title, prose(static_cast<std::uint32_t>(n), 60)), VerdictKind::fresh) << title;
    }
  }
}

TEST(DeduplicatorTest, counts_outlets_and_not_copies) {
  Feed feed;
  const auto from = [](std::uint64_t n, std::string host, std::string text) {
    auto out = item(n, "Bus leaves the road near Lindale", std::move(text), host);
    out.canonical_url = "https://" + host + "/" + std::to_string(n);
    return out;
  };
  feed.tell(from(1, "a.example.com", kText));
  EXPECT_EQ(feed.tell(from(2, "other.org", kText)).verdict.story_outlets, 1U);  // a copy
  std::string own = kText;
  own.replace(own.find("3 people"), 8, "5 people");
  const auto later = feed.tell(from(3, "third.net", own));
  EXPECT_EQ(later.verdict.kind, VerdictKind::update);
  EXPECT_EQ(later.verdict.story_outlets, 1U) << "a copy that was brought up to date is one";
  const auto told = [&](std::uint64_t n, const char* host) {
    return feed.tell(from(n, host, "Three people were hurt near Lindale. Bus left the road. " + prose(static_cast<std::uint32_t>(n), 20))).verdict;
  };
  EXPECT_EQ(told(4, "b.example.com").story_outlets, 1U) << "one domain";
  EXPECT_EQ(told(5, "fourth.net").story_outlets, 2U) << "a text of its own";
  EXPECT_EQ(told(6, "fourth.net").story_outlets, 2U);
}

TEST(DeduplicatorTest, counts_outlets_of_one_owner_once) {
  Options options;
  options.owners = {{"two.org", "Press House"}, {"three.net", "Press House"}};
  Feed feed(options);
  std::uint64_t n = 0;
  const auto outlets = [&](const char* host, const char* owner = "") {
    ++n;
    auto told = item(n, "Bus leaves the road near Lindale", "Three people were hurt near Lindale. Bus left the road. " + prose(static_cast<std::uint32_t>(n), 20), host);
    told.canonical_url = fmt::format("https://{}/{}", host, n);
    told.owner = owner;
    return feed.tell(told).verdict.story_outlets;
  };
  EXPECT_EQ(outlets("one.com"), 1U);
  EXPECT_EQ(outlets("two.org"), 2U);
  EXPECT_EQ(outlets("three.net"), 2U) << "an owner group of the configuration";
  EXPECT_EQ(outlets("four.com", "press house"), 2U) << "the owner stated on the source";
  EXPECT_EQ(outlets("news.one.com"), 2U);
  EXPECT_EQ(outlets("five.com"), 3U);
}

TEST(DeduplicatorTest, an_edit_is_no_further_item_of_its_story) {
  Feed feed;
  feed.tell(item(1, "Bus leaves the road near Lindale", kText));
  EXPECT_EQ(feed.tell(item(1, "Bus leaves the road near Lindale", kText + " More was said later.")).verdict.story_size, 1U);
  EXPECT_EQ(feed.tell(item(2, "Bus accident near Lindale", kText, "two")).verdict.story_size, 2U);
}

TEST(DeduplicatorTest, lists_its_live_stories) {
  Feed feed;
  const auto bus = feed.tell(item(1, "Bus leaves the road near Lindale", kText));
  const auto other = feed.tell(item(2, "Something else", prose(2, 100), "two"));
  feed.tell(item(3, "Three hurt in bus accident", kText, "three"));
  const auto by_size = feed.dedup().live_stories(StoryOrder::size, 10);
  ASSERT_EQ(by_size.size(), 2U);
  EXPECT_EQ(by_size[0].id, bus.verdict.story);
  EXPECT_EQ(by_size[0].items, 2U);
  EXPECT_EQ(by_size[0].outlets, 1U);
  EXPECT_EQ(by_size[0].last, kStart + Seconds(120));
  EXPECT_EQ(feed.dedup().live_stories(StoryOrder::first, 1)[0].id, bus.verdict.story);
  EXPECT_EQ(feed.dedup().live_story(other.verdict.story)->items, 1U);
  EXPECT_FALSE(feed.dedup().live_story("urn:tidings:story:00000000000000000000000000000000"));
  EXPECT_TRUE(feed.dedup().remembers(made::id_of(3)));
  feed.dedup().expire(kStart + std::chrono::hours(24 * 30));
  EXPECT_TRUE(feed.dedup().live_stories(StoryOrder::last, 10).empty());
  EXPECT_FALSE(feed.dedup().remembers(made::id_of(3)));
}

TEST(DeduplicatorTest, tells_of_milestones_once) {
  Feed feed;
  int milestones = 0;
  for (std::uint64_t n = 1; n <= 12; ++n) {
    auto told = item(n, "Bus leaves the road near Lindale",
                     "Three people were hurt near Lindale. Bus left the road. " + prose(static_cast<std::uint32_t>(n), 20));
    told.canonical_url = "https://outlet" + std::to_string(n) + ".com/a";
    for (const auto& event : feed.tell(told).events) {
      if (event.kind != Kind::milestone) continue;
      ++milestones;
      EXPECT_EQ(event.outlets, n);
      EXPECT_TRUE(n == 3 || n == 10);
    }
  }
  EXPECT_EQ(milestones, 2);
}

TEST(DeduplicatorTest, forgets_what_left_the_window) {
  Options options;
  options.window = std::chrono::hours(24);
  Feed feed(options);
  feed.tell(item(1, "Bus leaves the road near Lindale", kText), kStart);
  EXPECT_EQ(feed.tell(item(2, "Bus accident near Lindale", kText), kStart + std::chrono::hours(24)).verdict.kind, VerdictKind::duplicate);
  EXPECT_EQ(feed.tell(item(3, "Bus accident again", kText), kStart + std::chrono::hours(49)).verdict.kind, VerdictKind::fresh);
  EXPECT_EQ(feed.dedup().window_items(), 1U);
}

TEST(DeduplicatorTest, holds_no_more_than_it_may) {
  Options options;
  options.max_items = 50;
  options.max_stories = 20;
  Feed feed(options);
  for (std::uint32_t n = 1; n <= 300; ++n) {
    feed.tell(item(n, prose(n, 6), prose(1000 + n, 60)));
    EXPECT_LE(feed.dedup().window_items(), 51U);
    EXPECT_LE(feed.dedup().stories(), 21U);
  }
  EXPECT_EQ(feed.tell(item(999, "Other title words here now", prose(1001, 60))).verdict.kind, VerdictKind::fresh);
}

TEST(DeduplicatorTest, closes_a_quiet_story_once) {
  Feed feed;
  feed.tell(item(1, "Bus leaves the road near Lindale", kText), kStart);
  const Time later = kStart + feed.dedup().options().story_idle + Seconds(1);
  const auto events = feed.dedup().expire(later);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].kind, Kind::closed);
  EXPECT_EQ(events[0].size, 1U);
  EXPECT_TRUE(feed.dedup().expire(later).empty());
}

TEST(DeduplicatorTest, opens_the_story_of_an_edited_item_again_under_its_name) {
  Options options;
  options.story_idle = std::chrono::hours(1);
  Feed feed(options);
  const auto first = feed.tell(item(1, "Bus leaves the road near Lindale", kText), kStart);
  const auto edit = feed.tell(item(1, "Bus leaves the road near Lindale", kText + " Later more was said."), kStart + std::chrono::hours(5));
  EXPECT_EQ(edit.verdict.story, first.verdict.story);
  EXPECT_EQ(edit.events.front().kind, Kind::closed);
}

TEST(DeduplicatorTest, finds_copies_by_the_index_as_by_the_scan_at_a_small_distance) {
  Options options;
  options.max_distance = 3;
  Feed feed(options);
  feed.tell(item(1, "Bus leaves the road near Lindale", kText));
  EXPECT_EQ(feed.tell(item(2, "Bus leaves the road near Lindale.", kText + " End", "two")).verdict.kind, VerdictKind::duplicate);
}

}  // namespace
}  // namespace tidings::dedup
