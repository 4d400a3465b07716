#pragma once
// The C++ wrapper of the plugin ABI (tidings/plugin.h): an author writes a class and one macro, and no exception
// leaves the plugin.
//
//   class Weather {
//    public:
//     static constexpr tidings::sdk::About kAbout{.name = "weather", .version = "1.0", .summary = "Storm warnings"};
//     explicit Weather(const tidings::sdk::Source& source);                   // throw BadOption where one is off
//     int parse(const tidings::sdk::Response& response, tidings::sdk::Sink& sink);
//   };
//   TIDINGS_PLUGIN(Weather)
//
// Optional members: static std::span<const tidings_option> options(); void requests(std::string_view cursor, Sink&)
// (without it the source's URL is asked for); int on_event(const tidings::sdk::Event&, Sink&) makes it a stream plugin.
// Views passed in are good until the call returns, views given to the Sink only until that call returns.

#include <tidings/plugin.h>

#include <exception>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "sdk/values.h"

namespace tidings::sdk {

struct About {
  const char* name = "";
  const char* version = "";
  const char* summary = "";
};

// Thrown by a plugin's constructor: one plain sentence that names the option.
struct BadOption : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Source {
  std::string_view id, url, language, options;
};

struct Response {
  int status = 0;
  std::string_view tag, url, body, charset_hint;
  std::span<const tidings_header> headers;

  // The value of the first header of that name (written in lower case), or an empty view.
  std::string_view header(std::string_view lower_case_name) const {
    for (const tidings_header& h : headers) {
      if (equal_ignoring_case(view(h.name), lower_case_name)) return view(h.value);
    }
    return {};
  }
};

struct Event {
  std::string_view type, id, payload, url;
};

// What a plugin finds goes here. Each function returns true while the host wants more.
class Sink {
 public:
  explicit Sink(const tidings_sink* sink) : sink_(grown(sink)) {}

  bool feed(const tidings_feed& feed) { return wants_more(sink_.feed ? sink_.feed(sink_.context, &feed) : 0); }
  bool entry(const tidings_entry& entry) {
    return wants_more(sink_.entry ? sink_.entry(sink_.context, &entry) : 0);
  }
  bool request(const tidings_request& request) {
    return wants_more(sink_.request ? sink_.request(sink_.context, &request) : 0);
  }
  void cursor(std::string_view cursor) {
    if (sink_.cursor) sink_.cursor(sink_.context, str(cursor));
  }
  void partial() {
    if (sink_.partial) sink_.partial(sink_.context);
  }
  void note(std::string_view code, std::string_view message, std::uint32_t line = 0) {
    say(TIDINGS_NOTE, code, message, line);
  }
  void warning(std::string_view code, std::string_view message, std::uint32_t line = 0) {
    say(TIDINGS_WARNING, code, message, line);
  }
  void error(std::string_view code, std::string_view message, std::uint32_t line = 0) {
    say(TIDINGS_ERROR, code, message, line);
  }
  bool stopped() const { return stopped_; }

 private:
  bool wants_more(int answer) {
    stopped_ = stopped_ || answer != 0;
    return !stopped_;
  }
  void say(int severity, std::string_view code, std::string_view message, std::uint32_t line) {
    if (sink_.warning) sink_.warning(sink_.context, severity, line, str(code), str(message));
  }

