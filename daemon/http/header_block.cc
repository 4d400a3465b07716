#include "http/header_block.h"

#include "base/text.h"
#include "http/message.h"

namespace tidings::http {

bool HeaderBlock::add(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > max_bytes_) return false;
  const bool folded = line.starts_with(' ') || line.starts_with('\t');
  const std::string_view text = text::trim(line);
  if (!folded && text::starts_with_ignoring_case(text, "http/")) {
    headers_.clear();
    complete_ = false;
  } else if (complete_) {
    return true;  // a trailer
  } else if (text.empty()) {
    complete_ = true;
  } else if (folded) {
    if (!headers_.empty()) headers_.back().value.append(" ").append(text);
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos && colon > 0) {
    headers_.push_back({std::string(text::trim(text.substr(0, colon))), std::string(text::trim(text.substr(colon + 1)))});
  }
  return true;
}

std::string_view HeaderBlock::value(std::string_view name) const { return find_header(headers_, name); }

unsigned HeaderBlock::codings() const {
  unsigned count = 0;
  for (const auto& header : headers_) {
    if (!text::equal_ignoring_case(header.name, "content-encoding") &&
        !text::equal_ignoring_case(header.name, "transfer-encoding")) {
      continue;
    }
    for (const auto part : text::split(header.value, ',')) {
      const auto coding = text::trim(part);
      if (!coding.empty() && !text::equal_ignoring_case(coding, "identity") &&
          !text::equal_ignoring_case(coding, "chunked")) {
        ++count;
      }
    }
  }
  return count;
}

std::string_view find_header(const std::vector<model::Header>& headers, std::string_view name) {
  for (const auto& header : headers) {
    if (text::equal_ignoring_case(header.name, name)) return header.value;
  }
  return {};
}

std::string_view Response::header(std::string_view name) const { return find_header(headers, name); }

}  // namespace tidings::http
