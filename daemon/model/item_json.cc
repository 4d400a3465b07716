#include "model/item_json.h"

#include <fmt/format.h>

#include <charconv>

namespace tidings::model {
namespace {

using json::object;

void put(object& out, std::string_view key, std::string_view value) {
  if (!value.empty()) out[key] = value;
}
void put(object& out, std::string_view key, const OptionalTime& value) {
  if (value) out[key] = to_rfc3339(*value);
}
void put(object& out, std::string_view key, std::int64_t value) {
  if (value >= 0) out[key] = value;
}

json::array people(const std::vector<Person>& persons) {
  json::array out;
  for (const auto& person : persons) {
    object one;
    put(one, "name", person.name);
    put(one, "email", person.email);
    put(one, "url", person.uri);
    out.push_back(std::move(one));
  }
  return out;
}

json::array media(const std::vector<Media>& all) {
  json::array out;
  for (const auto& m : all) {
    object one;
    put(one, "url", m.url);
    put(one, "type", m.type);
    put(one, "medium", m.medium);
    put(one, "title", m.title);
    put(one, "credit", m.credit);
    put(one, "width", m.width);
    put(one, "height", m.height);
    put(one, "length", m.length);
    if (m.duration >= 0) one["duration"] = m.duration;
    out.push_back(std::move(one));
  }
  return out;
}

json::array categories(const std::vector<Category>& all) {
  json::array out;
  for (const auto& category : all) {
    object one;
    put(one, "term", category.term);
    put(one, "scheme", category.scheme);
    put(one, "label", category.label);
    out.push_back(std::move(one));
  }
  return out;
}

std::string text_at(const object& in, std::string_view key) { return std::string(json::string_at(in, key)); }

std::int64_t integer_at(const object& in, std::string_view key) {
  const auto* member = in.if_contains(key);
  if (member == nullptr || !member->is_number()) return -1;
  boost::json::error_code error;
  const auto number = member->to_number<std::int64_t>(error);
  return error ? -1 : number;
}

double number_at(const object& in, std::string_view key) {
  const auto* member = in.if_contains(key);
  if (member == nullptr || !member->is_number()) return -1;
  boost::json::error_code error;
  const auto number = member->to_number<double>(error);
  return error ? -1 : number;
}

bool flag_at(const object& in, std::string_view key) {
  const auto* member = in.if_contains(key);
  return member != nullptr && member->is_bool() && member->as_bool();
}

// Calls f with each object of the array member.
template <class F>
void each(const object& in, std::string_view key, F f) {
  const auto* member = in.if_contains(key);
  if (member == nullptr || !member->is_array()) return;
  for (const auto& value : member->as_array()) {
    if (value.is_object()) f(value.as_object());
  }
}

const object& object_at(const object& in, std::string_view key) {
  static const object kNone;
  const auto* member = in.if_contains(key);
  return member != nullptr && member->is_object() ? member->as_object() : kNone;
}

}  // namespace

std::string_view name_of(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::fresh: return "new";
    case VerdictKind::update: return "update";
    case VerdictKind::duplicate: return "duplicate";
  }
  return "new";
}

std::string to_rfc3339(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

json::value to_json(const OptionalTime& time) { return time ? json::value(to_rfc3339(*time)) : json::value(); }

OptionalTime from_rfc3339(std::string_view s) {
  const auto number = [&](std::size_t at, std::size_t width, int& out) {
    if (at + width > s.size()) return false;
    const auto end = s.data() + at + width;
    const auto read = std::from_chars(s.data() + at, end, out);
    return read.ec == std::errc() && read.ptr == end;
  };
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (!number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day) || !number(11, 2, hour) ||
      !number(14, 2, minute) || !number(17, 2, second)) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 24 || minute > 59 || second > 60) return std::nullopt;
  Micros fraction(0);
  std::size_t at = 19;
  if (at < s.size() && s[at] == '.') {
    std::int64_t scale = 100000;
    for (++at; at < s.size() && s[at] >= '0' && s[at] <= '9'; ++at, scale /= 10) fraction += Micros((s[at] - '0') * scale);
  }
  std::chrono::minutes offset(0);
  if (at < s.size() && (s[at] == '+' || s[at] == '-')) {
    int hours = 0, minutes = 0;
    if (!number(at + 1, 2, hours) || !number(at + 4, 2, minutes)) return std::nullopt;
    offset = std::chrono::minutes(hours * 60 + minutes) * (s[at] == '-' ? -1 : 1);
  }
  return Time(std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + Seconds(second) +
              fraction - offset);
}

object to_json(const Item& item, const Verdict& verdict) {
  object out;
  put(out, "id", item.id);
  out["rev"] = verdict.rev;
  out["verdict"] = name_of(verdict.kind);
  put(out, "of", verdict.of);
  object story;
  put(story, "id", verdict.story);
  story["size"] = verdict.story_size;
  story["outlets"] = verdict.story_outlets;
  out["story"] = std::move(story);
  object decided;
  put(decided, "layer", verdict.layer);
  put(decided, "distance", verdict.distance);
  if (verdict.similarity >= 0) decided["similarity"] = verdict.similarity;
  put(decided, "changed", verdict.changed);
  out["decided"] = std::move(decided);
  if (verdict.simhash != 0) out["simhash"] = fmt::format("{:016x}", verdict.simhash);

  object source;
  put(source, "id", item.source_id);
  put(source, "name", item.source_name);
  put(source, "feed_url", item.feed_url);
  put(source, "country", item.country);
  put(source, "owner", item.owner);
  out["source"] = std::move(source);

