#include "dedup/record.h"

#include <bit>

#include "dedup/sketch.h"

namespace tidings::dedup {
namespace {

constexpr char kVersion = 1;
constexpr float kWeightScale = 32;

class Writer {
 public:
  void byte(unsigned value) { out_.push_back(static_cast<char>(value)); }
  template <class T>
  void fixed(T value) {
    for (unsigned i = 0; i < sizeof(T); ++i) byte(static_cast<unsigned>(value >> (8 * i) & 0xFF));
  }
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) byte(static_cast<unsigned>(value & 0x7F) | 0x80);
    byte(static_cast<unsigned>(value));
  }
  void key(const Hash128& hash) {
    fixed(hash.high);
    fixed(hash.low);
  }
  std::string take() && { return std::move(out_); }
  std::string_view view() const { return out_; }

 private:
  std::string out_;
};

// Past the end every read gives 0 and `good` is false.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  unsigned byte() {
    if (rest_.empty()) {
      good_ = false;
      return 0;
    }
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }
  template <class T>
  T fixed() {
    T value = 0;
    for (unsigned i = 0; i < sizeof(T); ++i) value = static_cast<T>(value | static_cast<T>(byte()) << (8 * i));
    return value;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const unsigned next = byte();
      value |= static_cast<std::uint64_t>(next & 0x7F) << shift;
      if (next < 0x80) return value;
    }
    good_ = false;
    return value;
  }
  std::size_t count(std::size_t most) {
    const std::uint64_t n = varint();
    if (n > most) good_ = false;
    return good_ ? static_cast<std::size_t>(n) : 0;
  }
  Hash128 key() {
    Hash128 hash;
    hash.high = fixed<std::uint64_t>();
    hash.low = fixed<std::uint64_t>();
    return hash;
  }
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace

std::string encode(const Remembered& record) {
  const Features& f = record.features;
  Writer out;
  out.byte(static_cast<unsigned char>(kVersion));
  out.key(record.item);
  const bool own_head = record.head == record.item;
  const bool own_story = record.story == record.item;
  out.byte((record.duplicate ? 1U : 0U) | (own_head ? 2U : 0U) | (own_story ? 4U : 0U) | (f.correction ? 8U : 0U));
  if (!own_head) out.key(record.head);
  if (!own_story) out.key(record.story);
  out.fixed(static_cast<std::uint64_t>(to_micros(record.seen)));
  out.fixed(f.simhash);
  out.fixed(f.url_key);
  out.fixed(f.text_key);
  out.fixed(f.title_key);
  out.fixed(f.source);
  out.fixed(f.outlet);
  out.varint(f.shingles);
  out.varint(f.sketch.size());
  std::uint32_t last = 0;
  for (const std::uint32_t hash : f.sketch) {
    out.varint(hash - last);
    last = hash;
  }
  out.varint(f.figures.size());
  for (const Figure& figure : f.figures) {
    out.fixed(std::bit_cast<std::uint32_t>(figure.value));
    out.fixed(figure.before);
    out.fixed(figure.after);
  }
  out.varint(f.terms.size());
  for (const Term& term : f.terms) {
    out.fixed(term.key);
    out.byte(static_cast<unsigned>(std::min(255.0F, term.weight * kWeightScale)));
  }
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
  Features& f = out.features;
  out.item = in.key();
  const unsigned flags = in.byte();
  out.duplicate = (flags & 1) != 0;
  f.correction = (flags & 8) != 0;
  out.head = (flags & 2) != 0 ? out.item : in.key();
  out.story = (flags & 4) != 0 ? out.item : in.key();
  out.seen = from_micros(static_cast<std::int64_t>(in.fixed<std::uint64_t>()));
  f.simhash = in.fixed<std::uint64_t>();
  f.url_key = in.fixed<std::uint64_t>();
  f.text_key = in.fixed<std::uint64_t>();
  f.title_key = in.fixed<std::uint64_t>();
  f.source = in.fixed<std::uint32_t>();
  f.outlet = in.fixed<std::uint32_t>();
  f.shingles = static_cast<std::uint32_t>(in.varint());
  f.sketch.resize(in.count(kSketchSize));
  std::uint32_t last = 0;
  for (std::uint32_t& hash : f.sketch) hash = last += static_cast<std::uint32_t>(in.varint());
  f.figures.resize(in.count(256));
  for (Figure& figure : f.figures) {
    figure.value = std::bit_cast<float>(in.fixed<std::uint32_t>());
    figure.before = in.fixed<std::uint16_t>();
    figure.after = in.fixed<std::uint16_t>();
  }
  f.terms.resize(in.count(256));
  for (Term& term : f.terms) {
    term.key = in.fixed<std::uint32_t>();
    term.weight = static_cast<float>(in.byte()) / kWeightScale;
  }
  if (!in.good() || !in.at_end()) return broken();
  return out;
}

}  // namespace tidings::dedup
