#include "feed/encoding.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "feed/convert.h"
#include "feed/double_encoding.h"

namespace tidings::feed {
namespace {

using namespace std::string_view_literals;

struct Mark {
  std::string_view bytes;
  const char* encoding;
};
constexpr Mark kMarks[] = {
    {"\xFF\xFE\0\0"sv, "UTF-32LE"}, {"\0\0\xFE\xFF"sv, "UTF-32BE"}, {"\xEF\xBB\xBF"sv, "UTF-8"},
    {"\xFF\xFE"sv, "UTF-16LE"}, {"\xFE\xFF"sv, "UTF-16BE"},
};
// The first character, "<", without a byte order mark (XML 1.0, appendix F).
constexpr Mark kPatterns[] = {
    {"<\0\0\0"sv, "UTF-32LE"}, {"\0\0\0<"sv, "UTF-32BE"}, {"<\0?\0"sv, "UTF-16LE"}, {"\0<\0?"sv, "UTF-16BE"},
    {"<\0r\0"sv, "UTF-16LE"}, {"\0<\0r"sv, "UTF-16BE"}, {"<\0f\0"sv, "UTF-16LE"}, {"\0<\0f"sv, "UTF-16BE"},
    {"\x4C\x6F\xA7\x94"sv, "ibm-37_P100-1995"},
};

const Mark* find_mark(const Mark* begin, const Mark* end, std::string_view bytes) {
  const Mark* found = std::find_if(begin, end, [&](const Mark& m) { return bytes.starts_with(m.bytes); });
  return found == end ? nullptr : found;
}

// The encoding of <?xml ... encoding="..."?>, in text that begins as ASCII does.
std::string_view declared_in(std::string_view text) {
  const std::size_t begin = text.substr(0, 512).find("<?xml");
  if (begin == std::string_view::npos) return {};
  std::string_view prolog = text.substr(begin, 512);
  prolog = prolog.substr(0, prolog.find('>'));
  std::size_t at = prolog.find("encoding");
  if (at == std::string_view::npos) return {};
  at = prolog.find_first_of("\"'", at);
  if (at == std::string_view::npos) return {};
  const std::size_t end = prolog.find(prolog[at], at + 1);
  return end == std::string_view::npos ? std::string_view() : text::trim(prolog.substr(at + 1, end - at - 1));
}

bool is_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

bool is_wide(std::string_view converter) { return converter.starts_with("UTF-16") || converter.starts_with("UTF-32"); }

// Half of a surrogate pair that was encoded as if it were a character, as CESU-8 does; 0: none stands at the start of `s`.
char32_t surrogate_at(std::string_view s) {
  if (s.size() < 3 || s[0] != '\xED' || (s[1] & 0xE0) != 0xA0 || (s[2] & 0xC0) != 0x80) return 0;
  return 0xD000U | (static_cast<char32_t>(s[1]) & 0x3F) << 6 | (static_cast<char32_t>(s[2]) & 0x3F);
}

// UTF-8 of what is nearly that: pairs of surrogates joined, U+FFFD for all else that is none.
std::string repair(std::string_view s) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t next = s.find('\xED'); next != std::string_view::npos; next = s.find('\xED', next)) {
    const char32_t first = surrogate_at(s.substr(next));
    if (first == 0) {
      ++next;
      continue;
    }
    out += text::repair_utf8(s.substr(at, next - at));
    const char32_t second = first < 0xDC00 ? surrogate_at(s.substr(next + 3)) : 0;
    text::append_utf8(out, second >= 0xDC00 ? 0x10000 + ((first - 0xD800) << 10 | (second - 0xDC00)) : 0xFFFD);
    at = next += second >= 0xDC00 ? 6 : 3;
  }
  return at == 0 ? text::repair_utf8(s) : out + text::repair_utf8(s.substr(at));
}

// Well-formed sequences against all others: text in another encoding has next to none of the first. One that is cut at
// the end counts for neither.
bool is_mostly_utf8(std::string_view bytes) {
  std::size_t good = 0;
  std::size_t bad = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto b = static_cast<unsigned char>(bytes[i]);
    if (b < 0x80) continue;
    const std::size_t length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
    if (b >= 0xC2 && b <= 0xF4 && i + length > bytes.size()) break;
    if (b >= 0xC2 && b <= 0xF4 && (text::is_valid_utf8(bytes.substr(i, length)) || surrogate_at(bytes.substr(i)) != 0)) {
      ++good;
      i += length - 1;
    } else {
      ++bad;
    }
  }
  return good > bad || bad == 0;
}

