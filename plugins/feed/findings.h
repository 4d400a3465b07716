#pragma once
// Says what was found on the way, as a feed validator would: the encoding and why, what was repaired and where.

#include "feed/encoding.h"
#include "feed/xml.h"
#include "sdk/plugin.h"

namespace tidings::feed {

void report_encoding(const Decoded& document, sdk::Sink& sink);
void report_repairs(Xml& xml, sdk::Sink& sink);

}  // namespace tidings::feed