  tidings_sink sink_;
  bool stopped_ = false;
};

namespace detail {

template <class P>
concept MakesRequests = requires(P p, std::string_view cursor, Sink& sink) { p.requests(cursor, sink); };
template <class P>
concept ReadsEvents = requires(P p, const Event& event, Sink& sink) { p.on_event(event, sink); };
template <class P>
concept HasOptions = requires { P::options(); };

// Runs f and turns whatever it throws into a status and one error sentence.
template <class F>
int guarded(const tidings_sink* sink, F f) noexcept {
  try {
    return f();
  } catch (const BadOption& e) {
    Sink(sink).error("bad-option", e.what());
    return TIDINGS_BAD_OPTIONS;
  } catch (const std::bad_alloc&) {
    Sink(sink).error("out-of-memory", "the plugin ran out of memory");
  } catch (const std::exception& e) {
    Sink(sink).error("internal", e.what());
  } catch (...) {
    Sink(sink).error("internal", "the plugin threw what is no std::exception");
  }
  return TIDINGS_INTERNAL;
}

template <class P>
struct Instance {
  std::string url;
  P plugin;
};

template <class P>
int create(const tidings_source* source, const tidings_sink* sink, void** instance) noexcept {
  return guarded(sink, [&] {
    const tidings_source given = grown(source);
    const Source s{view(given.id), view(given.url), view(given.language), view(given.options)};
    *instance = new Instance<P>{std::string(s.url), P(s)};
    return static_cast<int>(TIDINGS_OK);
  });
}

template <class P>
void destroy(void* instance) noexcept {
  delete static_cast<Instance<P>*>(instance);
}

template <class P>
int requests(void* instance, tidings_str cursor, const tidings_sink* sink) noexcept {
  return guarded(sink, [&] {
    auto& self = *static_cast<Instance<P>*>(instance);
    Sink out(sink);
    if constexpr (MakesRequests<P>) {
      self.plugin.requests(view(cursor), out);
    } else if (!self.url.empty()) {
      auto request = made<tidings_request>();
      request.url = str(self.url);
      out.request(request);
    }
    return static_cast<int>(TIDINGS_OK);
  });
}

template <class P>
int parse(void* instance, const tidings_response* response, const tidings_sink* sink) noexcept {
  return guarded(sink, [&] {
    const tidings_response given = grown(response);
    Response r;
    r.status = given.status;
    r.tag = view(given.tag);
    r.url = view(given.url);
    r.body = view(given.body);
    r.charset_hint = view(given.charset_hint);
    r.headers = {given.headers, given.header_count};
    Sink out(sink);
    return static_cast<Instance<P>*>(instance)->plugin.parse(r, out);
  });
}

template <class P>
int on_event(void* instance, const tidings_event* event, const tidings_sink* sink) noexcept {
  return guarded(sink, [&] {
    const tidings_event given = grown(event);
    const Event e{view(given.type), view(given.id), view(given.payload), view(given.url)};
    Sink out(sink);
    return static_cast<Instance<P>*>(instance)->plugin.on_event(e, out);
  });
}

}  // namespace detail

// The description of plugin class P, as the exported function returns it.
template <class P>
const tidings_plugin* describe() noexcept {
  static const tidings_plugin plugin = [] {
    tidings_plugin p{};
    p.struct_size = sizeof p;
    p.abi_major = TIDINGS_ABI_MAJOR;
    p.abi_minor = TIDINGS_ABI_MINOR;
    p.build = TIDINGS_BUILD;
    p.name = P::kAbout.name;
    p.version = P::kAbout.version;
    p.summary = P::kAbout.summary;
    p.kinds = TIDINGS_POLL;
    if constexpr (detail::HasOptions<P>) {
      const std::span<const tidings_option> options = P::options();
      p.options = options.data();
      p.option_count = options.size();
    }
    p.create = detail::create<P>;
    p.destroy = detail::destroy<P>;
    p.requests = detail::requests<P>;
    p.parse = detail::parse<P>;
    if constexpr (detail::ReadsEvents<P>) {
      p.kinds |= TIDINGS_STREAM;
      p.on_event = detail::on_event<P>;
    }
    return p;
  }();
  return &plugin;
}

}  // namespace tidings::sdk

// Defines the one exported symbol, for one plugin class a module.
#define TIDINGS_PLUGIN(Class) \
  extern "C" TIDINGS_EXPORT const tidings_plugin* tidings_plugin_v1(void) { return tidings::sdk::describe<Class>(); }
