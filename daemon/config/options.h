#pragma once
// The daemon as a whole: where its state is, what it says, how it stops.

#include <string>

#include "base/clock.h"

namespace tidings::config {

struct DaemonOptions {
  // The store and whatever else survives a restart.
  std::string state_directory = "/var/lib/tidings";
  // The plugins' shared objects; nobody but root may write there.
  std::string plugin_directory = "/usr/lib/tidings/plugins";
  std::string log_level = "info";  // debug, info, warning, error
  // At a stop, after the grace period of the polls: what publishing and alerts may take.
  Millis drain_period = std::chrono::seconds(20);
};

}  // namespace tidings::config
