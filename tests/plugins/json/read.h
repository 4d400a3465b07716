#pragma once
// Runs the json plugin on a document, through its ABI and the host's collector.

#include <string>
#include <string_view>

#include "base/padded.h"
#include "json/json.h"
#include "plugin/document.h"

namespace tidings::json_feed::testing {

struct Outcome {
  int status = 0;
  model::Document document;

  const model::Entry& entry(std::size_t i = 0) const { return document.entries.at(i); }
  const model::Feed& feed() const { return document.feed; }
  // The message of the first warning of that code, or empty.
  std::string said(std::string_view code) const {
    for (const auto& warning : document.warnings) {
      if (warning.code == code) return warning.message;
    }
    return {};
  }
};

// Makes an instance with the options and has it called: call(plugin, instance, sink) gives the status.
template <class Call>
Outcome with_instance(std::string_view options, Call call) {
  const tidings_plugin& plugin = *sdk::describe<Json>();
  plugin::DocumentSink sink;
  auto source = sdk::made<tidings_source>();
  source.options = sdk::str(options);
  Outcome outcome;
  void* instance = nullptr;
  outcome.status = plugin.create(&source, sink.sink(), &instance);
  if (outcome.status == TIDINGS_OK) {
    outcome.status = call(plugin, instance, sink.sink());
    plugin.destroy(instance);
  }
  outcome.document = sink.take();
  return outcome;
}

inline Outcome read(std::string_view bytes, std::string_view options = {}, std::string_view tag = {}) {
  return with_instance(options, [&](const tidings_plugin& plugin, void* instance, auto* sink) {
    const PaddedBytes body(bytes);
    auto response = sdk::made<tidings_response>();
    response.status = 200;
    response.url = sdk::str("https://news.test/api/feed.json");
    response.body = sdk::str(body.view());
    response.tag = sdk::str(tag);
    return plugin.parse(instance, &response, sink);
  });
}

// The same for one event of a stream.
inline Outcome read_event(std::string_view payload, std::string_view options = {}) {
  return with_instance(options, [&](const tidings_plugin& plugin, void* instance, auto* sink) {
    const PaddedBytes body(payload);
    auto event = sdk::made<tidings_event>();
    event.url = sdk::str("wss://news.test/live");
    event.payload = sdk::str(body.view());
    return plugin.on_event(instance, &event, sink);
  });
}

// A JSON Feed round one item.
inline Outcome read_item(const std::string& members) {
  return read(R"({"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1",)" + members + "}]}");
}

}  // namespace tidings::json_feed::testing
