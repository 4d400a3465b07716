#include "normalize/language.h"

#include <cld2/public/compact_lang_det.h>

#include <algorithm>

#include "base/text.h"

namespace tidings::normalize {
namespace {

// What comes later tells no more of the language.
constexpr std::size_t kMaxTextBytes = 1024;
constexpr std::size_t kMaxTagBytes = 35;

bool is_letter(char c) { return text::to_ascii_lower(c) >= 'a' && text::to_ascii_lower(c) <= 'z'; }
bool is_alphanumeric(char c) { return is_letter(c) || (c >= '0' && c <= '9'); }

// The detector's names that BCP 47 has replaced.
std::string current_name(std::string name) {
  if (name == "iw") return "he";
  if (name == "jw") return "jv";
  if (name == "in") return "id";
  return name;
}

}  // namespace

std::string language_tag(std::string_view stated) {
  std::string tag(text::trim(stated));
  std::replace(tag.begin(), tag.end(), '_', '-');
  if (tag.size() > kMaxTagBytes) return {};
  std::string out;
  bool first = true, extension = false;
  for (const std::string_view part : text::split(tag, '-')) {
    if (part.empty() || part.size() > 8 || !std::all_of(part.begin(), part.end(), is_alphanumeric)) return {};
    std::string subtag = text::ascii_lower(part);
    if (first) {
      if (part.size() < 2 && subtag != "x" && subtag != "i") return {};
      if (!std::all_of(part.begin(), part.end(), is_letter)) return {};
    } else if (!extension && part.size() == 2) {
      std::transform(subtag.begin(), subtag.end(), subtag.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    } else if (!extension && part.size() == 4 && is_letter(part[0])) {
      subtag[0] = static_cast<char>(subtag[0] - 32);
    }
    extension = extension || part.size() == 1;
    if (!first) out += '-';
    out += subtag;
    first = false;
  }
  // Placeholders of publishing systems, not languages.
  if (out == "und" || out == "mul" || out == "zxx") return {};
  return out;
}

std::string detect_language(std::string_view title, std::string_view body) {
  std::string sample(text::truncate_utf8(title, kMaxTextBytes));
  sample += '\n';
  sample += text::truncate_utf8(body, kMaxTextBytes);
  if (!text::is_valid_utf8(sample)) sample = text::repair_utf8(sample);
  CLD2::Language three[3];
  int percent[3];
  int bytes = 0;
  bool reliable = false;
  const CLD2::Language found = CLD2::DetectLanguageSummary(sample.data(), static_cast<int>(sample.size()), true, three, percent, &bytes, &reliable);
  if (!reliable || found == CLD2::UNKNOWN_LANGUAGE || found == CLD2::TG_UNKNOWN_LANGUAGE) return {};
  return current_name(CLD2::LanguageCode(found));
}

}  // namespace tidings::normalize
