#pragma once
// The words of a text as queries compare them: without case and diacritics (Unicode, by ICU), each letter of a script
// that is written without spaces (Han, kana, Thai, ...) as a word of its own, so that a phrase there is a substring.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::alert {

class Words {
 public:
  Words() = default;
  explicit Words(std::string_view utf8) { append(utf8); }

  // The words of one more text, after those that are there. Invalid UTF-8 parts words.
  void append(std::string_view utf8);
  void clear();

  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  // Good until the next append or clear.
  std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(text_).substr(begin, ends_[i] - begin);
  }
  std::vector<std::string> strings() const;

 private:
  void append_ascii(std::string_view chunk);
  void append_unicode(std::string_view chunk);
  void end_word();

  std::string text_;  // the folded words, one after the other
  std::vector<std::uint32_t> ends_;
};

}  // namespace tidings::alert
