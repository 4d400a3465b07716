#include "config/source_id.h"

#include <fmt/format.h>
#include <unicode/translit.h>

#include <algorithm>
#include <cstdint>

#include "base/text.h"

namespace tidings::config {
namespace {

constexpr std::size_t kMaxIdBytes = 40;
constexpr std::size_t kMaxTitleBytes = 400;

std::string_view host_of(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find_first_of("/?#"));
  if (const auto at = url.rfind('@'); at != std::string_view::npos) url.remove_prefix(at + 1);
  for (const std::string_view prefix : {"www.", "feeds.", "feed.", "rss."}) {
    if (text::starts_with_ignoring_case(url, prefix)) url.remove_prefix(prefix.size());
  }
  return url;
}

}  // namespace

// Any script in small ASCII letters. Making one takes some 20 ms.
class SourceIds::Latin {
 public:
  Latin() {
    UErrorCode error = U_ZERO_ERROR;
    rules_.reset(icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; Lower", UTRANS_FORWARD, error));
    if (U_FAILURE(error) != 0) rules_.reset();
  }
  std::string of(std::string_view text) const {
    const bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (is_ascii || !rules_) return text::ascii_lower(text);
    auto unicode = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
    rules_->transliterate(unicode);
    std::string out;
    return unicode.toUTF8String(out);
  }

 private:
  std::unique_ptr<icu::Transliterator> rules_;
};

SourceIds::SourceIds(const std::vector<std::string>& taken) : latin_(std::make_unique<Latin>()), taken_(taken.begin(), taken.end()) {}
SourceIds::~SourceIds() = default;

// Letters and digits, all else as single hyphens between them.
std::string SourceIds::slug(std::string_view text) const {
  std::string out;
  for (const char c : latin_->of(text::truncate_utf8(text, kMaxTitleBytes))) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      if (out.size() >= kMaxIdBytes) break;
      out += c;
    } else if (c != '\'' && !out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

std::string SourceIds::make(std::string_view title, std::string_view url) {
  std::string id = slug(title);
  if (id.empty()) id = slug(host_of(url));
  if (id.empty()) id = "source";
  std::string unique = id;
  for (int n = 2; !taken_.insert(unique).second; ++n) unique = fmt::format("{}-{}", id, n);
  return unique;
}

bool is_language_tag(std::string_view tag) {
  const auto parts = text::split(tag, '-');
  if (parts.front().size() < 2 || parts.front().size() > 3) return false;
  for (const auto part : parts) {
    if (part.empty() || part.size() > 8) return false;
    for (const char c : part) {
      const char lower = text::to_ascii_lower(c);
      if (!((lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9'))) return false;
    }
  }
  return true;
}

bool is_id(std::string_view id) {
  return !id.empty() && id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

}  // namespace tidings::config
