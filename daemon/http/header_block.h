#pragma once
// The header lines of one answer, as libcurl hands them out: interim answers (1xx) are dropped, folded lines joined,
// trailers ignored. Pure.

#include <cstddef>
#include <string_view>
#include <vector>

#include "model/source.h"

namespace tidings::http {

class HeaderBlock {
 public:
  explicit HeaderBlock(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // One line with its line end. False: there are more bytes of them than allowed.
  bool add(std::string_view line);

  // The blank line that ends the headers of the last status line has come.
  bool is_complete() const { return complete_; }
  const std::vector<model::Header>& headers() const { return headers_; }
  std::vector<model::Header> take() { return std::move(headers_); }

  std::string_view value(std::string_view name) const;
  // How many compressions lie over each other, by Content-Encoding and Transfer-Encoding.
  unsigned codings() const;

 private:
  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  bool complete_ = false;
  std::vector<model::Header> headers_;
};

// The value of the first header of this name, any case; empty where there is none.
std::string_view find_header(const std::vector<model::Header>& headers, std::string_view name);

}  // namespace tidings::http
