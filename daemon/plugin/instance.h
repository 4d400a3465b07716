#pragma once
// A plugin's instance for one source: the C functions as C++ values.

#include <tidings/plugin.h>

#include <memory>
#include <string>
#include <vector>

#include "base/padded.h"
#include "base/result.h"
#include "model/entry.h"
#include "model/source.h"
#include "plugin/document.h"
#include "plugin/document_limits.h"
#include "plugin/library.h"

namespace tidings::plugin {

// What the host got for one of the plugin's requests.
struct Response {
  int status = 0;
  std::string url;  // after redirects
  std::vector<model::Header> headers;
  PaddedBytes body;
  std::string tag;  // of the request
  std::string charset_hint;
};

// One event of a stream, framed by the host.
struct Event {
  std::string type;
  std::string id;
  PaddedBytes payload;
  std::string url;
};

// Movable. Calls may come from any thread, never two at a time.
class Instance {
 public:
  // The error is the plugin's own sentence on what does not fit.
  static Result<Instance> create(const Library& library, const model::Source& source, const DocumentLimits& limits);

  Result<std::vector<model::PluginRequest>> requests(const std::string& cursor);
  // What the document came to. The error is the plugin's sentence; entries that it gave before it gave up make the document
  // partial instead. Warnings are part of the document.
  Result<model::Document> parse(const Response& response);
  // The same, but the entries go to `take` and are none of the document.
  Result<model::Document> parse(const Response& response, const TakeEntry& take);
  Result<model::Document> on_event(const Event& event);

 private:
  struct Destroy {
    void (*destroy)(void*);
    void operator()(void* instance) const { destroy(instance); }
  };
  Result<model::Document> parse(const Response& response, DocumentSink& sink);
  Instance(const tidings_plugin& abi, void* instance, const DocumentLimits& limits)
      : abi_(&abi), instance_(instance, Destroy{abi.destroy}), limits_(limits) {}

  const tidings_plugin* abi_;
  std::unique_ptr<void, Destroy> instance_;
  DocumentLimits limits_;
};

}  // namespace tidings::plugin
