#include "feed/convert.h"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include <algorithm>
#include <memory>

#include "base/text.h"

namespace tidings::feed {
namespace {

struct Alias {
  std::string_view label;
  const char* converter;
};

// Where the web's meaning differs from ICU's (WHATWG encoding standard, section 4.2).
constexpr Alias kAliases[] = {
    {"ascii", "windows-1252"}, {"us-ascii", "windows-1252"}, {"ansi_x3.4-1968", "windows-1252"},
    {"iso-8859-1", "windows-1252"}, {"iso8859-1", "windows-1252"}, {"iso_8859-1", "windows-1252"}, {"latin1", "windows-1252"},
    {"l1", "windows-1252"}, {"cp1252", "windows-1252"}, {"x-cp1252", "windows-1252"},
    {"iso-8859-9", "windows-1254"}, {"latin5", "windows-1254"}, {"iso-8859-11", "windows-874-2000"},
    {"tis-620", "windows-874-2000"}, {"tis620", "windows-874-2000"}, {"dos-874", "windows-874-2000"},
    {"gb2312", "gb18030"}, {"gb_2312-80", "gb18030"}, {"gbk", "gb18030"}, {"x-gbk", "gb18030"}, {"cp936", "gb18030"},
    {"ms936", "gb18030"}, {"euc-cn", "gb18030"}, {"iso-ir-58", "gb18030"}, {"chinese", "gb18030"},
    {"euc-kr", "windows-949-2000"}, {"ks_c_5601-1987", "windows-949-2000"}, {"ksc5601", "windows-949-2000"},
    {"ksc_5601", "windows-949-2000"}, {"korean", "windows-949-2000"}, {"cp949", "windows-949-2000"},
    {"uhc", "windows-949-2000"}, {"shift_jis", "ibm-943_P15A-2003"}, {"shift-jis", "ibm-943_P15A-2003"},
    {"sjis", "ibm-943_P15A-2003"}, {"x-sjis", "ibm-943_P15A-2003"}, {"cp932", "ibm-943_P15A-2003"},
    {"windows-31j", "ibm-943_P15A-2003"}, {"big5", "Big5-HKSCS"}, {"big5-hkscs", "Big5-HKSCS"}, {"cn-big5", "Big5-HKSCS"},
    {"x-x-big5", "Big5-HKSCS"}, {"utf8", "UTF-8"}, {"utf-8", "UTF-8"}, {"unicode-1-1-utf-8", "UTF-8"},
    {"utf_8", "UTF-8"}, {"utf16", "UTF-16"}, {"utf-16", "UTF-16"}, {"u16", "UTF-16"}, {"unicode", "UTF-16LE"},
    {"ucs-2", "UTF-16LE"}, {"iso-10646-ucs-2", "UTF-16LE"}, {"iso-10646-ucs-4", "UTF-32"}, {"utf32", "UTF-32"},
    {"cp037", "ibm-37_P100-1995"}, {"ibm037", "ibm-37_P100-1995"}, {"cp1140", "ibm-1140_P100-1997"}, {"mac", "macintosh"},
    {"x-mac-roman", "macintosh"}, {"cp1251", "windows-1251"}, {"win-1251", "windows-1251"}, {"cp1250", "windows-1250"},
};

// Encodings that could smuggle markup past those who look at the bytes.
constexpr std::string_view kRefused[] = {"utf-7", "imap-mailbox-name", "scsu", "bocu-1", "hz", "hz-gb-2312", "iso-2022-cn",
                                         "iso-2022-cn-ext", "iso-2022-kr", "lmbcs", "utf-ebcdic", "cesu-8"};

struct CloseConverter {
  void operator()(UConverter* c) const { ucnv_close(c); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

Converter open(const std::string& name) {
  UErrorCode error = U_ZERO_ERROR;
  Converter converter(ucnv_open(name.c_str(), &error));
  return U_FAILURE(error) ? nullptr : std::move(converter);
}

}  // namespace

std::string converter_for(std::string_view label) {
  const std::string folded = text::ascii_lower(text::trim(label));
  if (folded.empty() || folded.size() > 60) return {};
  for (const Alias& alias : kAliases) {
    if (alias.label == folded) return alias.converter;
  }
  UErrorCode error = U_ZERO_ERROR;
  const Converter converter = open(folded);
  if (!converter) return {};
  const char* name = ucnv_getName(converter.get(), &error);
  if (U_FAILURE(error)) return {};
  const std::string known = text::ascii_lower(name);
  const bool refused = std::any_of(std::begin(kRefused), std::end(kRefused), [&](std::string_view r) {
    return known.starts_with(r) || folded == r;
  });
  return refused ? std::string() : std::string(name);
}

std::optional<Converted> convert(std::string_view bytes, const std::string& name) {
  const Converter from = open(name);
  const Converter to = open("UTF-8");
  if (!from || !to) return {};
  Converted out;
  out.utf8.resize(bytes.size() + bytes.size() / 2 + 64);
  std::size_t used = 0;
  UChar pivot[4096];
  UChar* pivot_source = pivot;
  UChar* pivot_target = pivot;
  const char* source = bytes.data();
  bool reset = true;
  for (;;) {
    char* target = out.utf8.data() + used;
    UErrorCode error = U_ZERO_ERROR;
    ucnv_convertEx(to.get(), from.get(), &target, out.utf8.data() + out.utf8.size(), &source, bytes.data() + bytes.size(),
                   pivot, &pivot_source, &pivot_target, pivot + std::size(pivot), reset, true, &error);
    reset = false;
    used = static_cast<std::size_t>(target - out.utf8.data());
    if (error != U_BUFFER_OVERFLOW_ERROR) {
      if (U_FAILURE(error)) return {};
      break;
    }
    out.utf8.resize(out.utf8.size() * 2);
  }
  out.utf8.resize(used);
  out.had_invalid = out.utf8.find("\xEF\xBF\xBD") != std::string::npos;
  return out;
}

std::string guess_encoding(std::string_view bytes) {
  // Statistics grow slowly better and much slower with more: a part from a little before the first sign beyond ASCII.
  constexpr std::size_t kBefore = 4 * 1024;
  constexpr std::size_t kSample = 24 * 1024;
  const std::size_t first = text::ascii_prefix(bytes);
  bytes = bytes.substr(first > kBefore ? first - kBefore : 0, kSample);
  // ICU does not know Thai: where nearly all high bytes are Thai letters in TIS-620 and they come in runs, it is that.
  std::size_t high = 0;
  std::size_t thai = 0;
  std::size_t runs = 0;
  bool in_run = false;
  for (const char c : bytes) {
    const auto b = static_cast<unsigned char>(c);
    if (b >= 0x80) {
      ++high;
      thai += (b >= 0xA1 && b <= 0xDA) || (b >= 0xDF && b <= 0xFB);
      runs += !in_run;
    }
    in_run = b >= 0x80;
  }
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> detector(ucsdet_open(&error), ucsdet_close);
  if (U_FAILURE(error)) return {};
  ucsdet_enableInputFilter(detector.get(), true);
  ucsdet_setText(detector.get(), bytes.data(), static_cast<std::int32_t>(bytes.size()), &error);
  const UCharsetMatch* match = ucsdet_detect(detector.get(), &error);
  if (U_FAILURE(error) || match == nullptr) return {};
  const std::int32_t confidence = ucsdet_getConfidence(match, &error);
  const char* name = ucsdet_getName(match, &error);
  if (U_FAILURE(error)) return {};
  if (confidence < 50 && high > 40 && thai * 100 > high * 99 && high > runs * 8) return "TIS-620";
  if (confidence < 10) return {};
  // ICU tells the visual and the logical order of Hebrew apart; windows-1255 holds both.
  return std::string_view(name).starts_with("ISO-8859-8") ? "windows-1255" : std::string(name);
}

}  // namespace tidings::feed
