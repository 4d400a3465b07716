// Plugins that load and then break one rule of plugin.h each, by the macro they are built with: the conformance kit must find it.

#include <tidings/plugin.h>

#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace {

constexpr tidings_str str(std::string_view s) { return {s.data(), s.size()}; }

[[maybe_unused]] int calls = 0;
[[maybe_unused]] const char* kept = nullptr;
int instances = 0;

int create(const tidings_source* source, const tidings_sink* sink, void** instance) {
#ifndef BAD_LOOSE
  if (source->struct_size >= sizeof(tidings_source) && std::string_view(source->options.data, source->options.size).find(":7") != std::string_view::npos) {
    sink->warning(sink->context, TIDINGS_ERROR, 0, str("bad-option"), str("the option does not fit"));
    return TIDINGS_BAD_OPTIONS;
  }
#else
  (void)source;
  (void)sink;
#endif
  *instance = &instances;
  return TIDINGS_OK;
}

void destroy(void*) {}

int requests(void*, tidings_str, const tidings_sink* sink) {
  tidings_request request{};
  request.struct_size = sizeof request;
  request.url = str("https://news.test/");
  return sink->request(sink->context, &request) == 0 ? TIDINGS_OK : TIDINGS_STOPPED;
}

// Two entries for whatever is not empty.
int parse(void*, const tidings_response* response, const tidings_sink* sink) {
  const std::string_view body(response->body.data, response->body.size);
  tidings_entry entry{};
  entry.struct_size = sizeof entry;
  entry.title.struct_size = sizeof entry.title;
  entry.title.value = str(body.substr(0, 8));
#ifdef BAD_CRASH
  if (body.empty()) *reinterpret_cast<volatile int*>(16) = 1;  // no null pointer: UBSan would see that first
#endif
#ifdef BAD_EXIT
  if (body.size() > 1'000'000) std::_Exit(3);
#endif
#ifdef BAD_THROW
  if (body == "[]") throw std::runtime_error("nobody catches this");
#endif
#ifdef BAD_POINTER
  if (kept != nullptr && *kept == '?') return TIDINGS_BROKEN;
  kept = response->body.data;
#endif
#ifdef BAD_OVERREAD
  if (response->body.data[response->body.size + TIDINGS_BODY_PADDING] == '?') return TIDINGS_BROKEN;
#endif
#ifdef BAD_SIZE
  if (response->charset_hint.size > 100) return TIDINGS_BROKEN;
#endif
#ifdef BAD_STATE
  entry.line = static_cast<uint32_t>(++calls);
#endif
  if (body.empty()) {
#ifndef BAD_SILENT
    sink->warning(sink->context, TIDINGS_ERROR, 0, str("empty"), str("the document is empty"));
#endif
    return TIDINGS_NOT_MINE;
  }
  for (const std::string_view id : {"1", "2"}) {
    entry.id = str(id);
    const int wants_no_more = sink->entry(sink->context, &entry);
#ifndef BAD_DEAF
    if (wants_no_more != 0) return TIDINGS_STOPPED;
#else
    (void)wants_no_more;
#endif
  }
  return TIDINGS_OK;
}

const tidings_option kOptions[] = {
#ifdef BAD_LOOSE
    {sizeof(tidings_option), "colour", TIDINGS_STRING, "red", "A default that is no JSON", 0},
#else
    {sizeof(tidings_option), "colour", TIDINGS_STRING, "\"red\"", "The colour of it", 0},
#endif
};

}  // namespace

#ifdef BAD_LOOSE
extern "C" TIDINGS_EXPORT int bad_second_symbol() { return 0; }
#endif

extern "C" TIDINGS_EXPORT const tidings_plugin* tidings_plugin_v1(void) {
  static const tidings_plugin plugin{sizeof(tidings_plugin), TIDINGS_ABI_MAJOR, TIDINGS_ABI_MINOR, TIDINGS_BUILD, "bad", "1", "For tests of the kit", TIDINGS_POLL,
                                     kOptions, 1, create, destroy, requests, parse, nullptr};
  return &plugin;
}
