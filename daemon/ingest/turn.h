#pragma once
// One document of a source at a time goes from its parse to its commit, whether it was polled or pushed: two at once could
// both find the same item new, and a plugin's instance takes one call at a time.

#include "ingest/source.h"
#include "loop/event.h"

namespace tidings::ingest {

// Loop thread only.
class Turns {
 public:
  explicit Turns(asio::any_io_executor executor) : freed_(std::move(executor)) {}

 private:
  friend class Turn;
  loop::Event freed_;  // set when a turn ends
};

// Ends with its life. The source stays where it is meanwhile.
class Turn {
 public:
  explicit Turn(Turns& turns) : turns_(turns) {}
  ~Turn() {
    if (source_ == nullptr) return;
    source_->taking = false;
    turns_.freed_.set();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // Completes with true when it is ours, at once where it is already; with false when the task is cancelled.
  Task<bool> take(Source& source) {
    while (source_ == nullptr && source.taking) {
      turns_.freed_.reset();
      const error_code cancelled = co_await turns_.freed_.wait();
      if (cancelled) co_return false;
    }
    source.taking = true;
    source_ = &source;
    co_return true;
  }

 private:
  Turns& turns_;
  Source* source_ = nullptr;
};

}  // namespace tidings::ingest
