#include "dedup/record.h"

#include <bit>
#include <cmath>

#include "dedup/packed.h"
#include "dedup/sketch.h"

namespace tidings::dedup {
namespace {

constexpr char kVersion = 3;
constexpr std::size_t kMaxPacked = 4096;
// Whole numbers up to here are written as such; other figures as the bits of a float.
constexpr float kMaxWhole = 1 << 27;

constexpr unsigned kDuplicate = 1;
constexpr unsigned kOwnHead = 2;
constexpr unsigned kOwnStory = 4;
constexpr unsigned kEdited = 8;
constexpr unsigned kMerges = 16;

void put_value(Writer& out, float value) {
  if (value >= 0 && value < kMaxWhole && value == std::floor(value)) {
    out.varint(static_cast<std::uint64_t>(value) << 1);
  } else {
    out.varint(std::uint64_t{std::bit_cast<std::uint32_t>(value)} << 1 | 1);
  }
}

float read_value(Reader& in) {
  const std::uint64_t value = in.varint();
  return (value & 1) == 0 ? static_cast<float>(value >> 1) : std::bit_cast<float>(static_cast<std::uint32_t>(value >> 1));
}

}  // namespace

ItemKeys keys_of(const Features& f) { return {f.url_key, f.short_text ? 0 : f.text_key, f.title_key, f.simhash}; }

std::string pack(const CopyFeatures& f) {
  Writer out;
  out.fixed(f.text_key);
  out.varint(std::uint64_t{f.shingles} << 2 | (f.short_text ? 2U : 0U) | (f.marker != 0 ? 1U : 0U));
  if (f.marker != 0) out.fixed(f.marker);
  out.varint(f.sketch.size());
  out.ascending(f.sketch);
  out.varint(f.figures.size());
  for (const Figure& figure : f.figures) {
    put_value(out, figure.value);
    for (unsigned i = 0; i < kContextBits; i += 8) out.byte(figure.context >> i & 0xFF);
  }
  return std::move(out).take();
}

CopyFeatures unpack(std::string_view packed) {
  Reader in(packed);
  CopyFeatures f;
  f.text_key = in.fixed<std::uint32_t>();
  const std::uint64_t head = in.varint();
  f.shingles = static_cast<std::uint32_t>(head >> 2);
  f.short_text = (head & 2) != 0;
  if ((head & 1) != 0) f.marker = in.fixed<std::uint32_t>();
  f.sketch = in.ascending(in.count(kMaxSketch));
  f.figures.resize(in.count(kMaxFigures));
  for (Figure& figure : f.figures) {
    figure.value = read_value(in);
    for (unsigned i = 0; i < kContextBits; i += 8) figure.context |= in.byte() << i;
  }
  return f;
}

bool may_contain(std::string_view packed, const CopyFeatures& mine, double containment) {
  // So many standard deviations fewer than expected are no chance.
  constexpr double kDeviations = 3.5;
  Reader in(packed);
  in.fixed<std::uint32_t>();
  const std::uint64_t head = in.varint();
  if ((head & 1) != 0) in.fixed<std::uint32_t>();
  const std::size_t count = in.count(kMaxSketch);
  const auto theirs = static_cast<double>(head >> 2);
  const auto ours = static_cast<double>(mine.shingles);
  // Of containment: the least share of what both have in what either has.
  const double least = containment * std::min(theirs, ours);
  const double jaccard = least / std::max(1.0, theirs + ours - least);
  std::size_t shared = 0;
  AscendingReader sketch(in.rest());
  std::uint32_t x = count > 0 ? sketch.next() : 0;
  // Shares are the same in any part of the sketches; what lies beyond the end of either is for a full comparison.
  const auto enough = static_cast<std::size_t>(kDeviations * kDeviations * (1 - jaccard) / std::max(jaccard, 0.01)) + 2;
  std::size_t seen = 0;
  for (std::size_t i = 0, j = 0; i < count && j < mine.sketch.size();) {
    const std::uint32_t y = mine.sketch[j];
    shared += x == y;
    const bool next_x = x <= y;
    j += y <= x;
    if (next_x && ++i < count) x = sketch.next();
    if (++seen % enough != 0) continue;
    const auto expected = static_cast<double>(seen) * jaccard;
    if (static_cast<double>(shared) < expected - kDeviations * std::sqrt(expected * (1 - jaccard))) return false;
  }
  return true;
}

std::string encode(const Remembered& record) {
  Writer out;
  out.byte(static_cast<unsigned char>(kVersion));
  out.key(record.item);
  const bool own_head = record.head == record.item.low;
  const bool own_story = record.story == record.item;
  const bool merges = record.merged != Hash128{};
  out.byte((record.duplicate ? kDuplicate : 0U) | (own_head ? kOwnHead : 0U) | (own_story ? kOwnStory : 0U) |
           (record.edited ? kEdited : 0U) | (merges ? kMerges : 0U));
  if (!own_head) out.fixed(record.head);
  if (!own_story) out.key(record.story);
  if (merges) out.key(record.merged);
  out.fixed(static_cast<std::uint64_t>(to_micros(record.seen)));
  out.fixed(record.keys.url);
  out.fixed(record.keys.text);
  out.fixed(record.keys.title);
  out.fixed(record.keys.simhash);
  out.fixed(record.source);
  out.fixed(record.outlet);
  out.fixed(record.language);
  out.varint(record.copy.size());
  out.bytes(record.copy);
  out.varint(record.terms.size());
  for (const Term& term : record.terms) {
    out.fixed(term.key);
    out.byte(coarse_weight(term.weight));
  }
  out.varint(record.slots.size());
  out.ascending(record.slots);
  out.fixed(static_cast<std::uint32_t>(hash64(out.view())));
  return std::move(out).take();
}

Result<Remembered> decode(std::string_view bytes) {
  const auto broken = [] { return Error(Errc::corrupt, "a record of the duplicate window does not check; it is passed over"); };
  if (bytes.size() < 5 || bytes[0] != kVersion) return broken();
  const std::string_view body = bytes.substr(0, bytes.size() - 4);
  if (Reader(bytes.substr(body.size())).fixed<std::uint32_t>() != static_cast<std::uint32_t>(hash64(body))) return broken();
  Reader in(body.substr(1));
  Remembered out;
  out.item = in.key();
  const unsigned flags = in.byte();
  out.duplicate = (flags & kDuplicate) != 0;
  out.edited = (flags & kEdited) != 0;
  out.head = (flags & kOwnHead) != 0 ? out.item.low : in.fixed<std::uint64_t>();
  out.story = (flags & kOwnStory) != 0 ? out.item : in.key();
  if ((flags & kMerges) != 0) out.merged = in.key();
  out.seen = from_micros(static_cast<std::int64_t>(in.fixed<std::uint64_t>()));
  out.keys.url = in.fixed<std::uint64_t>();
  out.keys.text = in.fixed<std::uint64_t>();
  out.keys.title = in.fixed<std::uint64_t>();
  out.keys.simhash = in.fixed<std::uint64_t>();
  out.source = in.fixed<std::uint32_t>();
  out.outlet = in.fixed<std::uint32_t>();
  out.language = in.fixed<std::uint32_t>();
  out.copy = in.bytes(in.count(kMaxPacked));
  out.terms.resize(in.count(kMaxTerms));
  for (Term& term : out.terms) {
    term.key = in.fixed<std::uint32_t>();
    term.weight = weight_of(in.byte());
  }
  out.slots = in.ascending(in.count(kMaxTerms));
  if (!in.good() || !in.at_end()) return broken();
  return out;
}

}  // namespace tidings::dedup
