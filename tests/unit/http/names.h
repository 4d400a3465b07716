#pragma once
// The test's own name service: it takes the place of the C library's getaddrinfo in this program, libcurl included.
// A name that was not set does not exist. Safe from any thread.

#include <string>
#include <vector>

namespace tidings::test {

void set_name(const std::string& name, std::vector<std::string> addresses);
// Lookups of this name block until release_names().
void set_slow_name(const std::string& name);
void release_names();
// Blocks until so many lookups of slow names are blocked.
void wait_for_slow_lookups(unsigned count);

}  // namespace tidings::test
