#pragma once
// What is remembered of an item across restarts: a compact byte record that the store keeps and never reads.
// Format: version byte, body, 32-bit check (the low half of XXH3 of all before it). Integers are LEB128 varints or
// little-endian; ascending ones are Rice codes of their differences.

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"
#include "dedup/compare.h"
#include "dedup/features.h"
#include "dedup/item_id.h"
#include "dedup/packed.h"
#include "dedup/terms.h"

namespace tidings::dedup {

// By what an item of the window is found.
struct ItemKeys {
  std::uint64_t url = 0;    // 0: none, as in Features
  std::uint64_t text = 0;
  std::uint64_t title = 0;
  std::uint64_t simhash = 0;
};
ItemKeys keys_of(const Features& features);

struct Remembered {
  Hash128 item;
  std::uint64_t head = 0;  // low half of the first item of its group of copies: its own where it is not a duplicate
  Hash128 story;
  Hash128 merged;  // the story that became part of it by this item; zero: none
  Time seen;
  bool duplicate = false;
  bool edited = false;  // a later revision of an item
  ItemKeys keys;
  std::uint32_t source = 0;
  std::uint32_t outlet = 0;
  std::uint32_t language = 0;
  TermVector terms;                  // what it tells its story; empty for a duplicate
  std::vector<std::uint32_t> slots;  // of all its terms, for Rarity; empty for a duplicate
  std::string copy;                  // its CopyFeatures, packed
};

std::string pack(const CopyFeatures& features);
CopyFeatures unpack(std::string_view packed);  // all but the SimHash
// False where the first of the packed sketch's entries tell already that its text and `mine` do not contain so much of each
// other: most candidates are passed over without more of them being read.
bool may_contain(std::string_view packed, const CopyFeatures& mine, double containment);

std::string encode(const Remembered& record);
Result<Remembered> decode(std::string_view bytes);

}  // namespace tidings::dedup
