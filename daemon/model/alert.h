#pragma once
// Rules that watch the items, the alerts they give, and the deliveries of those to hooks.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace tidings::model {

// What the user wrote in rules.d.
struct Rule {
  std::string id;                  // unique, [a-z0-9._-]+
  std::string query;               // in the language of alert/query.h
  std::vector<std::string> hooks;  // ids; every alert is on the stream as well
  bool once_per_story = true;      // one alert for all the items that tell one event
  bool updates = true;             // updated items count, not only new ones
  Millis throttle{0};              // no second alert of this rule within this time
  std::string origin;              // file:line it was read from
  bool operator==(const Rule&) const = default;
};

// A rule met an item.
struct Alert {
  std::string id;  // urn:tidings:alert:<32 hex>, of rule, item and rev: the same match has the same id on replay
  std::string rule_id;
  std::string item_id;
  std::uint32_t rev = 1;
  std::string story;
  Time time;
  std::vector<std::string> matched;  // the terms of the query that were found, as written
};

enum class DeliveryState : std::uint8_t { pending, delivered, abandoned };
std::string_view name_of(DeliveryState state);

// One alert on its way to one hook. Stored before it is tried.
struct Delivery {
  std::int64_t id = 0;  // given by the store; deliveries of a hook are tried in this order
  std::string hook_id;
  std::string alert_id;      // the receiver's key against repeats
  std::string payload;       // JSON
  std::uint32_t attempts = 0;  // made so far
  Time next_at;
  DeliveryState state = DeliveryState::pending;
  std::string last_error;  // of the last attempt, one sentence
};

}  // namespace tidings::model
