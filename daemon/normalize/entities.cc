#include "normalize/entities.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "base/text.h"

namespace tidings::normalize {
namespace {

using std::string_view;

// U+00A0 to U+00FF in order. These are also read without a semicolon, as are amp, lt, gt and quot.
constexpr string_view kLatin1[] = {
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not", "shy",
    "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm",
    "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig",
    "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve",
    "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN",
    "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc",
    "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml",
    "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml", "yacute", "thorn", "yuml",
};
static_assert(std::size(kLatin1) == 96);

struct Name {
  string_view name;
  char32_t code_point = 0;
};

// The others of HTML 4, and apos.
constexpr Name kOthers[] = {
    {"Alpha", 913}, {"Beta", 914}, {"Chi", 935}, {"Dagger", 8225}, {"Delta", 916}, {"Epsilon", 917}, {"Eta", 919},
    {"Gamma", 915}, {"Iota", 921}, {"Kappa", 922}, {"Lambda", 923}, {"Mu", 924}, {"Nu", 925}, {"OElig", 338},
    {"Omega", 937}, {"Omicron", 927}, {"Phi", 934}, {"Pi", 928}, {"Prime", 8243}, {"Psi", 936}, {"Rho", 929},
    {"Scaron", 352}, {"Sigma", 931}, {"Tau", 932}, {"Theta", 920}, {"Upsilon", 933}, {"Xi", 926}, {"Yuml", 376},
    {"Zeta", 918}, {"alefsym", 8501}, {"alpha", 945}, {"amp", 38}, {"and", 8743}, {"ang", 8736}, {"apos", 39},
    {"asymp", 8776}, {"bdquo", 8222}, {"beta", 946}, {"bull", 8226}, {"cap", 8745}, {"chi", 967}, {"circ", 710},
    {"clubs", 9827}, {"cong", 8773}, {"crarr", 8629}, {"cup", 8746}, {"dArr", 8659}, {"dagger", 8224}, {"darr", 8595},
    {"delta", 948}, {"diams", 9830}, {"empty", 8709}, {"emsp", 8195}, {"ensp", 8194}, {"epsilon", 949},
    {"equiv", 8801}, {"eta", 951}, {"euro", 8364}, {"exist", 8707}, {"fnof", 402}, {"forall", 8704}, {"frasl", 8260},
    {"gamma", 947}, {"ge", 8805}, {"gt", 62}, {"hArr", 8660}, {"harr", 8596}, {"hearts", 9829}, {"hellip", 8230},
    {"image", 8465}, {"infin", 8734}, {"int", 8747}, {"iota", 953}, {"isin", 8712}, {"kappa", 954}, {"lArr", 8656},
    {"lambda", 955}, {"lang", 9001}, {"larr", 8592}, {"lceil", 8968}, {"ldquo", 8220}, {"le", 8804}, {"lfloor", 8970},
    {"lowast", 8727}, {"loz", 9674}, {"lrm", 8206}, {"lsaquo", 8249}, {"lsquo", 8216}, {"lt", 60}, {"mdash", 8212},
    {"minus", 8722}, {"mu", 956}, {"nabla", 8711}, {"ndash", 8211}, {"ne", 8800}, {"ni", 8715}, {"notin", 8713},
    {"nsub", 8836}, {"nu", 957}, {"oelig", 339}, {"oline", 8254}, {"omega", 969}, {"omicron", 959}, {"oplus", 8853},
    {"or", 8744}, {"otimes", 8855}, {"part", 8706}, {"permil", 8240}, {"perp", 8869}, {"phi", 966}, {"pi", 960},
    {"piv", 982}, {"prime", 8242}, {"prod", 8719}, {"prop", 8733}, {"psi", 968}, {"quot", 34}, {"rArr", 8658},
    {"radic", 8730}, {"rang", 9002}, {"rarr", 8594}, {"rceil", 8969}, {"rdquo", 8221}, {"real", 8476},
    {"rfloor", 8971}, {"rho", 961}, {"rlm", 8207}, {"rsaquo", 8250}, {"rsquo", 8217}, {"sbquo", 8218},
    {"scaron", 353}, {"sdot", 8901}, {"sigma", 963}, {"sigmaf", 962}, {"sim", 8764}, {"spades", 9824}, {"sub", 8834},
    {"sube", 8838}, {"sum", 8721}, {"sup", 8835}, {"supe", 8839}, {"tau", 964}, {"there4", 8756}, {"theta", 952},
    {"thetasym", 977}, {"thinsp", 8201}, {"tilde", 732}, {"trade", 8482}, {"uArr", 8657}, {"uarr", 8593},
    {"upsih", 978}, {"upsilon", 965}, {"weierp", 8472}, {"xi", 958}, {"zeta", 950}, {"zwj", 8205}, {"zwnj", 8204},
};

constexpr string_view kWithoutSemicolon[] = {"AMP", "COPY", "GT", "LT", "QUOT", "REG", "amp", "gt", "lt", "quot"};

constexpr bool by_name(const Name& a, const Name& b) { return a.name < b.name; }

// All names, sorted.
const auto& names() {
  static const auto kAll = [] {
    std::array<Name, std::size(kLatin1) + std::size(kOthers) + 6> all{};
    auto end = std::copy(std::begin(kOthers), std::end(kOthers), all.begin());
    for (std::size_t i = 0; i < std::size(kLatin1); ++i) *end++ = {kLatin1[i], static_cast<char32_t>(0xA0 + i)};
    for (const Name& upper : {Name{"AMP", '&'}, Name{"COPY", 0xA9}, Name{"GT", '>'}, Name{"LT", '<'}, Name{"QUOT", '"'}, Name{"REG", 0xAE}}) {
      *end++ = upper;
    }
    std::sort(all.begin(), all.end(), by_name);
    return all;
  }();
  return kAll;
}

char32_t code_point_of(string_view name) {
  const auto& all = names();
  const auto found = std::lower_bound(all.begin(), all.end(), Name{name, 0}, by_name);
  return found != all.end() && found->name == name ? found->code_point : 0;
}

bool needs_no_semicolon(string_view name) {
  return std::binary_search(std::begin(kWithoutSemicolon), std::end(kWithoutSemicolon), name) ||
         std::find(std::begin(kLatin1), std::end(kLatin1), name) != std::end(kLatin1);
}

// Numbers 0x80 to 0x9F mean the signs of windows-1252 there.
constexpr char32_t kWindows1252[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                       0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                       0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return text::to_ascii_lower(c) >= 'a' && text::to_ascii_lower(c) <= 'z'; }
bool is_hex(char c) { return is_digit(c) || (text::to_ascii_lower(c) >= 'a' && text::to_ascii_lower(c) <= 'f'); }

// A reference: how much of the text it is (0: none), and what it stands for.
struct Reference {
  std::size_t length = 0;
  char32_t code_point = 0;
  bool unknown_name = false;
};

Reference read_number(string_view s) {
  std::size_t i = 2;
  const bool hex = i < s.size() && (s[i] == 'x' || s[i] == 'X');
  if (hex) ++i;
  const std::size_t first = i;
  std::uint32_t value = 0;
  for (; i < s.size() && (hex ? is_hex(s[i]) : is_digit(s[i])); ++i) {
    const auto digit = static_cast<std::uint32_t>(is_digit(s[i]) ? s[i] - '0' : text::to_ascii_lower(s[i]) - 'a' + 10);
    if (value <= 0x10FFFF) value = value * (hex ? 16 : 10) + digit;
  }
  if (i == first) return {};
  if (i < s.size() && s[i] == ';') ++i;
  char32_t c = value;
  if (c >= 0x80 && c < 0xA0) c = kWindows1252[c - 0x80];
  if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF)) c = 0xFFFD;
  return {i, c, false};
}