// Text of other encodings is next to never well-formed UTF-8 by accident, the less so the more of it there is.
bool is_plainly_utf8(std::string_view bytes) {
  constexpr std::ptrdiff_t kEnough = 6;
  const auto high = std::count_if(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC0; });
  return high >= kEnough && is_utf8(bytes);
}

constexpr std::size_t kBlock = 4096;  // of text, that stays in the cache for all that is asked of it

constexpr bool is_forbidden(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; }

// A control character that XML does not allow.
bool has_forbidden(std::string_view block) {
  unsigned char found = 0;
  for (const char c : block) found = static_cast<unsigned char>(found | static_cast<unsigned char>(is_forbidden(c)));  // vector code
  return found != 0;
}

std::string without_forbidden(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (; !s.empty(); s.remove_prefix(std::min(kBlock, s.size()))) {
    const std::string_view block = s.substr(0, kBlock);
    if (has_forbidden(block)) {
      std::remove_copy_if(block.begin(), block.end(), std::back_inserter(out), is_forbidden);
    } else {
      out.append(block);
    }
  }
  return out;
}

// What has to be put right in text.
struct Survey {
  bool any_forbidden = false;
  bool any_c1 = false;
  bool any_encoded_lead = false;  // 0xC3 0x83: what the first byte of a character becomes when UTF-8 is encoded again
  std::size_t ascii = 0;          // at least so many bytes at the start are ASCII

  explicit Survey(std::string_view s) {
    for (std::size_t at = 0; at < s.size(); at += kBlock) {
      const std::string_view block = s.substr(at, kBlock + 1);  // what is looked for may stand across its end
      any_forbidden = any_forbidden || has_forbidden(block);
      if (text::is_ascii(block)) {
        if (ascii == at) ascii = std::min(at + kBlock, s.size());
        continue;
      }
      any_c1 = any_c1 || has_c1_controls(block);
      any_encoded_lead = any_encoded_lead || block.find("\xC3\x83") != std::string_view::npos;
    }
  }
};

