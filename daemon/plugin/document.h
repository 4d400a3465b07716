#pragma once
// Takes what a plugin puts into its sink: copies the C structs by the size that their writer states, repairs UTF-8 and holds
// the bounds. One sink serves one call of a plugin, on the thread of that call.

#include <tidings/plugin.h>

#include <exception>
#include <functional>

#include "model/entry.h"
#include "plugin/document_limits.h"

namespace tidings::plugin {

// Is shown each entry as the plugin gives it; the entry is good during the call. The feed that it belongs to is often known
// only after the last. What it throws stops the plugin and comes out of take().
using TakeEntry = std::function<void(const model::Entry&)>;

class DocumentSink {
 public:
  // Collects the entries in the document.
  explicit DocumentSink(const DocumentLimits& limits = {});
  // Hands them to `take` instead: one entry is held at a time, in memory that is used again for the next.
  DocumentSink(const DocumentLimits& limits, TakeEntry take);
  DocumentSink(const DocumentSink&) = delete;
  DocumentSink& operator=(const DocumentSink&) = delete;

  // What the plugin is handed; good while this object lives and stays where it is.
  const tidings_sink* sink() const { return &sink_; }

  // What was collected. The first reached bound marks it partial and leaves one warning "limit".
  model::Document take();

  // How many the plugin gave, within the bounds.
  std::size_t entries() const { return entries_; }
  bool has_error() const { return has_error_; }

 private:
  friend struct SinkFunctions;

  bool reached(const char* what);

  DocumentLimits limits_;
  TakeEntry take_;
  tidings_sink sink_{};
  model::Document document_;
  model::Entry entry_;
  std::size_t entries_ = 0;
  std::size_t text_bytes_ = 0;
  std::exception_ptr thrown_;
  bool full_ = false;
  bool has_error_ = false;
};

}  // namespace tidings::plugin
