#pragma once
// The sink that writes the text of a page as a person reads it.

#include <string>
#include <string_view>
#include <vector>

#include "normalize/html_scan.h"

namespace tidings::normalize {

class ReadableText final : public HtmlSink {
 public:
  void open(const Element& element, std::string_view name, const std::vector<Attribute>& attributes) override;
  void close(const Element& element, std::string_view name) override;
  void text(std::string_view text) override;
  void clear();

  std::string out;

 private:
  void line_break(int lines);
  void put(std::string_view words);  // no white space at its ends
  void flow(std::string_view text);
  void verbatim(std::string_view text);

  std::size_t hidden_ = 0;  // depth inside an element that is not read
  std::size_t pre_ = 0;
  int lines_ = 0;      // line ends due before the next word
  char gap_ = 0;       // or this
  std::string mark_;   // list mark due before the next word
  std::vector<int> lists_;  // the number of the last item; -1: not numbered
};

}  // namespace tidings::normalize