Reference read_reference(string_view s, ReferencePlace place) {
  if (s.size() < 3) return {};
  if (s[1] == '#') return read_number(s);
  if (!is_letter(s[1])) return {};
  std::size_t end = 1;
  while (end < s.size() && end < 40 && (is_letter(s[end]) || is_digit(s[end]))) ++end;
  const string_view run = s.substr(1, end - 1);
  if (end < s.size() && s[end] == ';') {
    if (const char32_t c = code_point_of(run); c != 0) return {end + 1, c, false};
  }
  if (place == ReferencePlace::attribute) {
    if (end < s.size() && (s[end] == '=' || s[end] == ';')) return {0, 0, s[end] == ';'};
    return needs_no_semicolon(run) ? Reference{end, code_point_of(run), false} : Reference{};
  }
  for (std::size_t n = std::min<std::size_t>(run.size(), 6); n >= 2; --n) {
    if (needs_no_semicolon(run.substr(0, n))) return {1 + n, code_point_of(run.substr(0, n)), end < s.size() && s[end] == ';' && n < run.size()};
  }
  return {0, 0, end < s.size() && s[end] == ';'};
}

void escape(string_view s, string_view special, std::string& out) {
  for (std::size_t from = 0;;) {
    const auto at = s.find_first_of(special, from);
    out += s.substr(from, at - from);
    if (at == string_view::npos) return;
    switch (s[at]) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '`': out += "&#96;"; break;
      default: break;  // NUL is no character of HTML
    }
    from = at + 1;
  }
}

}  // namespace

bool decode_references(string_view s, ReferencePlace place, std::string& out) {
  bool all_known = true;
  for (std::size_t from = 0;;) {
    const auto at = s.find('&', from);
    out += s.substr(from, at - from);
    if (at == string_view::npos) return all_known;
    const Reference reference = read_reference(s.substr(at), place);
    if (reference.unknown_name) all_known = false;
    if (reference.length == 0) {
      out += '&';
      from = at + 1;
    } else {
      text::append_utf8(out, reference.code_point);
      from = at + reference.length;
    }
  }
}

void escape_text(string_view text, std::string& out) { escape(text, string_view("<>&\0", 4), out); }

void escape_attribute(string_view value, std::string& out) { escape(value, string_view("<>&\"'`\0", 7), out); }

bool begins_with_reference(string_view s) {
  const Reference reference = read_reference(s, ReferencePlace::attribute);
  return reference.length > 0 && s[reference.length - 1] == ';';
}

}  // namespace tidings::normalize