// A label as it may be shown: it may be any bytes.
std::string shown(std::string_view label) {
  std::string out(label.substr(0, 40));
  std::replace_if(out.begin(), out.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  return out;
}

class Decoder {
 public:
  Decoder(std::string_view bytes, Decoded& out) : bytes_(bytes), out_(out) {}

  void run(std::string_view charset, std::string_view forced) {
    if (!(!forced.empty() && try_stated(forced, "the source's options ask for it")) && !try_mark()) {
      const Mark* pattern = find_mark(std::begin(kPatterns), std::end(kPatterns), bytes_);
      const std::string_view declared = pattern ? std::string_view() : declared_in(bytes_);
      if (!(!charset.empty() && try_stated(charset, "Content-Type says so")) &&
          !(pattern && use(pattern->encoding, pattern->encoding, "the first bytes are those of XML in it")) &&
          !(!declared.empty() && try_stated(declared, "the XML declaration says so"))) {
        use_bytes();
      }
    }
    clean();
  }

 private:
  // The bytes are gone over once for it.
  bool is_utf8_throughout() {
    if (bytes_.size() != known_size_) {
      known_size_ = bytes_.size();
      is_utf8_ = is_utf8(bytes_);
    }
    return is_utf8_;
  }

  bool try_mark() {
    const Mark* mark = find_mark(std::begin(kMarks), std::end(kMarks), bytes_);
    if (mark == nullptr) return false;
    while (bytes_.starts_with(mark->bytes)) bytes_.remove_prefix(mark->bytes.size());
    // An encoded mark before text of another encoding, or none of it, is not believed.
    if (std::string_view(mark->encoding) == "UTF-8" && !is_utf8_throughout() && !is_mostly_utf8(bytes_)) {
      distrust("a byte order mark says UTF-8, but the bytes are not");
      return false;
    }
    return use(mark->encoding, mark->encoding, "a byte order mark says so");
  }

  bool try_stated(std::string_view label, const char* reason) {
    const std::string converter = converter_for(label);
    if (converter.empty()) {
      distrust("'" + shown(label) + "' is no encoding that may be used");
      return false;
    }
    const bool looks_wide = bytes_.size() > 1 && (bytes_[0] == '\0' || bytes_[1] == '\0');
    if (is_wide(converter) != looks_wide) {
      distrust(shown(label) + " is stated, but the bytes are not of that width");
      return false;
    }
    if (converter == "UTF-8" && !is_utf8_throughout() && !is_mostly_utf8(bytes_)) {
      distrust("UTF-8 is stated, but the bytes are not");
      return false;
    }
    if (!is_wide(converter) && converter != "UTF-8" && is_plainly_utf8(bytes_)) {
      distrust(shown(label) + " is stated, but the bytes are UTF-8");
      return use("UTF-8", "utf-8", "the bytes are");
    }
    return use(converter, shown(label), reason);
  }

  void use_bytes() {
    if (is_utf8_throughout()) {
      use("UTF-8", "utf-8", out_.distrusted.empty() ? "nothing else is stated, and the bytes are UTF-8" : "the bytes are UTF-8");
      return;
    }
    if (is_mostly_utf8(bytes_)) {
      use("UTF-8", "utf-8", "nothing else is stated, and the bytes are nearly UTF-8");
      return;
    }
    const std::string guess = guess_encoding(bytes_);
    const std::string converter = converter_for(guess);
    if (!converter.empty() && !is_wide(converter) && converter != "UTF-8" &&
        use(converter, guess, "the bytes look like it")) {
      return;
    }
    use("windows-1252", "windows-1252", "the bytes are not UTF-8, and nothing usable is stated");
  }

  bool use(const std::string& converter, std::string name, const char* reason) {
    if (converter == "UTF-8") {
      if (is_utf8_throughout()) {
        out_.text = bytes_;
      } else {
        out_.own = repair(bytes_);
        out_.had_invalid = true;
        out_.text = out_.own;
      }
    } else {
      auto converted = convert(bytes_, converter);
      if (!converted) return false;
      out_.own = std::move(converted->utf8);
      out_.had_invalid = converted->had_invalid;
      out_.text = out_.own;
      if (out_.text.starts_with("\xEF\xBB\xBF")) out_.text.remove_prefix(3);
    }
    out_.encoding = converter == "gb18030" ? converter : text::ascii_lower(name);  // its subsets are read as the whole
    out_.reason = reason;
    return true;
  }

  void distrust(std::string why) {
    if (out_.distrusted.empty()) out_.distrusted = std::move(why);
  }

  void clean() {
    Survey survey(out_.text);
    if (has_encoded_lead(out_.text.substr(survey.ascii))) {
      if (auto once = undo_double_encoding(out_.text)) {
        out_.own = std::move(*once);
        out_.text = out_.own;
        out_.was_double_encoded = true;
        survey = Survey(out_.text);
      }
    }
    out_.may_be_mixed = !out_.was_double_encoded && survey.any_encoded_lead;
    out_.has_c1 = survey.any_c1;
    if (survey.any_forbidden) {
      out_.own = without_forbidden(out_.text);
      out_.text = out_.own;
      out_.had_forbidden = true;
    }
  }

  std::string_view bytes_;
  std::size_t known_size_ = ~std::size_t{0};  // of bytes_ when is_utf8_ was found out: they only ever lose their mark
  bool is_utf8_ = false;
  Decoded& out_;
};

}  // namespace

void decode(std::string_view bytes, std::string_view charset, std::string_view forced, Decoded& out) {
  Decoder(bytes, out).run(charset, forced);
}

std::string_view charset_of(std::string_view content_type) {
  for (std::size_t at = content_type.find(';'); at != std::string_view::npos; at = content_type.find(';', at + 1)) {
    std::string_view parameter = text::trim(content_type.substr(at + 1));
    if (!text::starts_with_ignoring_case(parameter, "charset")) continue;
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos) continue;
    parameter = text::trim(parameter.substr(equals + 1));
    if (parameter.starts_with('"') || parameter.starts_with('\'')) {
      return parameter.substr(1, parameter.find(parameter[0], 1) - 1);
    }
    return text::trim(parameter.substr(0, parameter.find_first_of("; ,")));
  }
  return {};
}

}  // namespace tidings::feed