  put(out, "guid", item.guid);
  put(out, "identity", item.identity);
  put(out, "url", item.url);
  put(out, "canonical_url", item.canonical_url);
  put(out, "external_url", item.external_url);
  put(out, "comments_url", item.comments_url);
  put(out, "title", item.title);
  put(out, "summary", item.summary);
  put(out, "body_text", item.body_text);
  put(out, "body_html", item.body_html);
  if (item.truncated) out["truncated"] = true;
  put(out, "lang", item.language);
  put(out, "lang_method", item.language_method);
  put(out, "published", item.published);
  put(out, "published_raw", item.published_raw);
  put(out, "updated", item.updated);
  put(out, "updated_raw", item.updated_raw);
  if (item.date_in_future) out["date_in_future"] = true;
  out["first_seen"] = to_rfc3339(item.first_seen);
  out["fetched"] = to_rfc3339(item.fetched);
  if (!item.authors.empty()) out["authors"] = people(item.authors);
  if (!item.categories.empty()) out["categories"] = categories(item.categories);
  if (!item.tags.empty()) out["tags"] = json::array(item.tags.begin(), item.tags.end());
  if (!item.enclosures.empty()) out["media"] = media(item.enclosures);
  put(out, "image", item.image_url);
  put(out, "rights", item.rights);
  if (item.deleted) out["deleted"] = true;
  if (item.backfill) out["backfill"] = true;
  return out;
}

Result<ItemRecord> item_from_json(const object& in) {
  ItemRecord record;
  Item& item = record.item;
  Verdict& verdict = record.verdict;
  item.id = text_at(in, "id");
  if (item.id.empty()) return Error(Errc::invalid, "an item without an id");
  const auto kind = json::string_at(in, "verdict");
  if (kind == "new") {
    verdict.kind = VerdictKind::fresh;
  } else if (kind == "update") {
    verdict.kind = VerdictKind::update;
  } else if (kind == "duplicate") {
    verdict.kind = VerdictKind::duplicate;
  } else {
    return Error(Errc::invalid, fmt::format("item {} has an unknown verdict '{}'", item.id, kind));
  }
  const auto first_seen = from_rfc3339(json::string_at(in, "first_seen"));
  if (!first_seen) return Error(Errc::invalid, fmt::format("item {} has no readable first_seen", item.id));
  item.first_seen = *first_seen;
  item.fetched = from_rfc3339(json::string_at(in, "fetched")).value_or(*first_seen);

  verdict.rev = static_cast<std::uint32_t>(std::max<std::int64_t>(1, integer_at(in, "rev")));
  verdict.of = text_at(in, "of");
  const object& story = object_at(in, "story");
  verdict.story = text_at(story, "id");
  verdict.story_size = static_cast<std::uint32_t>(std::max<std::int64_t>(1, integer_at(story, "size")));
  verdict.story_outlets = static_cast<std::uint32_t>(std::max<std::int64_t>(1, integer_at(story, "outlets")));
  const object& decided = object_at(in, "decided");
  verdict.layer = text_at(decided, "layer");
  verdict.distance = static_cast<int>(integer_at(decided, "distance"));
  verdict.similarity = number_at(decided, "similarity");
  verdict.changed = text_at(decided, "changed");
  const auto simhash = json::string_at(in, "simhash");
  std::from_chars(simhash.data(), simhash.data() + simhash.size(), verdict.simhash, 16);

  const object& source = object_at(in, "source");
  item.source_id = text_at(source, "id");
  item.source_name = text_at(source, "name");
  item.feed_url = text_at(source, "feed_url");
  item.country = text_at(source, "country");
  item.owner = text_at(source, "owner");
  item.guid = text_at(in, "guid");
  item.identity = text_at(in, "identity");
  item.url = text_at(in, "url");
  item.canonical_url = text_at(in, "canonical_url");
  item.external_url = text_at(in, "external_url");
  item.comments_url = text_at(in, "comments_url");
  item.title = text_at(in, "title");
  item.summary = text_at(in, "summary");
  item.body_text = text_at(in, "body_text");
  item.body_html = text_at(in, "body_html");
  item.truncated = flag_at(in, "truncated");
  item.language = text_at(in, "lang");
  item.language_method = text_at(in, "lang_method");
  item.published = from_rfc3339(json::string_at(in, "published"));
  item.published_raw = text_at(in, "published_raw");
  item.updated = from_rfc3339(json::string_at(in, "updated"));
  item.updated_raw = text_at(in, "updated_raw");
  item.date_in_future = flag_at(in, "date_in_future");
  each(in, "authors", [&](const object& one) {
    item.authors.push_back({text_at(one, "name"), text_at(one, "email"), text_at(one, "url")});
  });
  each(in, "categories", [&](const object& one) {
    item.categories.push_back({text_at(one, "term"), text_at(one, "scheme"), text_at(one, "label")});
  });
  if (const auto* tags = in.if_contains("tags"); tags != nullptr && tags->is_array()) {
    for (const auto& tag : tags->as_array()) {
      if (tag.is_string()) item.tags.emplace_back(tag.as_string());
    }
  }
  each(in, "media", [&](const object& one) {
    Media m;
    m.url = text_at(one, "url");
    m.type = text_at(one, "type");
    m.medium = text_at(one, "medium");
    m.title = text_at(one, "title");
    m.credit = text_at(one, "credit");
    m.width = integer_at(one, "width");
    m.height = integer_at(one, "height");
    m.length = integer_at(one, "length");
    m.duration = number_at(one, "duration");
    item.enclosures.push_back(std::move(m));
  });
  item.image_url = text_at(in, "image");
  item.rights = text_at(in, "rights");
  item.deleted = flag_at(in, "deleted");
  item.backfill = flag_at(in, "backfill");
  return record;
}

}  // namespace tidings::model
