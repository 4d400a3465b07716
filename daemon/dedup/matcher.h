#pragma once
// Finds in the window what an item is a copy or an update of, by layers: exact keys, then candidates by fingerprint,
// title and story, verified one by one; the best match decides, groups are never joined through it.

#include <cstdint>
#include <optional>
#include <span>

#include "dedup/compare.h"
#include "dedup/options.h"
#include "dedup/window.h"

namespace tidings::dedup {

struct Match {
  std::uint32_t position = 0;  // of the item that it is most like
  Comparison how;              // relation: duplicate or update
};

struct MatchCost {
  std::size_t candidates = 0;
  std::size_t verifications = 0;
};

// `related` are further positions worth a look (the items of likely stories). Pure but for `cost`, which it adds to.
std::optional<Match> find_match(const Window& window, const Features& features, std::span<const std::uint32_t> related,
                                const Options& options, MatchCost& cost);

}  // namespace tidings::dedup
