#include "normalize/item.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "base/url.h"
#include "normalize/canonical_url.h"
#include "normalize/html.h"
#include "normalize/language.h"

namespace tidings::normalize {
namespace {

using model::Text;
using std::string_view;

constexpr std::size_t kMaxTitleBytes = 2048;
// A date later than the fetch by more than this is kept, and flagged.
constexpr std::chrono::hours kClockTolerance(24);

bool is_markup(const Text& t) { return t.type == "html" || t.type == "xhtml"; }

// Unicode normal form C, so that equal texts are equal bytes (UAX 15).
std::string nfc(std::string utf8) {
  if (std::all_of(utf8.begin(), utf8.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return utf8;
  static const icu::Normalizer2* const normalizer = [] {
    UErrorCode failed = U_ZERO_ERROR;
    return icu::Normalizer2::getNFCInstance(failed);
  }();
  if (normalizer == nullptr) return utf8;
  UErrorCode status = U_ZERO_ERROR;
  if (normalizer->isNormalizedUTF8(utf8, status) && U_SUCCESS(status)) return utf8;
  status = U_ZERO_ERROR;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  normalizer->normalizeUTF8(0, utf8, sink, nullptr, status);
  return U_SUCCESS(status) ? out : utf8;
}

std::string cut(std::string s, std::size_t max_bytes) {
  if (s.size() <= max_bytes) return s;
  s.resize(text::truncate_utf8(s, max_bytes).size());
  return s;
}

std::string line_of(const Text& t) {
  return nfc(cut(is_markup(t) ? plain_line(t.value) : text::collapse_space(t.value), kMaxTitleBytes));
}

std::string words_of(const Text& t) { return is_markup(t) ? plain_text(t.value) : std::string(text::trim(t.value)); }

// The longest text that the entry has in itself.
const Text* body_of(const model::Entry& entry) {
  const Text* best = nullptr;
  for (const auto& content : entry.content) {
    if ((content.type == "text" || is_markup(content)) && !content.value.empty() && (best == nullptr || content.value.size() > best->value.size())) {
      best = &content;
    }
  }
  return best;
}

bool is_web_url(string_view url) {
  const std::string scheme = url_scheme(url);
  return scheme == "http" || scheme == "https";
}

std::string web_url(const std::string& url) { return is_web_url(url) ? url : std::string(); }

void set_texts(model::Item& item, const model::Entry& entry, const Options& options) {
  item.title = line_of(entry.title);
  std::string summary = nfc(words_of(entry.summary));
  item.truncated = summary.size() > options.max_summary_bytes;
  item.summary = cut(std::move(summary), options.max_summary_bytes);
  const Text* body = body_of(entry);
  // A description with markup is all the body that many feeds have; its text is the summary already.
  const Text* shown = body != nullptr ? body : is_markup(entry.summary) ? &entry.summary : nullptr;
  if (shown == nullptr) return;
  const string_view value = text::truncate_utf8(shown->value, options.max_body_bytes);
  item.truncated = item.truncated || value.size() < shown->value.size();
  if (is_markup(*shown)) {
    HtmlReading reading = read_html(value, shown->base);
    const bool has_markup = reading.html.find('<') != std::string::npos;
    if (options.keep_html && has_markup) item.body_html = nfc(std::move(reading.html));
    if (body != nullptr) item.body_text = nfc(std::move(reading.text));
  } else {
    item.body_text = nfc(std::string(text::trim(value)));
  }
  // The same text twice says nothing more.
  if (item.body_text == item.summary) item.body_text.clear();
}

void set_urls(model::Item& item, const model::Entry& entry, const Options& options) {
  item.url = web_url(entry.link);
  item.canonical_url = canonical_url(item.url, options);
  item.external_url = web_url(entry.external_url);
  item.comments_url = web_url(entry.comments);
}

void set_identity(model::Item& item) {
  if (!item.guid.empty()) {
    item.identity = "guid:" + item.guid;
  } else if (!item.canonical_url.empty()) {
    item.identity = "url:" + item.canonical_url;
  } else {
    item.identity = "text:" + to_hex(hash128(item.title + '\n' + (item.summary.empty() ? item.body_text : item.summary)));
  }
  item.id = item_id(item.source_id, item.identity);
}

void add_authors(model::Item& item, const std::vector<model::Person>& authors) {
  for (const auto& author : authors) item.authors.push_back({plain_line(author.name), author.email, web_url(author.uri)});
}

// True where it is stated.
bool take_language(model::Item& item, const char* method, const std::string& stated) {
  item.language = language_tag(stated);
  if (!item.language.empty()) item.language_method = method;
  return !item.language.empty();
}

void set_dates(model::Item& item, const model::Entry& entry, Time fetched) {
  item.published = entry.published.time;
  item.published_raw = entry.published.raw;
  item.updated = entry.updated.time;
  item.updated_raw = entry.updated.raw;
  item.fetched = fetched;
  item.date_in_future = item.published && *item.published > fetched + kClockTolerance;
}

void set_media(model::Item& item, const model::Entry& entry) {
  std::set<string_view> seen;
  for (const auto* list : {&entry.enclosures, &entry.media}) {
    for (const auto& media : *list) {
      if (is_web_url(media.url) && seen.insert(media.url).second) item.enclosures.push_back(media);
    }
  }
  item.image_url = web_url(entry.image.url);
  if (item.image_url.empty() && !entry.thumbnails.empty()) item.image_url = web_url(entry.thumbnails.front().url);
  for (const auto& media : item.enclosures) {
    if (!item.image_url.empty()) break;
    if (media.medium == "image" || media.type.starts_with("image/")) item.image_url = media.url;
  }
}

}  // namespace

std::string item_id(string_view source_id, string_view identity) {
  std::string key(source_id);
  key += '\0';
  key += identity;
  return "urn:tidings:item:" + to_hex(hash128(key));
}

model::Item normalize(const model::Source& source, const model::Entry& entry, Time fetched, const Options& options) {
  model::Item item;
  item.source_id = source.id;
  item.source_name = source.name;
  item.feed_url = source.url;
  item.guid = entry.id;
  set_texts(item, entry, options);
  set_urls(item, entry, options);
  set_identity(item);
  take_language(item, "entry", entry.language);
  set_dates(item, entry, fetched);
  set_media(item, entry);
  add_authors(item, entry.authors);
  item.categories = entry.categories;
  item.tags = source.settings->tags;
  item.rights = line_of(entry.rights);
  item.country = source.settings->country;
  item.owner = source.settings->owner;
  item.deleted = entry.deleted;
  return item;
}

void inherit(model::Item& item, const model::Source& source, const model::Feed& feed, const Options& options) {
  if (item.source_name.empty()) item.source_name = line_of(feed.title);
  if (item.authors.empty()) add_authors(item, feed.authors);
  if (item.rights.empty()) item.rights = line_of(feed.rights);
  if (!item.language.empty() || take_language(item, "feed", feed.language) || take_language(item, "source", source.settings->language)) return;
  if (!options.detect_language) return;
  item.language = detect_language(item.title, item.body_text.empty() ? item.summary : item.body_text);
  if (!item.language.empty()) item.language_method = "detected";
}

}  // namespace tidings::normalize
