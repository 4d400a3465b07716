// Plugins that the host must refuse, each with one thing off, by the macro it is built with.

#include <tidings/plugin.h>

namespace {

int create(const tidings_source*, const tidings_sink*, void** instance) {
  static int one = 0;
#ifndef ODD_NO_INSTANCE
  *instance = &one;
#else
  (void)instance;
  (void)one;
#endif
  return TIDINGS_OK;
}
void destroy(void*) {}
int requests(void*, tidings_str, const tidings_sink*) { return TIDINGS_OK; }
int parse(void*, const tidings_response*, const tidings_sink*) { return TIDINGS_OK; }

[[maybe_unused]] const tidings_option kOptions[] = {{sizeof(tidings_option), "colour", 17, nullptr, "No such type", 0}};

}  // namespace

#ifdef ODD_UNRESOLVED
extern "C" int tidings_test_is_defined_nowhere();
#endif

#ifdef ODD_NO_SYMBOL
extern "C" TIDINGS_EXPORT int odd_something_else() { return create(nullptr, nullptr, nullptr) + parse(nullptr, nullptr, nullptr) + requests(nullptr, {}, nullptr) + (destroy(nullptr), 0); }
#else
extern "C" TIDINGS_EXPORT const tidings_plugin* tidings_plugin_v1(void) {
  static tidings_plugin plugin{};
  plugin.struct_size = sizeof plugin;
  plugin.abi_major = TIDINGS_ABI_MAJOR;
  plugin.abi_minor = TIDINGS_ABI_MINOR;
  plugin.build = TIDINGS_BUILD;
  plugin.name = "odd";
  plugin.version = "1";
  plugin.summary = "For tests";
  plugin.kinds = TIDINGS_POLL;
  plugin.create = create;
  plugin.destroy = destroy;
  plugin.requests = requests;
  plugin.parse = parse;
#ifdef ODD_ABI
  plugin.abi_major = TIDINGS_ABI_MAJOR + 1;
#endif
#ifdef ODD_BUILD
  plugin.build = "tidings-abi-1 other";
#endif
#ifdef ODD_SIZE
  plugin.struct_size = 16;
#endif
#ifdef ODD_NAMELESS
  plugin.name = nullptr;
#endif
#ifdef ODD_NO_PARSE
  plugin.parse = nullptr;
#endif
#ifdef ODD_STREAM
  plugin.kinds = TIDINGS_STREAM;
#endif
#ifdef ODD_OPTION
  plugin.options = kOptions;
  plugin.option_count = 1;
#endif
#ifdef ODD_UNRESOLVED
  plugin.kinds = static_cast<uint32_t>(tidings_test_is_defined_nowhere());
#endif
  return &plugin;
}
#endif
