#include "dedup/record.h"

#include <bit>

#include "dedup/packed.h"
#include "dedup/sketch.h"

namespace tidings::dedup {
namespace {

constexpr char kVersion = 1;
constexpr float kWeightScale = 32;

}  // namespace

void pack_copy_features(Writer& out, const Features& f) {
  out.fixed(f.text_key);
  out.fixed(f.marker);
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
}

CopyFeatures unpack_copy_features(Reader& in) {
  CopyFeatures f;
  f.text_key = in.fixed<std::uint64_t>();
  f.marker = in.fixed<std::uint32_t>();
  f.shingles = static_cast<std::uint32_t>(in.varint());
  f.sketch.resize(in.count(kMaxSketch));
  std::uint32_t last = 0;
  for (std::uint32_t& hash : f.sketch) hash = last += static_cast<std::uint32_t>(in.varint());
  f.figures.resize(in.count(kMaxFigures));
  for (Figure& figure : f.figures) {
    figure.value = std::bit_cast<float>(in.fixed<std::uint32_t>());
    figure.before = in.fixed<std::uint16_t>();
    figure.after = in.fixed<std::uint16_t>();
  }
  return f;
}

std::string encode(const Remembered& record) {
  const Features& f = record.features;
  Writer out;
  out.byte(static_cast<unsigned char>(kVersion));
  out.key(record.item);
  const bool own_head = record.head == record.item;
  const bool own_story = record.story == record.item;
  out.byte((record.duplicate ? 1U : 0U) | (own_head ? 2U : 0U) | (own_story ? 4U : 0U));
  if (!own_head) out.key(record.head);
  if (!own_story) out.key(record.story);
  out.fixed(static_cast<std::uint64_t>(to_micros(record.seen)));
  out.fixed(f.simhash);
  out.fixed(f.url_key);
  out.fixed(f.title_key);
  out.fixed(f.source);
  out.fixed(f.outlet);
  out.fixed(f.language);
  pack_copy_features(out, f);
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
  out.head = (flags & 2) != 0 ? out.item : in.key();
  out.story = (flags & 4) != 0 ? out.item : in.key();
  out.seen = from_micros(static_cast<std::int64_t>(in.fixed<std::uint64_t>()));
  f.simhash = in.fixed<std::uint64_t>();
  f.url_key = in.fixed<std::uint64_t>();
  f.title_key = in.fixed<std::uint64_t>();
  f.source = in.fixed<std::uint32_t>();
  f.outlet = in.fixed<std::uint32_t>();
  f.language = in.fixed<std::uint32_t>();
  CopyFeatures copy = unpack_copy_features(in);
  f.text_key = copy.text_key;
  f.shingles = copy.shingles;
  f.marker = copy.marker;
  f.sketch = std::move(copy.sketch);
  f.figures = std::move(copy.figures);
  f.terms.resize(in.count(256));
  for (Term& term : f.terms) {
    term.key = in.fixed<std::uint32_t>();
    term.weight = static_cast<float>(in.byte()) / kWeightScale;
  }
  if (!in.good() || !in.at_end()) return broken();
  return out;
}

}  // namespace tidings::dedup
