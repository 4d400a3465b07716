#include "cli/newsday.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "base/hash.h"
#include "base/json.h"
#include "model/item_json.h"

namespace tidings::cli {
namespace {

using json::object;
using json::string_at;

constexpr std::size_t kFeedLength = 30;
constexpr std::chrono::minutes kDayEnd(23 * 60);

Result<std::chrono::minutes> time_of_day(std::string_view text) {
  int hour = 0;
  int minute = 0;
  if (text.size() != 5 || text[2] != ':' || std::from_chars(text.data(), text.data() + 2, hour).ec != std::errc() ||
      std::from_chars(text.data() + 3, text.data() + 5, minute).ec != std::errc()) {
    return Error(Errc::invalid, fmt::format("'{}' is not a time of day as hh:mm", text));
  }
  return std::chrono::minutes(hour * 60 + minute);
}

Result<Outlet::Behaviour> behaviour(std::string_view name) {
  if (name.empty()) return Outlet::Behaviour::normal;
  if (name == "rekey") return Outlet::Behaviour::rekey;
  if (name == "timeout") return Outlet::Behaviour::timeout;
  if (name == "still") return Outlet::Behaviour::still;
  return Error(Errc::invalid, fmt::format("an outlet cannot behave as '{}'", name));
}

std::string replaced(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [key, value] : values) {
    const std::string mark = "{" + key + "}";
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

std::vector<std::string> strings_at(const object& in, std::string_view key) {
  std::vector<std::string> out;
  if (const auto* list = in.if_contains(key); list != nullptr && list->is_array()) {
    for (const auto& value : list->as_array()) {
      if (value.is_string()) out.emplace_back(value.as_string());
    }
  }
  return out;
}

// Many short items that look alike and have nothing to do with one another: results of made-up matches.
Result<void> add_flood(const object& flood, std::vector<DemoStory>& stories) {
  const auto from = time_of_day(string_at(flood, "from"));
  if (!from) return from.error();
  const auto teams = strings_at(flood, "teams");
  const auto leagues = strings_at(flood, "leagues");
  const auto referees = strings_at(flood, "referees");
  const auto* step = flood.if_contains("every_minutes");
  if (teams.size() < 2 || leagues.empty() || referees.empty() || step == nullptr || !step->is_int64() || step->as_int64() < 1) {
    return Error(Errc::invalid, "the flood wants two teams, a league, a referee and every_minutes");
  }
  int number = 0;
  for (auto at = *from; at < kDayEnd; at += std::chrono::minutes(step->as_int64()), ++number) {
    const std::uint64_t dice = hash64(std::to_string(number));
    const std::size_t home = dice % teams.size();
    const std::size_t away = (home + 1 + (dice >> 8) % (teams.size() - 1)) % teams.size();
    const std::map<std::string, std::string> values = {
        {"home", teams[home]},
        {"away", teams[away]},
        {"home_goals", std::to_string((dice >> 16) % 5)},
        {"away_goals", std::to_string((dice >> 24) % 4)},
        {"league", leagues[(dice >> 32) % leagues.size()]},
        {"referee", referees[(dice >> 40) % referees.size()]},
        {"attendance", std::to_string(150 + (dice >> 44) % 9000)}};
    stories.push_back({fmt::format("result-{}", number), std::string(string_at(flood, "outlet")), at,
                       replaced(std::string(string_at(flood, "title")), values),
                       replaced(std::string(string_at(flood, "text")), values)});
  }
  return {};
}

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string rfc822(Time time) { return fmt::format("{:%a, %d %b %Y %H:%M:%S} +0000", std::chrono::floor<Seconds>(time)); }

struct Shown {
  const DemoStory* story;
  std::string guid;
  std::string link;
  Time published;
  Time updated;
};

std::string rss(const Outlet& outlet, const std::vector<Shown>& shown) {
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>{}</title>"
      "<link>http://{}/</link><description>{}, a made-up outlet</description><language>{}</language>\n",
      escape(outlet.name), outlet.host, escape(outlet.name), outlet.language);
  for (const auto& one : shown) {
    out += fmt::format(
        "<item><title>{}</title><link>{}</link><guid isPermaLink=\"false\">{}</guid><pubDate>{}</pubDate>"
        "<description>{}</description></item>\n",
        escape(one.story->title), escape(one.link), escape(one.guid), rfc822(one.published), escape(one.story->text));
  }
  return out + "</channel></rss>\n";
}

std::string atom(const Outlet& outlet, const std::vector<Shown>& shown, Time midnight) {
  Time updated = midnight;
  for (const auto& one : shown) updated = std::max(updated, one.updated);
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">"
      "<title>{}</title><id>http://{}/</id><link href=\"http://{}/\"/><updated>{}</updated>\n",
      outlet.language, escape(outlet.name), outlet.host, outlet.host, model::to_rfc3339(updated));
  for (const auto& one : shown) {
    out += fmt::format(
        "<entry><title>{}</title><id>tag:{},2026:{}</id><link href=\"{}\"/><published>{}</published><updated>{}</updated>"
        "<content type=\"html\">{}</content></entry>\n",
        escape(one.story->title), outlet.host, escape(one.guid), escape(one.link), model::to_rfc3339(one.published),
        model::to_rfc3339(one.updated), escape("<p>" + escape(one.story->text) + "</p>"));
  }
  return out + "</feed>\n";
}

std::string json_feed(const Outlet& outlet, const std::vector<Shown>& shown) {
  json::array items;
  for (const auto& one : shown) {
    items.push_back(object{{"id", one.guid},
                           {"url", one.link},
                           {"title", one.story->title},
                           {"content_text", one.story->text},
                           {"date_published", model::to_rfc3339(one.published)},
                           {"date_modified", model::to_rfc3339(one.updated)}});
  }
  return json::serialize(object{{"version", "https://jsonfeed.org/version/1.1"},
                                {"title", outlet.name},
                                {"home_page_url", fmt::format("http://{}/", outlet.host)},
                                {"language", outlet.language},
                                {"items", std::move(items)}});
}

}  // namespace

