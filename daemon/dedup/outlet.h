#pragma once
// Outlets: who tells a story. Outlets of one owner, and the hosts of one registrable domain (publicsuffix.org, by
// libpsl), are one.

#include <string>

#include "dedup/options.h"
#include "model/item.h"

namespace tidings::dedup {

// The owner stated on the item's source; else what options.owners says of its registrable domain or source; else the
// domain; else the source. Lower case.
std::string outlet_of(const model::Item& item, const Options& options);

}  // namespace tidings::dedup
