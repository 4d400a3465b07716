// What exec children say: lines cut at every size come out the same, and no line breaks the reader.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "plugin/exec_protocol.h"

namespace {

std::vector<std::string> lines_of(std::string_view bytes, std::size_t step) {
  tidings::plugin::LineSplitter splitter(256);
  std::vector<std::string> all;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    for (auto& line : splitter.add(bytes.substr(at, step))) all.push_back(std::move(line));
  }
  if (auto rest = splitter.rest(); !rest.empty()) all.push_back(std::move(rest));
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto lines = lines_of(text, size + 1);
  if (lines != lines_of(text, 7)) std::abort();
  tidings::plugin::ExecReply reply;
  for (const auto& line : lines) {
    if (line.size() > 256) std::abort();
    const std::size_t before = reply.document().entries.size();
    const auto added = reply.add(line);
    if (!added && (added.error().message().empty() || reply.document().entries.size() != before)) std::abort();
    if (tidings::plugin::log_line(line).text.size() > line.size()) std::abort();
  }
  return 0;
}
