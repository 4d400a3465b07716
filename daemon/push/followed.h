#pragma once
// A source that says who tells of its changes: what it said, and its subscriptions. Pure.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "push/discovery.h"
#include "push/subscription.h"

namespace tidings::push {

// Draws what nobody can guess: 48 hex digits, 192 bits.
using Draw = std::function<std::string()>;

struct Followed {
  std::string source_id;
  Hints hints;
  std::vector<Subscription> subscriptions;
  OptionalTime polled;  // the last poll that ended
  // How its hubs are asked, also when the source has left the configuration.
  bool allow_private = false;
  std::string proxy;

  // Brings the subscriptions in line with what the source says: a hub that is new is subscribed to, one that is gone or
  // another topic's is left. `is_wanted`: the source is followed and may be pushed. True where something changed.
  bool reconcile(bool is_wanted, Time now, const Options& options, const Draw& draw);
  // Forgets the subscriptions that are over.
  void sweep();
  // A poll found these first. Items that may have come before a channel was up are not held against it.
  void found(const std::vector<std::uint64_t>& fresh, const std::vector<std::uint64_t>& shown, Time now, const Options& options);
  // One of the subscriptions brought these.
  void brought(const Subscription& by, const std::vector<std::uint64_t>& fresh, const std::vector<std::uint64_t>& shown, Time now);
  // The proven share of items that push brings: that of the best channel that is up.
  double recall(Time now) const;

  std::string save() const;
};

Result<Followed> load_followed(std::string source_id, std::string_view saved);

}  // namespace tidings::push
