#pragma once
// What `tidings parse` reads and what comes of it: a response, from a file or the network, through the built-in plugins.

#include <string>
#include <vector>

#include "base/padded.h"
#include "base/result.h"
#include "model/entry.h"
#include "model/source.h"

namespace tidings::cli {

struct ParseInput {
  PaddedBytes body;
  std::string url;  // after redirects; the base of relative references
  std::vector<model::Header> headers;
};

struct Parsed {
  model::Document document;
  std::string plugin;  // that read it; empty where none did: the warnings say why
};

// Tries each built-in plugin until one knows the format.
Parsed parse_document(const ParseInput& input);

// "-" is standard input. At most 64 MiB; what was saved as gzip is unpacked, to at most 16 MiB.
Result<ParseInput> read_input(const std::string& path);

}  // namespace tidings::cli
