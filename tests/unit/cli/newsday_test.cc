#include "cli/newsday.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/json.h"

namespace tidings::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kDay = R"({
  "outlets": [
    {"id": "wire", "name": "Wire & Co", "host": "127.0.1.1", "format": "rss", "lang": "en"},
    {"id": "restless", "name": "Restless", "host": "127.0.1.2", "format": "atom", "lang": "en", "behaviour": "rekey"},
    {"id": "radio", "name": "Radio", "host": "127.0.1.3", "format": "json", "lang": "en"}],
  "stories": [
    {"id": "a", "outlet": "wire", "at": "07:00", "title": "A", "text": "One <two>."},
    {"id": "b", "outlet": "restless", "at": "07:10", "title": "B", "copy_of": "a", "prefix": "(Wire) "},
    {"id": "a2", "guid": "a", "outlet": "wire", "at": "08:00", "title": "A, corrected", "text": "Three."},
    {"id": "c", "outlet": "radio", "at": "07:30", "title": "C", "text": "Four."}]})";

const DayClock kRealTime{from_micros(0), 1};

Time at(int hour, int minute) { return kRealTime.when(std::chrono::minutes(hour * 60 + minute)); }

TEST(Newsday, an_entry_appears_at_its_time_and_is_edited_in_place) {
  const auto day = parse_newsday(kDay);
  ASSERT_TRUE(day.has_value()) << day.error().message();
  const Outlet& wire = day->outlets[0];
  EXPECT_THAT(render(*day, wire, kRealTime, at(6, 59), 1).body, Not(HasSubstr("<item>")));
  EXPECT_THAT(render(*day, wire, kRealTime, at(7, 0), 1).body, HasSubstr("One &lt;two&gt;."));
  const auto edited = render(*day, wire, kRealTime, at(8, 0), 1).body;
  EXPECT_THAT(edited, HasSubstr("A, corrected"));
  EXPECT_THAT(edited, Not(HasSubstr("One")));
  EXPECT_THAT(edited, HasSubstr("<title>Wire &amp; Co</title>"));
}

TEST(Newsday, a_copy_has_the_text_of_its_original_and_new_guids_where_the_outlet_rekeys) {
  const auto day = parse_newsday(kDay);
  ASSERT_TRUE(day.has_value());
  const auto first = render(*day, day->outlets[1], kRealTime, at(9, 0), 1).body;
  const auto second = render(*day, day->outlets[1], kRealTime, at(9, 0), 2).body;
  EXPECT_THAT(first, HasSubstr("(Wire) One"));
  EXPECT_THAT(first, HasSubstr(":b-1</id>"));
  EXPECT_THAT(second, HasSubstr(":b-2</id>"));
}

TEST(Newsday, fast_motion_publishes_at_the_time_it_is_shown) {
  DayClock fast{from_micros(1'000'000), 60};
  EXPECT_EQ(fast.at(fast.midnight + Seconds(60)), std::chrono::minutes(60));
  EXPECT_EQ(fast.when(std::chrono::minutes(60)), fast.midnight + Seconds(60));
}

TEST(Newsday, json_feeds_are_json) {
  const auto day = parse_newsday(kDay);
  ASSERT_TRUE(day.has_value());
  EXPECT_TRUE(json::parse(render(*day, day->outlets[2], kRealTime, at(9, 0), 1).body).has_value());
}

TEST(Newsday, says_which_story_does_not_fit) {
  EXPECT_EQ(parse_newsday(R"({"outlets": [], "stories": [{"id": "x", "at": "7:00"}]})").error().message(),
            "story 'x': '7:00' is not a time of day as hh:mm");
  EXPECT_EQ(parse_newsday(R"({"outlets": [], "stories": [{"id": "x", "at": "07:00", "copy_of": "y"}]})").error().message(),
            "story 'x' copies 'y', which does not stand before it");
}

TEST(Newsday, the_day_that_we_ship_has_all_that_the_demo_promises) {
  std::ifstream file(TIDINGS_SOURCE_DIR "/config/demo/newsday.json");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto day = parse_newsday(text);
  ASSERT_TRUE(day.has_value()) << day.error().message();
  const auto has = [&](Outlet::Behaviour wanted) {
    return std::any_of(day->outlets.begin(), day->outlets.end(), [&](const Outlet& o) { return o.behaviour == wanted; });
  };
  EXPECT_TRUE(has(Outlet::Behaviour::rekey));
  EXPECT_TRUE(has(Outlet::Behaviour::timeout));
  EXPECT_TRUE(has(Outlet::Behaviour::still));
  EXPECT_GT(std::count_if(day->stories.begin(), day->stories.end(), [](const DemoStory& s) { return s.outlet == "scoreboard"; }), 100);
  for (const auto& story : day->stories) {
    EXPECT_TRUE(std::any_of(day->outlets.begin(), day->outlets.end(), [&](const Outlet& o) { return o.id == story.outlet; }))
        << story.guid << " is told by an outlet that is not there";
  }
}

}  // namespace
}  // namespace tidings::cli
