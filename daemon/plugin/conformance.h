#pragma once
// A kit of checks for any plugin, whatever it reads: does it hold the rules of plugin.h. Each check loads the plugin and
// runs in a process of its own, so that one that crashes there fails its check alone.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tidings::plugin {

struct ConformanceInput {
  std::string file;                            // FILE.so
  std::map<std::string, std::string> options;  // for its instances: values as JSON text
  std::vector<std::string> samples;            // documents that it reads; some of usual formats are tried anyway
};

struct Check {
  enum class Outcome : std::uint8_t { passed, failed, skipped };
  std::string name;  // what the plugin does where it passes: "keeps no pointers"
  Outcome outcome = Outcome::passed;
  std::string detail;  // why not, in one sentence
};

// Only while the process has no other threads.
std::vector<Check> check_conformance(const ConformanceInput& input);

}  // namespace tidings::plugin
