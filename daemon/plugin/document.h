#pragma once
// Collects what a plugin puts into its sink as a model::Document: copies the C structs by the size that their writer
// states, repairs UTF-8 and holds the bounds. One sink serves one call of a plugin, on the thread of that call.

#include <tidings/plugin.h>

#include "model/entry.h"
#include "plugin/document_limits.h"

namespace tidings::plugin {

class DocumentSink {
 public:
  // With the size of the body, room is made for as many entries as it seems to hold, and not for many more.
  explicit DocumentSink(const DocumentLimits& limits = {}, std::size_t body_bytes = 0);
  DocumentSink(const DocumentSink&) = delete;
  DocumentSink& operator=(const DocumentSink&) = delete;

  // What the plugin is handed; good while this object lives and stays where it is.
  const tidings_sink* sink() const { return &sink_; }

  // What was collected. The first reached bound marks it partial and leaves one warning "limit".
  model::Document take() { return std::move(document_); }

  bool has_error() const { return has_error_; }

 private:
  friend struct SinkFunctions;

  bool reached(const char* what);
  void make_room();

  DocumentLimits limits_;
  std::size_t body_bytes_;
  tidings_sink sink_{};
  model::Document document_;
  std::size_t text_bytes_ = 0;
  bool full_ = false;
  bool has_error_ = false;
};

}  // namespace tidings::plugin
