#pragma once
// The last polls of all sources together, with why each came when it did: a ring of bounded size in which the polls of one
// source are linked backwards. What `tidings why` shows. Pure.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace tidings::ingest {

struct PollRecord {
  Time due;       // when it was to come
  Time started;   // when it did
  Time ended;     // its answer was settled
  int status = 0; // HTTP status of the last answer, 0: none
  std::uint32_t entries = 0;
  std::uint32_t new_items = 0;
  unsigned requests = 0;
  bool conditional = false;  // went with validators
  bool gap = false;
  std::string why;      // the rule and the constraint that set `due`
  std::string held;     // what kept it from starting then; empty: nothing
  std::string trouble;  // why it failed; empty: it did not
};
json::object to_json(const PollRecord& record);

class PollLog {
 public:
  // A source's place in the log; 0: none.
  using Place = std::uint64_t;

  explicit PollLog(std::size_t most) : most_(most) {}
  // Adds the source's latest poll; gives the place to hand in the next time.
  Place add(Place before, PollRecord record);
  // The source's polls that are still remembered, latest first.
  std::vector<const PollRecord*> of(Place latest, std::size_t most) const;
  std::size_t size() const { return records_.size(); }

 private:
  struct Linked {
    Place before;
    PollRecord record;
  };
  const Linked* at(Place place) const;

  std::size_t most_;
  Place next_ = 1;
  std::deque<Linked> records_;  // places next_ - size() to next_ - 1
};

}  // namespace tidings::ingest
