#pragma once
// Watches the items for the rules: what an item sets off goes into the same commit as the item itself, so that no alert is
// lost or given twice over a crash.

#include <memory>
#include <string>
#include <vector>

#include "alert/options.h"
#include "alert/rules.h"
#include "alert/story_gate.h"
#include "base/metrics.h"
#include "loop/asio.h"
#include "model/alert.h"
#include "model/item.h"
#include "store/store.h"

namespace tidings::alert {

// The stream that every alert is on, and its fields.
inline constexpr std::string_view kAlertStream = "alerts";
store::Fields stream_fields(const model::Alert& alert, const model::Item& item, const std::string& payload);
// What a hook gets: {"type": "tidings.alert", "timestamp": ..., "data": {alert, rule, matched, item}}. The item is that of
// the stream without its HTML and with its text cut to 4,000 bytes: receivers take 20 kB at most (Standard Webhooks).
std::string payload_of(const model::Alert& alert, const model::Item& item, const model::Verdict& verdict);

// Loop thread only.
class Watch {
 public:
  Watch(Options options, RuleIndex rules, Metrics& metrics);

  // Remembers, from the outbox, the stories that alerted before the last stop. Awaited once, before the first look().
  Task<> restore(store::Store& store);
  // Other rules from now on; what was alerted stays remembered.
  void apply(RuleIndex rules) { rules_ = std::move(rules); }

  // Adds to the batch the alerts that the item gives, and their deliveries. Says how many alerts.
  std::size_t look(const model::Item& item, const model::Verdict& verdict, Time now, store::Batch& batch);

 private:
  Options options_;
  RuleIndex rules_;
  StoryGate gate_;
  Counter& alerts_;
  Counter& held_back_;
  Counter& too_old_;
};

}  // namespace tidings::alert
