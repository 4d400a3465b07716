#pragma once
// The plugin "feed": RSS, RDF, Atom and CDF, whole or broken, in any encoding.

#include "sdk/plugin.h"

namespace tidings::feed {

class Feed {
 public:
  static constexpr sdk::About kAbout{"feed", "1.0", "RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF"};

  explicit Feed(const sdk::Source&) {}

  int parse(const sdk::Response& response, sdk::Sink& sink) const;
  // A stream's event is a document of its own.
  int on_event(const sdk::Event& event, sdk::Sink& sink) const;
};

}  // namespace tidings::feed
