#include "json/parts.h"

#include <charconv>
#include <cmath>

#include "base/text.h"
#include "base/url.h"
#include "sdk/values.h"

namespace tidings::json_feed {
namespace {

namespace dom = simdjson::dom;
using sdk::str;

constexpr std::size_t kMaxParts = 1000;  // of one item, each kind

// Calls read(value) for each value that the field finds, and for each element where it is a list.
template <class Read>
void each(const Field& field, dom::element item, Made& made, Read read) {
  const Field::Found found = field.find(item, made);
  std::size_t count = 0;
  for (const dom::element value : found.values) {
    dom::array list;
    if (value.get(list) != simdjson::SUCCESS) {
      if (++count <= kMaxParts) read(value);
      continue;
    }
    for (const dom::element element : list) {
      if (++count <= kMaxParts) read(element);
    }
  }
}

double number_of(std::string_view text, double otherwise) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number) ? number : otherwise;
}

std::int64_t whole_number(std::string_view text) {
  const double number = number_of(text, -1);
  return number >= 0 && number < 9e15 ? std::llround(number) : -1;
}

void add_person(std::vector<tidings_person>& to, std::string_view name, std::string_view email, std::string_view uri) {
  if (name.empty() && email.empty() && uri.empty()) return;
  auto person = sdk::made<tidings_person>();
  person.name = str(name);
  person.email = str(email);
  person.uri = str(uri);
  to.push_back(person);
}

void add_category(std::vector<tidings_category>& to, std::string_view term, std::string_view label, std::string_view scheme) {
  if (term.empty()) return;
  for (const auto& one : to) {
    if (sdk::view(one.term) == term && sdk::view(one.scheme) == scheme) return;
  }
  auto category = sdk::made<tidings_category>();
  category.term = str(term);
  category.label = str(label);
  category.scheme = str(scheme);
  to.push_back(category);
}

}  // namespace

std::string_view Place::url(std::string_view reference) const {
  reference = text::trim(reference);
  if (reference.empty()) return {};
  std::string absolute = resolve_url(base, reference);
  const std::string scheme = url_scheme(absolute);
  if (scheme == "javascript" || scheme == "data" || scheme == "vbscript" || scheme == "file") return {};
  return made.keep(std::move(absolute));
}

std::string_view member_text(dom::element value, std::initializer_list<std::string_view> names, Made& made) {
  for (const std::string_view name : names) {
    dom::element member;
    if (value.at_key(name).get(member) != simdjson::SUCCESS) continue;
    if (const auto text = text::trim(scalar_text(member, made)); !text.empty()) return text;
  }
  return {};
}

void add_persons(std::vector<tidings_person>& to, const Field& field, dom::element item, const Place& place) {
  each(field, item, place.made, [&](dom::element value) {
    if (!value.is_object()) return add_person(to, text::trim(scalar_text(value, place.made)), {}, {});
    add_person(to, member_text(value, {"name", "display_name", "displayName", "full_name", "username", "login"}, place.made),
               member_text(value, {"email"}, place.made), place.url(member_text(value, {"url", "uri", "link", "href"}, place.made)));
  });
  if (const auto found = field.find(item, place.made); found.is_text) add_person(to, found.text, {}, {});
}

void add_categories(std::vector<tidings_category>& to, const Field& field, dom::element item, const Place& place) {
  each(field, item, place.made, [&](dom::element value) {
    if (!value.is_object()) return add_category(to, text::trim(scalar_text(value, place.made)), {}, {});
    const std::string_view label = member_text(value, {"label", "name", "title", "webTitle"}, place.made);
    const std::string_view term = member_text(value, {"term", "name", "slug", "id", "value"}, place.made);
    add_category(to, term.empty() ? label : term, label == term ? std::string_view() : label, member_text(value, {"scheme"}, place.made));
  });
  if (const auto found = field.find(item, place.made); found.is_text) add_category(to, found.text, {}, {});
}

void add_attachments(std::vector<tidings_media>& to, const Field& field, dom::element item, const Place& place) {
  const auto add = [&to](std::string_view url) -> tidings_media* {
    if (url.empty()) return nullptr;
    auto media = sdk::made<tidings_media>();
    media.url = str(url);
    return &to.emplace_back(media);
  };
  each(field, item, place.made, [&](dom::element value) {
    if (!value.is_object()) {
      add(place.url(scalar_text(value, place.made)));
      return;
    }
    tidings_media* media = add(place.url(member_text(value, {"url", "href", "link", "src"}, place.made)));
    if (media == nullptr) return;
    media->type = str(member_text(value, {"mime_type", "type", "content_type"}, place.made));
    media->title = str(member_text(value, {"title"}, place.made));
    media->length = whole_number(member_text(value, {"size_in_bytes", "length", "size"}, place.made));
    media->duration = number_of(member_text(value, {"duration_in_seconds", "duration"}, place.made), -1);
  });
  if (const auto found = field.find(item, place.made); found.is_text) add(place.url(found.text));
}

tidings_image read_image(const Field& field, dom::element item, const Place& place) {
  auto image = sdk::made<tidings_image>();
  each(field, item, place.made, [&](dom::element value) {
    if (image.url.size > 0) return;
    if (!value.is_object()) {
      image.url = str(place.url(scalar_text(value, place.made)));
      return;
    }
    image.url = str(place.url(member_text(value, {"url", "src", "href", "contentUrl"}, place.made)));
    image.title = str(member_text(value, {"title", "caption", "alt"}, place.made));
    image.width = whole_number(member_text(value, {"width"}, place.made));
    image.height = whole_number(member_text(value, {"height"}, place.made));
  });
  if (const auto found = field.find(item, place.made); found.is_text) image.url = str(place.url(found.text));
  return image;
}

}  // namespace tidings::json_feed
