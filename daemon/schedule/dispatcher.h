#pragma once
// Who may be polled now: the queue, the hosts' limits, the budget and what is known of the hours of hosts and languages,
// held together. The conductor and the simulated day of the tests run this same object. Pure: `now` is handed in.

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "schedule/budget.h"
#include "schedule/host_limiter.h"
#include "schedule/profiles.h"
#include "schedule/queue.h"
#include "schedule/source_schedule.h"

namespace tidings::schedule {

// Of a source, what politeness and priors go by. Views, good for the call.
struct Address {
  std::string_view host;      // the registrable domain; empty: it makes no requests (exec)
  std::string_view led_to;    // that of the answer, where redirects led to another; empty: none
  std::string_view language;  // for the profile
  const SourceSchedule* schedule = nullptr;  // absent: nothing is known of hours that it wants to be left alone in
  double push_recall = 0;     // proven share of its items that push delivers
};

class Dispatcher {
 public:
  using Id = Queue::Id;

  explicit Dispatcher(const Options& options) : options_(options), hosts_(options) {}

  // The number of sources to begin with, for a first guess at the budget's share of each. Only the first call counts.
  void begin(std::size_t sources, Time now);

  // A source comes in: the time of its first poll, which it is queued for, unless it is stopped. What it had learnt of its
  // hours is passed on to its host and language.
  Decision add(Id id, SourceSchedule& schedule, const Address& address, Time now);
  void remove(Id id, const Address& address);

  // The earliest source that is due and may be polled, taken from the queue with its host's leave and a request of the
  // budget; one that may not yet is due again when there is room. Nothing: nobody may go before wake_at().
  // `address_of(id)` gives the Address.
  template <class AddressOf>
  std::optional<Id> next(Time now, AddressOf address_of) {
    while (ready(now)) {
      const auto id = queue_.pop_due(now);
      if (admit(*id, address_of(*id), now)) return id;
    }
    return std::nullopt;
  }
  // What kept the source that next() gave from going when it was due, in words; empty: its host did not.
  std::string_view held(Id id) const;
  // When it makes sense to ask again; nothing: no source waits for its time.
  OptionalTime wake_at() const;

  // The answer to a poll is there: settles it with the hosts and the budget and says when the source is polled next. The
  // source is queued by release() alone, when all that belongs to the poll has ended: before, it must not start again.
  Decision answered(Id id, SourceSchedule& schedule, const Address& address, const Poll& poll, Time now);
  // The poll ended without an answer of any kind: we are stopping.
  void abandoned(const Address& address, Time now);
  void release(Id id, Time at) { queue_.reschedule(id, at); }

  Conditions conditions(const Address& address) const;
  const HostLimiter& hosts() const { return hosts_; }
  double kappa() const { return budget_ ? budget_->kappa() : 0; }
  double requests_per_second() const { return budget_ ? budget_->observed_rate() : 0; }

 private:
  struct Slot {
    std::uint8_t requests = 1;  // that a poll of the source takes, as its last one did
    bool waited = false;        // it comes back at the time that a host's limit gave it
    HostLimiter::Held held = HostLimiter::Held::no;  // what made it wait last
  };
  bool ready(Time now);
  bool admit(Id id, const Address& address, Time now);
  // A host with one source says nothing that the source itself does not know.
  bool shared(std::string_view host) const;

  Options options_;
  Queue queue_;
  HostLimiter hosts_;
  std::optional<Budget> budget_;
  Profiles profiles_;
  std::unordered_map<std::uint64_t, std::uint32_t> sources_of_host_;  // by hash
  std::vector<Slot> slots_;
};

}  // namespace tidings::schedule
