// XML feeds, whole and broken: all that comes out is UTF-8 and bounded, links are harmless, entries have lines that exist.
// An input that begins with "charset=NAME" and a line end has that Content-Type.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/padded.h"
#include "base/text.h"
#include "base/url.h"
#include "feed/feed.h"

namespace {

using namespace tidings;

struct Seen {
  std::size_t entries = 0;
  int feeds = 0;
  std::uint32_t lines = 0;
};

void check(bool fine) {
  if (!fine) std::abort();
}

void check_text(tidings_str s) { check(text::is_valid_utf8(sdk::view(s))); }

void check_url(tidings_str s) {
  check_text(s);
  const std::string scheme = url_scheme(sdk::view(s));
  check(scheme != "javascript" && scheme != "vbscript" && scheme != "data" && scheme != "file");
}

int on_entry(void* context, const tidings_entry* e) {
  auto& seen = *static_cast<Seen*>(context);
  for (const tidings_str s : {e->id, e->title.value, e->summary.value, e->rights.value, e->language, e->published.raw, e->extra}) check_text(s);
  check_url(e->link);
  check_url(e->comments);
  check_url(e->image.url);
  for (std::size_t i = 0; i < e->content_count; ++i) check_text(e->content[i].value);
  for (std::size_t i = 0; i < e->author_count; ++i) check_text(e->authors[i].name), check_text(e->authors[i].email);
  for (std::size_t i = 0; i < e->link_count; ++i) check_url(e->links[i].href);
  for (std::size_t i = 0; i < e->enclosure_count; ++i) check_url(e->enclosures[i].url);
  for (std::size_t i = 0; i < e->media_count; ++i) check_url(e->media[i].url);
  check(e->content_count <= 64 && e->category_count <= 1000 && e->media_count <= 1000);
  check(e->line >= 1 && e->line <= seen.lines);
  return ++seen.entries >= 1000;
}

int on_feed(void* context, const tidings_feed* f) {
  check(++static_cast<Seen*>(context)->feeds == 1);
  check_text(f->title.value);
  check_text(f->subtitle.value);
  check_url(f->link);
  check_url(f->self);
  check(f->format.size > 0);
  return 0;
}

int on_warning(void* context, int, std::uint32_t line, tidings_str code, tidings_str message) {
  check(code.size > 0 && text::is_valid_utf8(sdk::view(message)) && line <= static_cast<Seen*>(context)->lines);
  return 0;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view document(reinterpret_cast<const char*>(bytes), size);
  std::string type = "text/xml";
  if (document.starts_with("charset=")) {
    const std::size_t end = std::min(document.find('\n'), document.size());
    (type += "; ") += document.substr(0, end);
    document.remove_prefix(std::min(end + 1, document.size()));
  }
  Seen seen;
  // UTF-16 may have line ends that are one byte of two.
  seen.lines = 2 + static_cast<std::uint32_t>(document.size());
  auto sink = sdk::made<tidings_sink>();
  sink.context = &seen;
  sink.entry = on_entry;
  sink.feed = on_feed;
  sink.warning = on_warning;
  const tidings_plugin& plugin = *sdk::describe<feed::Feed>();
  auto source = sdk::made<tidings_source>();
  void* instance = nullptr;
  check(plugin.create(&source, &sink, &instance) == TIDINGS_OK);
  const PaddedBytes body(document);
  const tidings_header header{sdk::str("Content-Type"), sdk::str(type)};
  auto response = sdk::made<tidings_response>();
  response.status = 200;
  response.url = sdk::str("http://fuzz.test/dir/feed.xml");
  response.headers = &header;
  response.header_count = 1;
  response.body = sdk::str(body.view());
  const int status = plugin.parse(instance, &response, &sink);
  plugin.destroy(instance);
  check(status == TIDINGS_OK || status == TIDINGS_STOPPED || status == TIDINGS_NOT_MINE);
  check(status == TIDINGS_NOT_MINE || seen.feeds == 1);
  return 0;
}
