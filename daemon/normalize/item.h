#pragma once
// An entry, as its document says it, to an item: plain text, safe HTML, canonical URL, UTC dates, language, id. Pure.

#include "model/entry.h"
#include "model/item.h"
#include "model/source.h"
#include "normalize/options.h"

namespace tidings::normalize {

// The item as far as the entry and its source tell. first_seen is left to who knows whether the item was seen before.
model::Item normalize(const model::Source& source, const model::Entry& entry, Time fetched, const Options& options);
// What the entry does not state is taken from its feed, then from its source, and else stays absent, but for the language,
// which is detected where nobody states it. Once, when the whole document was read: many feeds tell of themselves last.
void inherit(model::Item& item, const model::Source& source, const model::Feed& feed, const Options& options);

// The id of the item with this identity ("guid:...", "url:...", "text:...") from this source.
std::string item_id(std::string_view source_id, std::string_view identity);

}  // namespace tidings::normalize