Result<Newsday> parse_newsday(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  const auto* top = document->if_object();
  const auto* outlets = top != nullptr ? top->if_contains("outlets") : nullptr;
  const auto* stories = top != nullptr ? top->if_contains("stories") : nullptr;
  if (outlets == nullptr || !outlets->is_array() || stories == nullptr || !stories->is_array()) {
    return Error(Errc::invalid, "a news day has the lists 'outlets' and 'stories'");
  }
  Newsday day;
  for (const auto& value : outlets->as_array()) {
    const auto* one = value.if_object();
    if (one == nullptr) return Error(Errc::invalid, "an outlet is an object");
    const auto acts = behaviour(string_at(*one, "behaviour"));
    if (!acts) return acts.error();
    day.outlets.push_back({std::string(string_at(*one, "id")), std::string(string_at(*one, "name")),
                           std::string(string_at(*one, "host")), std::string(string_at(*one, "format")),
                           std::string(string_at(*one, "lang")), *acts});
  }
  std::map<std::string, std::string, std::less<>> texts;
  for (const auto& value : stories->as_array()) {
    const auto* one = value.if_object();
    if (one == nullptr) return Error(Errc::invalid, "a story is an object");
    const std::string id(string_at(*one, "id"));
    const auto at = time_of_day(string_at(*one, "at"));
    if (!at) return Error(Errc::invalid, fmt::format("story '{}': {}", id, at.error().message()));
    std::string body(string_at(*one, "text"));
    if (const auto copied = string_at(*one, "copy_of"); !copied.empty()) {
      const auto original = texts.find(copied);
      if (original == texts.end()) {
        return Error(Errc::invalid, fmt::format("story '{}' copies '{}', which does not stand before it", id, copied));
      }
      body = fmt::format("{}{}{}", string_at(*one, "prefix"), original->second, string_at(*one, "suffix"));
    }
    texts[id] = body;
    const auto guid = string_at(*one, "guid");
    day.stories.push_back({guid.empty() ? id : std::string(guid), std::string(string_at(*one, "outlet")), *at,
                           std::string(string_at(*one, "title")), std::move(body)});
  }
  if (const auto* flood = top->if_contains("flood"); flood != nullptr && flood->is_object()) {
    if (const auto added = add_flood(flood->as_object(), day.stories); !added) return added.error();
  }
  std::stable_sort(day.stories.begin(), day.stories.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return day;
}

std::chrono::minutes DayClock::at(Time now) const {
  return std::chrono::floor<std::chrono::minutes>(std::chrono::duration<double, std::micro>(
      static_cast<double>((now - midnight).count()) * speed));
}

Time DayClock::when(std::chrono::minutes at) const {
  return midnight + Micros(static_cast<std::int64_t>(static_cast<double>(Micros(at).count()) / speed));
}

FeedDocument render(const Newsday& day, const Outlet& outlet, const DayClock& clock, Time now, int fetch) {
  const auto minute = clock.at(now);
  std::vector<Shown> shown;
  for (const auto& story : day.stories) {
    if (story.outlet != outlet.id || story.at > minute) continue;
    const auto known = std::find_if(shown.begin(), shown.end(), [&](const Shown& s) { return s.guid == story.guid; });
    if (known != shown.end()) {
      known->story = &story;
      known->updated = clock.when(story.at);
      continue;
    }
    const Time time = clock.when(story.at);
    shown.push_back({&story, story.guid, fmt::format("http://{}/news/{}", outlet.host, story.guid), time, time});
  }
  std::reverse(shown.begin(), shown.end());
  if (shown.size() > kFeedLength) shown.resize(kFeedLength);
  if (outlet.behaviour == Outlet::Behaviour::rekey) {
    for (auto& one : shown) one.guid = fmt::format("{}-{}", one.guid, fetch);
  }
  if (outlet.format == "atom") return {"application/atom+xml", atom(outlet, shown, clock.midnight)};
  if (outlet.format == "json") return {"application/feed+json", json_feed(outlet, shown)};
  return {"application/rss+xml", rss(outlet, shown)};
}

}  // namespace tidings::cli
