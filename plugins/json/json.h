#pragma once
// The plugin "json": JSON Feed 1.0 and 1.1, and any JSON API by a mapping of JSON Pointers in the source's options.

#include "json/mapping.h"
#include "sdk/plugin.h"

namespace tidings::json_feed {

class Json {
 public:
  static constexpr sdk::About kAbout{"json", "1.0", "JSON Feed 1.0 and 1.1, and any JSON API by a mapping"};
  static std::span<const tidings_option> options() { return option_table(); }

  explicit Json(const sdk::Source& source) : mapping_(Mapping::read(source.options)), event_mapping_(mapping_.of_events()) {}

  int parse(const sdk::Response& response, sdk::Sink& sink) const;
  // A stream's event is one item, or a list of them; where the options name its items, a document that holds them.
  int on_event(const sdk::Event& event, sdk::Sink& sink) const;

 private:
  Mapping mapping_;
  Mapping event_mapping_;
};

}  // namespace tidings::json_feed
