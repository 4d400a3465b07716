#include "json/item.h"

#include <charconv>
#include <cmath>

#include "base/text.h"
#include "base/url.h"
#include "sdk/values.h"

namespace tidings::json_feed {
namespace {

namespace dom = simdjson::dom;
using sdk::str;
using sdk::view;

tidings_text text_of(std::string_view value, bool is_html, std::string_view base, std::string_view language) {
  auto text = sdk::made<tidings_text>();
  text.value = str(value);
  text.type = str(is_html ? "html" : "text");
  text.base = str(base);
  text.language = str(language);
  return text;
}

bool degrees(std::string_view text, double bound, double& to) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  return !text.empty() && error == std::errc() && end == text.data() + text.size() && std::abs(to) <= bound;
}

}  // namespace

const tidings_entry* ItemReader::read(dom::element item, std::uint32_t line) {
  made_.clear();
  const Place place{url_, made_};
  entry_ = sdk::made<tidings_entry>();
  entry_.line = line;
  entry_.id = str(text::trim(mapping_.id.text(item, made_)));
  std::string_view link = place.url(mapping_.link.text(item, made_));
  if (const std::string scheme = url_scheme(view(entry_.id)); link.empty() && (scheme == "http" || scheme == "https")) {
    link = view(entry_.id);
    entry_.id_is_permalink = 1;
  }
  entry_.link = str(link);
  entry_.external_url = str(place.url(mapping_.external_url.text(item, made_)));
  entry_.comments = str(place.url(mapping_.comments.text(item, made_)));
  std::string_view language = text::trim(mapping_.language.text(item, made_));
  if (language.empty()) language = view(head_.feed.language);
  entry_.language = str(language);
  read_texts(item, link.empty() ? url_ : link, language);
  entry_.published = read_date(mapping_.published, mapping_.date_unit, item, made_);
  entry_.updated = read_date(mapping_.updated, mapping_.date_unit, item, made_);
  entry_.expires = read_date(mapping_.expires, mapping_.date_unit, item, made_);
  read_lists(item, place);
  read_position(item);
  const bool says_something = entry_.id.size > 0 || entry_.link.size > 0 || entry_.title.value.size > 0 || !content_.empty() ||
                              entry_.summary.value.size > 0;
  return says_something ? &entry_ : nullptr;
}

void ItemReader::read_texts(dom::element item, std::string_view base, std::string_view language) {
  entry_.title = text_of(mapping_.title.text(item, made_), mapping_.html_title, base, language);
  entry_.summary = text_of(mapping_.summary.text(item, made_), mapping_.html_summary, base, language);
  content_.clear();
  if (const auto html = mapping_.content_html.text(item, made_); !html.empty()) content_.push_back(text_of(html, true, base, language));
  if (const auto text = mapping_.content_text.text(item, made_); !text.empty()) content_.push_back(text_of(text, false, base, language));
  sdk::list(entry_.content, entry_.content_count, content_);
}

void ItemReader::read_lists(dom::element item, const Place& place) {
  authors_.clear();
  categories_.clear();
  attachments_.clear();
  media_.clear();
  add_persons(authors_, mapping_.authors, item, place);
  if (authors_.empty()) authors_ = head_.authors;  // theirs are those of each item that names none
  add_categories(categories_, mapping_.tags, item, place);
  add_attachments(attachments_, mapping_.attachments, item, place);
  entry_.image = read_image(mapping_.image, item, place);
  if (const tidings_image banner = read_image(mapping_.banner, item, place); banner.url.size > 0) {
    auto media = sdk::made<tidings_media>();
    media.url = banner.url;
    media.medium = str("image");
    media.title = banner.title;
    media.width = banner.width;
    media.height = banner.height;
    media_.push_back(media);
  }
  sdk::list(entry_.authors, entry_.author_count, authors_);
  sdk::list(entry_.categories, entry_.category_count, categories_);
  sdk::list(entry_.enclosures, entry_.enclosure_count, attachments_);
  sdk::list(entry_.media, entry_.media_count, media_);
}

void ItemReader::read_position(dom::element item) {
  double latitude = 0;
  double longitude = 0;
  if (!degrees(mapping_.latitude.text(item, made_), 90, latitude) || !degrees(mapping_.longitude.text(item, made_), 180, longitude)) return;
  entry_.latitude = latitude;
  entry_.longitude = longitude;
  entry_.has_position = 1;
}

}  // namespace tidings::json_feed
