#include "json/json.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "json/head.h"
#include "json/item.h"
#include "json/whole.h"

namespace tidings::json_feed {
namespace {

namespace dom = simdjson::dom;
namespace ondemand = simdjson::ondemand;

constexpr std::size_t kMaxDocumentBytes = std::size_t{1} << 30;

// One document. On-demand finds the items and cuts them out, each is then read whole by the DOM parser: pointers lead to
// fields in any order, and what is broken inside an item costs that item alone, where on-demand would not have noticed.
class Reading {
 public:
  Reading(const Mapping& mapping, const sdk::Response& response, sdk::Sink& sink)
      : mapping_(mapping), response_(response), sink_(sink), whole_(without_bom(response.body)) {}

  int read() {
    encoding_ = whole_.narrow();
    if (encoding_ != std::string_view("utf-8")) sink_.note("encoding", fmt::format("{}: JSON is sent as UTF-8 (RFC 8259, section 8.1)", encoding_));
    if (const int status = check_beginning(); status != TIDINGS_OK) return status;
    if (whole_.repair_utf8()) sink_.warning("bad-utf8", "the document has bytes that are no UTF-8, which are replaced");
    auto items = find_items();
    if (items.error != simdjson::SUCCESS && whole_.close()) items = find_items();
    if (items.error != simdjson::SUCCESS) return complain(items);
    if (whole_.is_closed()) {
      sink_.warning("broken", fmt::format("not JSON to its end: {} at {}; the items before that are kept", whole_.fault(), place(whole_.end())),
                    whole_.line_at(whole_.end()));
      sink_.partial();
    }
    const Place at{response_.url, made_};
    read_head(root_without(items.raw), at, head_);
    if (!mapping_.is_stated && !head_.has_version) sink_.note("no-version", "the document states no version of JSON Feed");
    if (mapping_.is_stated && !head_.has_version) head_ = plain_head();
    head_.feed.encoding = sdk::str(encoding_);
    if (head_.is_expired) sink_.note("expired", "the feed says that it will not be updated any more");
    if (!sink_.feed(head_.feed)) return TIDINGS_STOPPED;
    read_items(items);
    ask_for_next();
    return sink_.stopped() ? TIDINGS_STOPPED : TIDINGS_OK;
  }

 private:
  struct Items {
    simdjson::error_code error = simdjson::SUCCESS;
    std::string found;     // how far the pointer leads
    bool is_there = false; // it leads to something, be it no list
    std::string_view raw;  // the list as it stands in the document
    std::size_t at = 0;    // where the error was seen
  };

  static std::string_view without_bom(std::string_view body) {
    if (body.starts_with("\xEF\xBB\xBF")) body.remove_prefix(3);
    return body;
  }

  std::string place(std::size_t offset) const { return fmt::format("line {}, byte {}", whole_.line_at(offset), offset); }

  int check_beginning() {
    const std::string_view text = text::trim(whole_.text());
    if (text.empty()) {
      sink_.error("empty", "the document is empty");
      return TIDINGS_NOT_MINE;
    }
    if (text.front() != '{' && text.front() != '[') {
      const std::size_t at = static_cast<std::size_t>(text.data() - whole_.text().data());
      const std::string begin = text::collapse_space(text::repair_utf8(text.substr(0, 24)));
      sink_.error("not-json", fmt::format("not JSON: it begins with \"{}\" at {}", begin, place(at)), whole_.line_at(at));
      return TIDINGS_NOT_MINE;
    }
    if (text.size() > kMaxDocumentBytes) {
      sink_.error("too-large", "the document is larger than 1 GiB");
      return TIDINGS_BROKEN;
    }
    return TIDINGS_OK;
  }

  // Follows the pointer through the document, whose first value is `from`.
  template <class Value>
  static simdjson::error_code step(Value& from, const std::string& token, ondemand::value& to) {
    ondemand::json_type type{};
    if (const auto error = from.type().get(type)) return error;
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (const auto error = from.get_object().get(object)) return error;
      return object.find_field_unordered(token).get(to);
    }
    if (type != ondemand::json_type::array) return simdjson::INCORRECT_TYPE;
    const auto index = array_index(token);
    ondemand::array array;
    if (const auto error = from.get_array().get(array)) return error;
    return index ? array.at(*index).get(to) : simdjson::NO_SUCH_FIELD;
  }

  template <class Value>
  static simdjson::error_code raw_of(Value& value, std::string_view& raw) {
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    if (type == ondemand::json_type::array) {
      ondemand::array array;
      if (const auto error = value.get_array().get(array)) return error;
      if (const auto error = array.raw_json().get(raw)) return error;
    } else if (type == ondemand::json_type::object) {
      ondemand::object object;
      if (const auto error = value.get_object().get(object)) return error;
      if (const auto error = object.raw_json().get(raw)) return error;
    } else {
      return simdjson::INCORRECT_TYPE;
    }
    raw = text::trim(raw);
    return simdjson::SUCCESS;
  }

