#pragma once
// What a feed says of itself: its own elements, one after the other, until it is turned into the ABI struct.

#include <cstdint>

#include "feed/common.h"

namespace tidings::feed {

struct Head {
  Common common;
  std::string_view format;
  std::string_view version;
  std::string_view generator;
  std::string_view icon;
  std::string_view logo;
  std::string_view new_url;
  std::string_view cloud;
  std::string_view root_language;
  std::vector<tidings_person> contacts;  // who to write to: authors only where nobody else is named
  std::vector<tidings_str> hubs;
  std::int64_t ttl_minutes = -1;
  double update_period_seconds = -1;   // sy:updatePeriod
  double update_frequency = 1;         // sy:updateFrequency
  std::uint32_t skip_hours = 0;
  std::uint32_t skip_days = 0;

  void clear();
};

// Reads one element of a feed (or of an Atom source); what is none is passed over.
void read_head_element(const Reading& r, const Node& n, Head& to);

// hints.cc: how often the feed wants to be polled. False where the element is no such hint.
bool read_hint(const Reading& r, const Node& n, Head& to);

// Points into `head`.
tidings_feed feed_of(Head& head, std::string_view encoding);

}  // namespace tidings::feed
