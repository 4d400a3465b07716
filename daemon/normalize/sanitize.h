#pragma once
// The sink that writes safe HTML.

#include <string>
#include <string_view>

#include "normalize/html_scan.h"

namespace tidings::normalize {

class SafeHtml final : public HtmlSink {
 public:
  // base_url must live as long as the sink.
  explicit SafeHtml(std::string_view base_url) : base_url_(base_url) {}
  void open(const Element& element, std::string_view name, const std::vector<Attribute>& attributes) override;
  void close(const Element& element, std::string_view name) override;
  void text(std::string_view text) override;
  void clear();

  std::string out;

 private:
  void attribute(const Attribute& attribute);
  void foreign_attributes(std::string_view element, const std::vector<Attribute>& attributes);
  bool write(const Attribute& attribute);  // false: it is not safe
  std::string_view base_url_;
  std::size_t dropped_ = 0;       // depth inside an element that goes with its content
  bool newline_counts_ = false;   // right after <pre>, where a first line end is no text
};

}  // namespace tidings::normalize
