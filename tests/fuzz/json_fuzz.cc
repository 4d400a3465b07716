// JSON documents, as a JSON Feed and by a mapping: what is read is well formed, and the same input gives the same entries.
// Options are fuzzed where the input begins with "{" and has a line of options before its document.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/padded.h"
#include "json/json.h"

namespace {

using namespace tidings;

struct Tally {
  std::size_t entries = 0;
  std::size_t bytes = 0;
  int feeds = 0;
};

int entry(void* context, const tidings_entry* entry) {
  auto& tally = *static_cast<Tally*>(context);
  ++tally.entries;
  for (const auto text : {entry->id, entry->title.value, entry->summary.value, entry->link, entry->published.raw}) {
    for (const char c : sdk::view(text)) tally.bytes += static_cast<unsigned char>(c);
  }
  for (std::size_t i = 0; i < entry->enclosure_count; ++i) tally.bytes += entry->enclosures[i].url.size;
  return tally.entries >= 1000;
}

int feed(void* context, const tidings_feed* feed) {
  if (++static_cast<Tally*>(context)->feeds > 1 || feed->struct_size != sizeof(tidings_feed)) std::abort();
  return 0;
}

Tally run(std::string_view options, std::string_view document) {
  Tally tally;
  auto sink = sdk::made<tidings_sink>();
  sink.context = &tally;
  sink.feed = feed;
  sink.entry = entry;
  const tidings_plugin& plugin = *sdk::describe<json_feed::Json>();
  auto source = sdk::made<tidings_source>();
  source.options = sdk::str(options);
  void* instance = nullptr;
  if (plugin.create(&source, &sink, &instance) != TIDINGS_OK) return tally;
  const PaddedBytes body(document);
  auto response = sdk::made<tidings_response>();
  response.status = 200;
  response.url = sdk::str("https://news.test/feed.json");
  response.body = sdk::str(body.view());
  if (plugin.parse(instance, &response, &sink) == TIDINGS_INTERNAL) std::abort();
  plugin.destroy(instance);
  return tally;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(bytes), size);
  std::string_view options = R"({"items":"","title":"/a | /title","url":"https://news.test/{/id}","tags":"/tags/*","date_unit":"auto"})";
  const Tally first = run({}, text);
  const Tally second = run({}, text);
  if (first.entries != second.entries || first.bytes != second.bytes) std::abort();
  if (const auto end = text.find('\n'); end != std::string_view::npos) {
    options = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  run(options, text);
  return 0;
}
