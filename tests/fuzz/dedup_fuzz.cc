// Any bytes as title and text: extraction neither fails nor reads out of bounds, and what is remembered comes back.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "dedup/deduplicator.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace tidings;
  const std::string_view all(reinterpret_cast<const char*>(bytes), size);
  const std::size_t cut = all.find('\n');
  model::Item item;
  item.id = "urn:tidings:item:000102030405060708090a0b0c0d0e0f";
  item.title = all.substr(0, cut);
  item.body_text = cut == std::string_view::npos ? std::string_view() : all.substr(cut + 1);
  dedup::Deduplicator first{dedup::Options{}};
  const dedup::Features features = dedup::extract(item, first.options());
  const auto decision = first.decide(item, features, std::nullopt, Time{});
  if (decision.verdict.kind != model::VerdictKind::fresh) std::abort();
  dedup::Deduplicator second{dedup::Options{}};
  if (!second.restore(decision.memory)) std::abort();
  // The bytes as a record of the window: refused unless it checks.
  static_cast<void>(second.restore(all));
  return 0;
}
