#include "cli/parse_document.h"

#include <tidings/plugin.h>

#include <array>
#include <cstdio>
#include <memory>

#include "base/text.h"
#include "cli/gzip.h"
#include "feed/feed.h"
#include "json/json.h"
#include "plugin/document.h"
#include "sdk/plugin.h"

namespace tidings::cli {
namespace {

constexpr std::size_t kMaxInputBytes = 64 * 1024 * 1024;
constexpr std::size_t kMaxUnpackedBytes = 16 * 1024 * 1024;

using Describe = const tidings_plugin* (*)();

// The likely one first: where none reads the document, it is the one that says why.
std::array<Describe, 2> plugins_for(std::string_view body) {
  const bool is_json = text::trim(body.substr(0, 4096)).find_first_of("[{") == 0;
  if (is_json) return {sdk::describe<json_feed::Json>, sdk::describe<feed::Feed>};
  return {sdk::describe<feed::Feed>, sdk::describe<json_feed::Json>};
}

tidings_str str(std::string_view s) { return {s.data(), s.size()}; }

// One call of one plugin; `status` is a tidings_status.
model::Document run(const tidings_plugin& plugin, const ParseInput& input, int& status) {
  plugin::DocumentSink sink;
  tidings_source source{};
  source.struct_size = sizeof source;
  source.id = str("parse");
  source.url = str(input.url);
  source.options = str("{}");
  void* instance = nullptr;
  status = plugin.create(&source, sink.sink(), &instance);
  if (status != TIDINGS_OK) return sink.take();
  std::vector<tidings_header> headers;
  for (const model::Header& h : input.headers) headers.push_back({str(h.name), str(h.value)});
  tidings_response response{};
  response.struct_size = sizeof response;
  response.status = 200;
  response.url = str(input.url);
  response.headers = headers.data();
  response.header_count = headers.size();
  response.body = str(input.body.view());
  status = plugin.parse(instance, &response, sink.sink());
  plugin.destroy(instance);
  return sink.take();
}

}  // namespace

Parsed parse_document(const ParseInput& input) {
  Parsed first;
  for (const Describe describe : plugins_for(input.body.view())) {
    const tidings_plugin& plugin = *describe();
    int status = TIDINGS_OK;
    Parsed parsed{run(plugin, input, status), plugin.name};
    if (status == TIDINGS_OK || status == TIDINGS_STOPPED) return parsed;
    parsed.plugin.clear();
    if (status != TIDINGS_NOT_MINE) return parsed;
    if (first.document.warnings.empty()) first = std::move(parsed);
  }
  return first;
}

Result<ParseInput> read_input(const std::string& path) {
  const bool is_stdin = path == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(is_stdin ? stdin : std::fopen(path.c_str(), "rb"),
                                                             is_stdin ? [](std::FILE*) { return 0; } : std::fclose);
  if (!file) return Error(Errc::not_found, "cannot open " + path);
  ParseInput input;
  if (!is_stdin && std::fseek(file.get(), 0, SEEK_END) == 0) {
    if (const long size = std::ftell(file.get()); size > 0) input.body.reserve(static_cast<std::size_t>(size));
    std::rewind(file.get());
  }
  char block[64 * 1024];
  while (const std::size_t n = std::fread(block, 1, sizeof block, file.get())) {
    if (input.body.size() + n > kMaxInputBytes) return Error(Errc::too_large, path + " is larger than 64 MiB");
    input.body.append({block, n});
  }
  if (std::ferror(file.get())) return Error(Errc::io, "cannot read " + path);
  if (is_gzip(input.body.view())) {
    auto unpacked = unpack_gzip(input.body.view(), kMaxUnpackedBytes);
    if (!unpacked) return Error(unpacked.error().code(), path + ": " + unpacked.error().message());
    input.body = std::move(*unpacked);
  }
  return input;
}

}  // namespace tidings::cli
