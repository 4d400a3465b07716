#include "plugin/exec_protocol.h"

#include <fmt/format.h>

#include <utility>

#include "base/date.h"
#include "base/json.h"
#include "base/text.h"

namespace tidings::plugin {
namespace {

using json::object;
using json::string_at;

std::string text_at(const object& in, std::string_view key) { return std::string(string_at(in, key)); }

std::int64_t integer_at(const object& in, std::string_view key) {
  const auto* member = in.if_contains(key);
  return member != nullptr && member->is_int64() ? member->as_int64() : -1;
}

model::Date date_at(const object& in, std::string_view key) {
  model::Date date;
  date.raw = text_at(in, key);
  if (const auto number = integer_at(in, key); number >= 0) date.raw = std::to_string(number);
  if (!date.raw.empty()) date.time = parse_date(date.raw);
  return date;
}

const json::array* array_at(const object& in, std::string_view key) {
  const auto* member = in.if_contains(key);
  return member != nullptr ? member->if_array() : nullptr;
}

model::Text typed(std::string value, const char* type, const std::string& base) {
  model::Text text;
  text.value = std::move(value);
  text.type = type;
  text.base = base;
  return text;
}

// An item of JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/); a number as id is taken as its text.
model::Entry entry_of(const object& in, const DocumentLimits& limits) {
  model::Entry entry;
  entry.id = text_at(in, "id");
  if (const auto number = integer_at(in, "id"); entry.id.empty() && number >= 0) entry.id = std::to_string(number);
  entry.link = text_at(in, "url");
  entry.external_url = text_at(in, "external_url");
  entry.language = text_at(in, "language");
  entry.title = typed(text_at(in, "title"), "text", entry.link);
  entry.summary = typed(text_at(in, "summary"), "text", entry.link);
  if (auto html = text_at(in, "content_html"); !html.empty()) entry.content.push_back(typed(std::move(html), "html", entry.link));
  if (auto text = text_at(in, "content_text"); !text.empty()) entry.content.push_back(typed(std::move(text), "text", entry.link));
  entry.published = date_at(in, "date_published");
  entry.updated = date_at(in, "date_modified");
  entry.image.url = text_at(in, "image");
  if (const auto* authors = array_at(in, "authors")) {
    for (const auto& value : *authors) {
      if (entry.authors.size() == limits.max_list) break;
      if (const auto* author = value.if_object()) entry.authors.push_back({text_at(*author, "name"), "", text_at(*author, "url")});
    }
  }
  if (const auto* tags = array_at(in, "tags")) {
    for (const auto& value : *tags) {
      if (entry.categories.size() == limits.max_list) break;
      if (const auto* tag = value.if_string()) entry.categories.push_back({std::string(*tag), "", ""});
    }
  }
  if (const auto* attachments = array_at(in, "attachments")) {
    for (const auto& value : *attachments) {
      const auto* attachment = value.if_object();
      if (attachment == nullptr || entry.enclosures.size() == limits.max_list) continue;
      model::Media media;
      media.url = text_at(*attachment, "url");
      media.type = text_at(*attachment, "mime_type");
      media.title = text_at(*attachment, "title");
      media.length = integer_at(*attachment, "size_in_bytes");
      entry.enclosures.push_back(std::move(media));
    }
  }
  return entry;
}

}  // namespace

std::vector<std::string> LineSplitter::add(std::string_view bytes) {
  std::vector<std::string> lines;
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const std::string_view part = bytes.substr(0, end);
    if (!dropping_ && line_.size() + part.size() > max_line_bytes_) {
      dropping_ = true;
      ++dropped_;
      line_.clear();
    }
    if (!dropping_) line_ += part;
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
    if (!line_.empty() && line_.back() == '\r') line_.pop_back();
    if (!dropping_ && !line_.empty()) lines.push_back(std::move(line_));
    line_.clear();
    dropping_ = false;
  }
  return lines;
}

std::string LineSplitter::rest() { return std::exchange(line_, {}); }

std::string poll_line(const model::Source& source, std::string_view cursor) {
  object options;
  if (const auto settings = source.settings->options.find("settings"); settings != source.settings->options.end()) {
    if (auto parsed = json::parse(settings->second); parsed && parsed->is_object()) options = std::move(parsed->as_object());
  }
  return json::serialize(object{{"type", "poll"}, {"source", source.id}, {"url", source.url}, {"cursor", cursor}, {"options", std::move(options)}}) + "\n";
}

Result<void> ExecReply::add(std::string_view line) {
  const auto excerpt = [&] { return text::repair_utf8(line.substr(0, 80)); };
  const auto parsed = json::parse(text::is_valid_utf8(line) ? line : std::string_view(text::repair_utf8(line)));
  if (!parsed) return Error(Errc::protocol, fmt::format("a line of its output is no JSON: {}", excerpt()));
  const auto* in = parsed->if_object();
  if (in == nullptr) return Error(Errc::protocol, fmt::format("a line of its output is no JSON object: {}", excerpt()));
  const auto type = string_at(*in, "type");
  if (type == "done") {
    done_ = true;
    if (in->contains("cursor")) {
      document_.cursor = text_at(*in, "cursor");
      document_.has_cursor = true;
    }
  } else if (type == "feed") {
    document_.feed.format = "exec";
    document_.feed.title.value = text_at(*in, "title");
    document_.feed.language = text_at(*in, "language");
    document_.feed.link = text_at(*in, "home_page_url");
  } else if (type == "item" || type.empty()) {
    if (document_.entries.size() == limits_.max_entries) {
      document_.partial = true;
      return {};
    }
    document_.entries.push_back(entry_of(*in, limits_));
  } else {
    return Error(Errc::protocol, fmt::format("a line of its output is of the unknown type '{}'", type));
  }
  return {};
}

LogLine log_line(std::string_view line) {
  if (line.size() > 3 && line[1] == '!' && line[2] == ' ') {
    const std::string_view text = line.substr(3);
    switch (line[0]) {
      case 'E': return {LogLevel::error, text};
      case 'W': return {LogLevel::warning, text};
      case 'I': return {LogLevel::info, text};
      case 'D': return {LogLevel::debug, text};
      default: break;
    }
  }
  return {LogLevel::info, line};
}

}  // namespace tidings::plugin
