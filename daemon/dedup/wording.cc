#include "dedup/wording.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "dedup/fold.h"
#include "dedup/utf8.h"

namespace tidings::dedup {
namespace {

constexpr std::size_t kMaxTextBytes = 64 * 1024;
constexpr std::size_t kMaxWordBytes = 200;

enum class Kind : std::uint8_t { word, name, figure };

struct Said {
  std::string written;
  Kind kind = Kind::word;
  double weight = 0;
};
using SaidWords = std::unordered_map<std::uint32_t, Said>;  // by key

std::uint32_t language_key(const model::Item& item) {
  const std::string_view primary = std::string_view(item.language).substr(0, item.language.find('-'));
  return primary.empty() ? 0 : static_cast<std::uint32_t>(hash64(text::ascii_lower(primary)));
}

// Reads words off a text as they are written, with the place of each in a sentence.
class Words {
 public:
  explicit Words(std::string_view utf8) : utf8_(utf8) {}

  // The next one, or an empty view at the end.
  std::string_view next() {
    std::size_t begin = std::string_view::npos;
    while (at_ < utf8_.size()) {
      const std::size_t before = at_;
      const char32_t c = next_code_point(utf8_, at_);
      const CharClass type = fold(c).type;
      const bool inside = type == CharClass::letter || type == CharClass::digit;
      if (type == CharClass::ignorable) continue;
      if (type == CharClass::ideograph) {
        if (begin != std::string_view::npos) return give(begin, at_ = before);
        // Two of them are about a word.
        const std::size_t first = std::exchange(last_ideograph_, before);
        if (first != std::string_view::npos) return give(first, at_);
        continue;
      }
      last_ideograph_ = std::string_view::npos;
      if (inside) {
        if (begin == std::string_view::npos) begin = before;
        continue;
      }
      const bool in_number = (c == '.' || c == ',') && before > 0 && is_digit(before - 1) && is_digit(at_);
      if (begin != std::string_view::npos && !in_number) return give(begin, at_ = before);
      if (c == '.' || c == '!' || c == '?' || c == ':' || c == '\n' || c == 0x3002) sentence_start_ = true;
    }
    return begin == std::string_view::npos ? std::string_view() : give(begin, at_);
  }
  // Of what next() gave: a capital says nothing there.
  bool at_sentence_start() const { return given_at_start_; }

 private:
  bool is_digit(std::size_t at) const { return at < utf8_.size() && utf8_[at] >= '0' && utf8_[at] <= '9'; }
  std::string_view give(std::size_t begin, std::size_t end) {
    given_at_start_ = std::exchange(sentence_start_, false);
    return utf8_.substr(begin, end - begin);
  }

  std::string_view utf8_;
  std::size_t at_ = 0;
  std::size_t last_ideograph_ = std::string_view::npos;
  bool sentence_start_ = true;
  bool given_at_start_ = true;
};

bool has_capital(std::string_view word) {
  std::size_t at = 0;
  return fold(next_code_point(word, at)).capital;
}

void read(std::string_view utf8, std::uint32_t language, bool across, const Rarity& rarity, SaidWords& into) {
  Words words(text::truncate_utf8(utf8, kMaxTextBytes));
  for (std::string_view word = words.next(); !word.empty(); word = words.next()) {
    if (word.size() > kMaxWordBytes) continue;
    const Folded folded = fold({}, word, kMaxWordBytes);
    const auto terms = across ? find_cross_terms(folded) : find_terms(folded, language).terms;
    if (terms.empty()) continue;
    const std::uint32_t key = terms.front().key;
    const bool figure = word.front() >= '0' && word.front() <= '9';
    const bool name = !figure && !words.at_sentence_start() && has_capital(word);
    Said& said = into[key];
    if (said.written.empty()) {
      said.written = word;
      said.weight = rarity.of(key, across ? 0 : language);
    }
    if (figure) said.kind = Kind::figure;
    if (name && said.kind == Kind::word) said = {std::string(word), Kind::name, said.weight};
  }
}

SaidWords said_by(const model::Item& item, bool across, const Rarity& rarity) {
  SaidWords out;
  const std::uint32_t language = language_key(item);
  // Headlines write every word with a capital: the text says which of them are names.
  read(item.body_text.empty() ? item.summary : item.body_text, language, across, rarity, out);
  read(text::ascii_lower(item.title), language, across, rarity, out);
  if (item.body_text.empty() && item.summary.empty()) out.clear(), read(item.title, language, across, rarity, out);
  return out;
}

WordLists sorted(std::vector<Said> all, std::size_t most) {
  std::sort(all.begin(), all.end(), [](const Said& a, const Said& b) {
    if (a.weight != b.weight) return a.weight > b.weight;
    return a.written.size() != b.written.size() ? a.written.size() > b.written.size() : a.written < b.written;
  });
  WordLists out;
  for (Said& said : all) {
    auto& list = said.kind == Kind::figure ? out.figures : said.kind == Kind::name ? out.names : out.words;
    if (list.size() < most) list.push_back(std::move(said.written));
  }
  return out;
}

}  // namespace

Wording compare_words(const model::Item& first, const model::Item& second, const Rarity& rarity, std::size_t most) {
  const std::uint32_t x = language_key(first);
  const std::uint32_t y = language_key(second);
  const bool across = x != y && x != 0 && y != 0;
  const SaidWords a = said_by(first, across, rarity);
  const SaidWords b = said_by(second, across, rarity);
  std::vector<Said> both, only_a, only_b;
  for (const auto& [key, said] : a) (b.contains(key) ? both : only_a).push_back(said);
  for (const auto& [key, said] : b) {
    if (!a.contains(key)) only_b.push_back(said);
  }
  return {sorted(std::move(both), most), sorted(std::move(only_a), most), sorted(std::move(only_b), most)};
}

}  // namespace tidings::dedup
