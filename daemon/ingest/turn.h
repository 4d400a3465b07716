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

  // True where it is ours now; else wait() and ask again.
  bool take(Source& source) {
    if (source_ != nullptr) return true;
    if (source.taking) return false;
    source.taking = true;
    source_ = &source;
    return true;
  }
  // Completes when some turn has ended; with an error when the task is cancelled.
  Task<error_code> wait() {
    turns_.freed_.reset();
    return turns_.freed_.wait();
  }

 private:
  Turns& turns_;
  Source* source_ = nullptr;
};

}  // namespace tidings::ingest