  Items find_items() {
    Items items;
    ondemand::document document;
    items.error = parser_.iterate(whole_.padded()).get(document);
    if (items.error != simdjson::SUCCESS) return items;
    if (mapping_.items.tokens().empty()) {
      items.error = raw_of(document, items.raw);
    } else {
      ondemand::value value;
      for (std::size_t i = 0; i < mapping_.items.tokens().size() && items.error == simdjson::SUCCESS; ++i) {
        const std::string& token = mapping_.items.tokens()[i];
        if (i == 0) {
          items.error = step(document, token, value);
        } else {
          ondemand::value next;
          items.error = step(value, token, next);
          value = next;
        }
        if (items.error == simdjson::SUCCESS) items.found += "/" + token;
      }
      items.is_there = items.error == simdjson::SUCCESS;
      if (items.is_there) items.error = raw_of(value, items.raw);
    }
    // Skipping counts brackets of both kinds alike.
    if (items.error == simdjson::SUCCESS && items.raw.back() != (items.raw.front() == '[' ? ']' : '}')) items.error = simdjson::TAPE_ERROR;
    if (items.error != simdjson::SUCCESS) {
      const char* at = nullptr;
      if (document.current_location().get(at) == simdjson::SUCCESS) items.at = static_cast<std::size_t>(at - whole_.text().data());
    }
    return items;
  }

  int complain(const Items& items) {
    const bool leads_nowhere = items.error == simdjson::NO_SUCH_FIELD || items.error == simdjson::INDEX_OUT_OF_BOUNDS || items.error == simdjson::INCORRECT_TYPE;
    if (!leads_nowhere || whole_.is_closed()) {
      const std::size_t at = std::min(whole_.is_closed() ? whole_.end() : items.at, whole_.text().size());
      const std::string_view fault = whole_.is_closed() ? whole_.fault() : simdjson::error_message(items.error);
      sink_.error("not-json", fmt::format("not JSON: {} at {}", fault, place(at)), whole_.line_at(at));
      return TIDINGS_BROKEN;
    }
    if (!mapping_.is_stated) {
      sink_.error("not-json-feed", "this is JSON but no JSON Feed: name by the options items, id, url, title, ... where its items and their fields stand");
      return TIDINGS_NOT_MINE;
    }
    const std::string why = items.is_there         ? "what stands there is no list"
                            : items.found.empty() ? "the document has no such member"
                                                  : fmt::format("{} has no such member", items.found);
    sink_.error("no-items", fmt::format("no items at pointer {}: {}", mapping_.items_text.empty() ? "\"\"" : mapping_.items_text, why));
    return TIDINGS_BROKEN;
  }

  // The document with null in the place of its items.
  dom::element root_without(std::string_view raw) {
    const std::string_view text = whole_.text();
    const auto begin = static_cast<std::size_t>(raw.data() - text.data());
    std::string rest;
    rest.reserve(text.size() - raw.size() + 8 + simdjson::SIMDJSON_PADDING);
    rest.append(text.substr(0, begin)).append("null").append(text.substr(begin + raw.size()));
    dom::element root;
    if (head_parser_.parse(rest).get(root) == simdjson::SUCCESS && root.is_object()) {
      root_ = root;
    } else {
      if (!mapping_.items.tokens().empty()) sink_.warning("broken-head", "what the document says beside its items is broken and left out");
      static constexpr std::string_view kNothing = "{}";
      if (head_parser_.parse(kNothing.data(), kNothing.size()).get(root) == simdjson::SUCCESS) root_ = root;
    }
    return root_;
  }

  // Of a document that is no JSON Feed: nothing in it is taken for what it is there.
  static Head plain_head() {
    Head head{};
    head.feed = sdk::made<tidings_feed>();
    head.feed.format = sdk::str("json");
    return head;
  }

