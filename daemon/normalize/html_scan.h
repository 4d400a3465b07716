#pragma once
// One pass over HTML that calls a sink for each start tag, end tag and piece of text, properly nested. The tokens are
// those of the HTML standard (section 13.2.5); of its tree rules only those are here that well-kept markup needs:
// implied end tags and scopes.

#include <cstddef>
#include <string_view>
#include <vector>

#include "normalize/html_elements.h"

namespace tidings::normalize {

// A name in lower case and a decoded value; views are good until the sink returns.
struct Attribute {
  std::string_view name;
  std::string_view value;
};

class HtmlSink {
 public:
  virtual ~HtmlSink() = default;
  // Each open that is not void has its close. `name` is in lower case.
  virtual void open(const Element& element, std::string_view name, const std::vector<Attribute>& attributes) = 0;
  virtual void close(const Element& element, std::string_view name) = 0;
  // Decoded text; raw_text content (scripts and the like) does not come.
  virtual void text(std::string_view text) = 0;
};

enum class ScanMode {
  strict,   // stops where the standard's tree rules would change the nesting
  recover,  // never stops: closes, ignores or leaves out, in linear time; strict takes what it has made of anything
};

constexpr std::size_t kMaxHtmlDepth = 200;

// False: strict and stopped; what the sink has got is worthless.
bool scan_html(std::string_view html, ScanMode mode, HtmlSink& sink);

}  // namespace tidings::normalize
