#pragma once
// What a reload changes. Pure.

#include <string>
#include <vector>

#include "config/config.h"

namespace tidings::config {

struct Difference {
  // Sources by id.
  std::vector<std::string> added;
  std::vector<std::string> removed;
  std::vector<std::string> changed;
  bool alerts = false;               // rules or hooks differ
  std::vector<std::string> live;     // options that differ and that a reload applies
  std::vector<std::string> needs_restart;  // options that differ and wait for a restart

  bool empty() const;
};

// A source that only moved to another line is not changed.
Difference diff(const Config& before, const Config& after);

// One sentence: "2 sources added; 1 source removed; schedule.jitter will change at the next restart".
std::string to_string(const Difference& difference);

}  // namespace tidings::config