  // The list may be an object too, whose members are the items.
  void read_items(const Items& items) {
    ItemReader reader(mapping_, head_, response_.url);
    ondemand::document document;
    ondemand::json_type type{};
    ondemand::value value;
    auto error = parser_.iterate(whole_.padded(items.raw)).get(document);
    if (error == simdjson::SUCCESS) error = document.type().get(type);
    if (error == simdjson::SUCCESS && type == ondemand::json_type::array) {
      ondemand::array array;
      if ((error = document.get_array().get(array)) == simdjson::SUCCESS) {
        for (auto element : array) {
          if ((error = element.get(value)) != simdjson::SUCCESS || (error = read_value(value, reader)) != simdjson::SUCCESS) break;
        }
      }
    } else if (error == simdjson::SUCCESS) {
      ondemand::object object;
      if ((error = document.get_object().get(object)) == simdjson::SUCCESS) {
        for (auto field : object) {
          if ((error = field.value().get(value)) != simdjson::SUCCESS || (error = read_value(value, reader)) != simdjson::SUCCESS) break;
        }
      }
    }
    if (error != simdjson::SUCCESS && !done_) {
      sink_.warning("broken", fmt::format("not JSON to its end: {} at line {}; the items before that are kept", simdjson::error_message(error), line_), line_);
      sink_.partial();
    }
    if (not_objects_ > 0) sink_.warning("item-no-object", fmt::format("{} of the items are no objects and left out", not_objects_));
    if (empty_ > 0) sink_.warning("empty-item", fmt::format("{} of the items have neither id, url, title nor text where the options say and are left out", empty_));
  }

  // An error ends the reading; `done_` where it is no error.
  simdjson::error_code read_value(ondemand::value& value, ItemReader& reader) {
    std::string_view raw;
    if (const auto error = raw_of(value, raw)) {
      if (error != simdjson::INCORRECT_TYPE) return error;
      ++not_objects_;
      return simdjson::SUCCESS;
    }
    if (!whole_.holds(raw)) {  // the one in which the document breaks off
      done_ = true;
      return simdjson::CAPACITY;
    }
    count_lines(raw);
    dom::element item;
    if (const auto error = item_parser_.parse(raw.data(), raw.size(), false).get(item)) {
      sink_.warning("broken-item", fmt::format("an item is no JSON and left out: {}", simdjson::error_message(error)), line_);
      sink_.partial();
      return simdjson::SUCCESS;
    }
    if (!item.is_object()) {
      ++not_objects_;
      return simdjson::SUCCESS;
    }
    const tidings_entry* entry = reader.read(item, line_);
    if (mapping_.is_of_events) {
      if (const auto cursor = mapping_.cursor.text(item, made_); !cursor.empty()) sink_.cursor(cursor);
    }
    if (entry == nullptr) {
      ++empty_;
    } else if (!sink_.entry(*entry)) {
      done_ = true;
      return simdjson::CAPACITY;
    }
    return simdjson::SUCCESS;
  }

  void count_lines(std::string_view raw) {
    const auto offset = static_cast<std::size_t>(raw.data() - whole_.text().data());
    const std::string_view between = whole_.text().substr(counted_, offset - counted_);
    line_ += static_cast<std::uint32_t>(std::count(between.begin(), between.end(), '\n'));
    counted_ = offset;
  }

  // Pages carry their number as tag; the source's own request has none.
  void ask_for_next() {
    const int page = response_.tag.empty() ? 1 : static_cast<int>(array_index(response_.tag).value_or(static_cast<std::size_t>(mapping_.pages)));
    if (page >= mapping_.pages || sink_.stopped()) return;
    const std::string_view url = Place{response_.url, made_}.url(mapping_.next.text(root_, made_));
    if (url.empty() || url == response_.url) return;
    const std::string tag = std::to_string(page + 1);
    auto request = sdk::made<tidings_request>();
    request.url = sdk::str(url);
    request.tag = sdk::str(tag);
    sink_.request(request);
  }

  const Mapping& mapping_;
  const sdk::Response& response_;
  sdk::Sink& sink_;
  Whole whole_;
  const char* encoding_ = "";
  Made made_;
  Head head_{};
  ondemand::parser parser_{kMaxDocumentBytes};
  dom::parser head_parser_;
  dom::parser item_parser_;
  dom::element root_;
  std::uint32_t line_ = 1;
  std::size_t counted_ = 0;
  std::size_t not_objects_ = 0;
  std::size_t empty_ = 0;
  bool done_ = false;
};

}  // namespace

int Json::parse(const sdk::Response& response, sdk::Sink& sink) const { return Reading(mapping_, response, sink).read(); }

int Json::on_event(const sdk::Event& event, sdk::Sink& sink) const {
  sdk::Response document;
  document.status = 200;
  document.url = event.url;
  document.body = event.payload;
  const std::string_view text = text::trim(event.payload);
  if (mapping_.event_items || text.empty() || text.front() != '{') return Reading(event_mapping_, document, sink).read();
  // One item, as a list of one.
  std::string list;
  list.reserve(text.size() + 2 + simdjson::SIMDJSON_PADDING);
  list.append("[").append(text).append("]");
  document.body = list;
  return Reading(event_mapping_, document, sink).read();
}

}  // namespace tidings::json_feed
