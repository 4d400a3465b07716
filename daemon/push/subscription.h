#pragma once
// One subscription at one hub: when to ask, what to say to its questions, when to ask again. WebSub (W3C Recommendation of
// 23 January 2018) and rssCloud (https://www.rssboard.org/rsscloud-interface). Pure.
//
//   wanted ── request taken ─► asked ── the hub verifies ─► active ── before the lease ends: asked again, still active
//      ▲                         │                             │
//      └──── failed, backoff ────┘                  leaving ◄──┴── no longer wanted;  denied: tried again after a day
//
// rssCloud knows no verification after the request and no leaving: it is active once the request is taken.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "push/form.h"
#include "push/options.h"
#include "push/recall.h"

namespace tidings::push {

enum class Kind : std::uint8_t { websub, cloud };
std::string_view name_of(Kind kind);
enum class Phase : std::uint8_t { wanted, asked, active, denied, leaving };
std::string_view name_of(Phase phase);

struct Subscription {
  Kind kind = Kind::websub;
  std::string hub;
  std::string topic;
  std::string token;     // the last part of the callback's path: who knows it may call, so it is drawn anew for each
  std::string secret;    // of the signatures
  std::string callback;  // the whole URL

  Phase phase = Phase::wanted;
  Time next;                 // when there is something to do
  bool verified_leave = false;
  OptionalTime lease_end;
  OptionalTime up_since;     // without a break
  OptionalTime last_ping;    // the last that was heard with a good signature
  std::uint32_t failures = 0;
  std::string trouble;       // of the last request, empty: it went well
  bool prompted = false;     // a ping without content had us poll, and that poll has not ended yet
  std::uint64_t pings = 0;
  std::uint64_t bad_signatures = 0;
  Recall recall;

  // It brings, as far as is known.
  bool is_up(Time now) const { return phase == Phase::active && lease_end && *lease_end > now; }
  bool is_due(Time now) const { return next <= now; }
  // Nothing more is to be done: it can be forgotten.
  bool is_over() const;

  // The body of the request to the hub.
  Form request(const Options& options) const;
  // The hub took the request.
  void taken(Time now, const Options& options);
  // It did not, or it could not be asked.
  void failed(Time now, std::string why, const Options& options);
  // The lease has ended without another: true once, where it was up until now.
  bool lapse(Time now);
  // A channel that is no longer wanted.
  void leave(Time now);

  // The hub asks whether it was us who asked (WebSub, section 5.3). The answer's body, or nothing: 404.
  std::optional<std::string> verify(const Form& query, Time now, const Options& options);
  // hub.mode=denied: true where it is about this subscription.
  bool denied(const Form& query, Time now);
  // rssCloud's question during the request. The answer's body, or nothing: 404.
  std::optional<std::string> challenged(const Form& query) const;

  json::object save() const;
};

// Nothing where it is none that save() made.
std::optional<Subscription> load_subscription(const json::object& saved);

}  // namespace tidings::push
