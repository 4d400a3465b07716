#include "json/mapping.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <array>

#include "sdk/plugin.h"

namespace tidings::json_feed {
namespace {

namespace dom = simdjson::dom;

// A field's option: its default is where JSON Feed has it.
struct FieldOption {
  const char* name;
  const char* default_value;
  Field Mapping::*field;
  Field::Use use;
  const char* help;
};

constexpr FieldOption kFields[] = {
    {"id", "/id", &Mapping::id, Field::Use::text, "What names an item for ever. This and all below: pointers from the item, \"*\" for each element, \" | \" between alternatives; or text with {/pointer} in it."},
    {"url", "/url", &Mapping::link, Field::Use::url, "Its page."},
    {"external_url", "/external_url", &Mapping::external_url, Field::Use::url, "The page that it is about, elsewhere."},
    {"title", "/title", &Mapping::title, Field::Use::text, "Its title."},
    {"summary", "/summary", &Mapping::summary, Field::Use::text, "A summary of a sentence or two."},
    {"content_html", "/content_html", &Mapping::content_html, Field::Use::text, "The whole text, as HTML."},
    {"content_text", "/content_text", &Mapping::content_text, Field::Use::text, "The whole text, as plain text."},
    {"published", "/date_published", &Mapping::published, Field::Use::text, "When it was published: a date in any usual form, or a number since 1970 (see date_unit)."},
    {"updated", "/date_modified", &Mapping::updated, Field::Use::text, "When it was last changed."},
    {"expires", "/date_expires", &Mapping::expires, Field::Use::text, "When it ceases to hold."},
    {"authors", "/authors | /author", &Mapping::authors, Field::Use::text, "Names, or objects with name, url and email; one or a list."},
    {"tags", "/tags", &Mapping::tags, Field::Use::text, "Words, or objects with a name; one or a list."},
    {"language", "/language", &Mapping::language, Field::Use::text, "Its language (BCP 47)."},
    {"image", "/image", &Mapping::image, Field::Use::url, "A URL, or an object with url, width and height."},
    {"banner", "/banner_image", &Mapping::banner, Field::Use::url, "A second, wide image."},
    {"attachments", "/attachments", &Mapping::attachments, Field::Use::url, "URLs, or objects with url, mime_type, title, size_in_bytes and duration_in_seconds; one or a list."},
    {"comments", "/comments", &Mapping::comments, Field::Use::url, "The page with its comments."},
    {"latitude", "/latitude", &Mapping::latitude, Field::Use::text, "Where it happened, in degrees."},
    {"longitude", "/longitude", &Mapping::longitude, Field::Use::text, "Where it happened, in degrees."},
    {"cursor", "/cursor", &Mapping::cursor, Field::Use::text, "In an event of a stream: what names it where the stream is to go on after it; else its id."},
    {"next", "/next_url", &Mapping::next, Field::Use::url, "The URL of the next page, from the document's root; followed where pages is over 1."},
};

constexpr int kMaxPages = 20;
constexpr std::size_t kOptions = std::size(kFields) + 5;

struct OptionTable {
  std::array<char[64], std::size(kFields)> defaults{};  // as JSON text
  std::array<tidings_option, kOptions> options{};
};

constexpr OptionTable make_table() {
  OptionTable table;
  const auto option = [](const char* name, int type, const char* default_value, const char* help) {
    return tidings_option{sizeof(tidings_option), name, type, default_value, help, 0};
  };
  std::size_t n = 0;
  table.options[n++] = option("items", TIDINGS_STRING, "\"/items\"", "Where the list of items stands: a JSON Pointer; \"\" where the document is the list.");
  for (std::size_t i = 0; i < std::size(kFields); ++i) {
    auto& text = table.defaults[i];
    std::size_t at = 0;
    text[at++] = '"';
    for (const char* c = kFields[i].default_value; *c != '\0'; ++c) text[at++] = *c;
    text[at++] = '"';
    table.options[n++] = option(kFields[i].name, TIDINGS_STRING, nullptr, kFields[i].help);
  }
  table.options[n++] = option("html", TIDINGS_STRINGS, "[]", "Which of title and summary are HTML; otherwise they are plain text.");
  table.options[n++] = option("date_unit", TIDINGS_STRING, "\"auto\"", "What a number says as a date: auto (by its size), seconds, milliseconds or microseconds since 1970.");
  table.options[n++] = option("event_items", TIDINGS_STRING, "\"\"", "Where the items stand in an event of a stream: a JSON Pointer; \"\" where the event is one, or a list of them.");
  table.options[n++] = option("pages", TIDINGS_INTEGER, "1", "How many pages one poll reads, from 1 to 20.");
  return table;
}

std::string_view string_of(std::string_view name, dom::element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) throw sdk::BadOption(fmt::format("the option '{}' must be a string", name));
  return text;
}

NumberUnit unit_of(std::string_view text) {
  if (text == "auto") return NumberUnit::automatic;
  if (text == "seconds") return NumberUnit::seconds;
  if (text == "milliseconds") return NumberUnit::milliseconds;
  if (text == "microseconds") return NumberUnit::microseconds;
  throw sdk::BadOption(fmt::format("the option 'date_unit' must be auto, seconds, milliseconds or microseconds, not '{}'", text));
}

void read_html(Mapping& mapping, dom::element value) {
  dom::array names;
  if (value.get(names) != simdjson::SUCCESS) throw sdk::BadOption("the option 'html' must be a list of strings");
  for (const dom::element one : names) {
    const std::string_view name = string_of("html", one);
    if (name != "title" && name != "summary") throw sdk::BadOption(fmt::format("the option 'html' may name title and summary, not '{}'", name));
    (name == "title" ? mapping.html_title : mapping.html_summary) = true;
  }
}

void read_option(Mapping& mapping, std::string_view name, dom::element value) {
  for (const FieldOption& one : kFields) {
    if (name != one.name) continue;
    mapping.*one.field = Field(name, string_of(name, value), one.use);
    mapping.is_stated = true;
    return;
  }
  if (name == "items" || name == "event_items") {
    const bool is_of_events = name == "event_items";
    std::string& text = is_of_events ? mapping.event_items_text : mapping.items_text;
    text = string_of(name, value);
    const auto items = Pointer::parse(text);
    if (!items || items->has_wildcard()) {
      throw sdk::BadOption(fmt::format("the option '{}' has '{}', which is no JSON Pointer such as \"/response/results\"", name, text));
    }
    if (is_of_events) {
      if (!text.empty()) mapping.event_items = *items;
    } else {
      mapping.items = *items;
      mapping.is_stated = true;
    }
  } else if (name == "html") {
    read_html(mapping, value);
  } else if (name == "date_unit") {
    mapping.date_unit = unit_of(string_of(name, value));
  } else if (name == "pages") {
    std::int64_t pages = 0;
    if (value.get(pages) != simdjson::SUCCESS || pages < 1 || pages > kMaxPages) {
      throw sdk::BadOption(fmt::format("the option 'pages' must be a whole number from 1 to {}", kMaxPages));
    }
    mapping.pages = static_cast<int>(pages);
  } else {
    throw sdk::BadOption(fmt::format("there is no option '{}'", name));
  }
}

}  // namespace

std::span<const tidings_option> option_table() {
  static constexpr OptionTable kText = make_table();
  static const auto kTable = [] {
    auto options = kText.options;
    for (std::size_t i = 0; i < std::size(kFields); ++i) options[i + 1].default_value = kText.defaults[i];
    return options;
  }();
  return kTable;
}

Mapping Mapping::of_events() const {
  Mapping events = *this;
  events.is_stated = true;
  events.is_of_events = true;
  events.items = event_items.value_or(*Pointer::parse(""));
  events.items_text = event_items_text;
  events.pages = 1;
  return events;
}

Mapping Mapping::read(std::string_view options) {
  Mapping mapping;
  mapping.items = *Pointer::parse(mapping.items_text);
  for (const FieldOption& one : kFields) mapping.*one.field = Field(one.name, one.default_value, one.use);
  if (options.empty()) return mapping;
  dom::parser parser;
  dom::object members;
  const simdjson::padded_string text(options);
  if (parser.parse(text).get(members) != simdjson::SUCCESS) throw sdk::BadOption("the options are no JSON object");
  for (const dom::key_value_pair member : members) read_option(mapping, member.key, member.value);
  return mapping;
}

}  // namespace tidings::json_feed
