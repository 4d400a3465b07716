#pragma once
// From the bytes of a document to UTF-8: which encoding, why, and the text without what XML forbids.
//
// In the order of RFC 7303, section 3.2, and of the WHATWG encoding standard: a byte order mark, then the charset of
// Content-Type, then the XML declaration, then the bytes themselves. Labels mean what the WHATWG standard says
// ("iso-8859-1" is windows-1252); what it calls replacement encodings, and UTF-7, are never used. A statement that the
// bytes contradict gives way to the next one.

#include <string>
#include <string_view>

namespace tidings::feed {

struct Decoded {
  std::string_view text;     // into `bytes` or into `own`
  std::string own;
  std::string encoding;      // its name, as stated where it was stated
  std::string reason;        // one plain sentence on why this one
  std::string distrusted;    // what was stated but not believed, in words; empty: nothing
  bool was_double_encoded = false;
  bool may_be_mixed = false;   // pieces of it may be UTF-8 that was read as something else
  bool has_c1 = false;         // some of its C1 controls are meant as windows-1252
  bool had_forbidden = false;  // control characters, which are left out
  bool had_invalid = false;    // bytes that are no text in the encoding: U+FFFD stands for them

  Decoded() = default;
  Decoded(Decoded&&) = delete;  // text may point into own
};

// `charset` is that of Content-Type, `forced` an encoding that the user's options ask for; both may be empty.
void decode(std::string_view bytes, std::string_view charset, std::string_view forced, Decoded& out);

// The charset parameter of a Content-Type, or an empty view.
std::string_view charset_of(std::string_view content_type);

}  // namespace tidings::feed
