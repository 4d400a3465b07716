#pragma once
// Runs the feed plugin on a document, through its ABI and the host's collector.

#include <string>
#include <string_view>

#include "base/padded.h"
#include "feed/feed.h"
#include "plugin/document.h"

namespace tidings::feed::testing {

struct Headers {
  std::string content_type;
  std::string content_location;
  std::string content_language;
};

struct Outcome {
  int status = 0;
  model::Document document;

  const model::Entry& entry(std::size_t i = 0) const { return document.entries.at(i); }
  const model::Feed& feed() const { return document.feed; }
  // The first of this code; an empty one where there is none.
  model::Warning warning(std::string_view code) const {
    for (const model::Warning& w : document.warnings) {
      if (w.code == code) return w;
    }
    return {};
  }
  bool warns_of(std::string_view code) const {
    for (const model::Warning& w : document.warnings) {
      if (w.code == code && w.severity != model::Warning::Severity::note) return true;
    }
    return false;
  }
};

inline Outcome read(std::string_view bytes, const Headers& stated = {}, std::string_view url = "http://news.test/feed.xml") {
  const tidings_plugin& plugin = *sdk::describe<Feed>();
  plugin::DocumentSink sink;
  auto source = sdk::made<tidings_source>();
  void* instance = nullptr;
  plugin.create(&source, sink.sink(), &instance);
  const PaddedBytes body(bytes);
  const tidings_header headers[] = {{sdk::str("Content-Type"), sdk::str(stated.content_type)},
                                    {sdk::str("Content-Location"), sdk::str(stated.content_location)},
                                    {sdk::str("Content-Language"), sdk::str(stated.content_language)}};
  auto response = sdk::made<tidings_response>();
  response.status = 200;
  response.url = sdk::str(url);
  response.headers = headers;
  response.header_count = 3;
  response.body = sdk::str(body.view());
  Outcome outcome;
  outcome.status = plugin.parse(instance, &response, sink.sink());
  plugin.destroy(instance);
  outcome.document = sink.take();
  return outcome;
}

// An RSS document round one item.
inline Outcome read_item(std::string_view inside) {
  return read("<rss version='2.0'><channel><title>T</title><item>" + std::string(inside) + "</item></channel></rss>");
}

// An Atom document round one entry.
inline Outcome read_entry(std::string_view inside) {
  return read("<feed xmlns='http://www.w3.org/2005/Atom'><entry>" + std::string(inside) + "</entry></feed>");
}

}  // namespace tidings::feed::testing
