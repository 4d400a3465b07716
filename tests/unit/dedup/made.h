#pragma once
// Items and texts for tests of dedup: made from numbers, the same on every machine.

#include <fmt/format.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "dedup/deduplicator.h"
#include "model/item.h"

namespace tidings::dedup::made {

// Bits from a seed, 32 at a time.
class Random {
 public:
  using result_type = std::uint32_t;
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return UINT32_MAX; }
  result_type operator()() { return static_cast<result_type>(engine_()); }

 private:
  std::mt19937 engine_;
};

inline const Time kStart = from_micros(1'700'000'000'000'000);

inline std::string id_of(std::uint64_t n) { return fmt::format("urn:tidings:item:{:016x}{:08x}{:08x}", n * 0x9E3779B97F4A7C15U + 1, static_cast<std::uint32_t>(n * 0x9E3779B1U), n); }

inline model::Item item(std::uint64_t n, std::string title, std::string text, std::string source = "source") {
  model::Item out;
  out.id = id_of(n);
  out.source_id = std::move(source);
  out.title = std::move(title);
  out.body_text = std::move(text);
  out.language = "en";
  return out;
}

// A word that no other number gives.
inline std::string word(std::uint64_t n) {
  static constexpr const char* kSyllables[] = {"ba", "ko", "lu", "mer", "ti", "son", "dra", "vel", "pin", "gor", "sha", "num", "fel", "tor", "wen", "zi"};
  std::string out;
  for (int i = 0; i < 4; ++i, n /= 16) out += kSyllables[n % 16];
  return out;
}

// Prose of so many words; texts of different seeds share next to no shingle.
inline std::string prose(std::uint32_t seed, std::size_t words) {
  Random random(seed);
  std::string out;
  bool begin = true;
  for (std::size_t i = 0; i < words; ++i) {
    std::string next = word(random() % 65'536);
    if (begin) next[0] = static_cast<char>(next[0] - 'a' + 'A');
    begin = i % 12 == 11;
    out += next + (begin ? ". " : " ");
  }
  return out;
}

// A deduplicator and what the store would know, fed item by item.
class Feed {
 public:
  explicit Feed(Options options = {}) : dedup_(std::move(options)) {}
  Decision tell(const model::Item& item, Time now) {
    const Features features = extract(item, dedup_.options());
    std::optional<Known> known;
    for (auto& [id, what] : known_) {
      if (id == item.id) known = what;
    }
    Decision decision = dedup_.decide(item, features, known, now);
    if (!decision.unchanged) {
      std::erase_if(known_, [&](const auto& one) { return one.first == item.id; });
      known_.emplace_back(item.id, Known{decision.verdict.rev, features.content_hash, now, decision.verdict.story});
    }
    return decision;
  }
  Decision tell(const model::Item& item) { return tell(item, kStart + Seconds(60 * told_++)); }
  Deduplicator& dedup() { return dedup_; }

 private:
  Deduplicator dedup_;
  std::vector<std::pair<std::string, Known>> known_;
  int told_ = 0;
};

}  // namespace tidings::dedup::made
