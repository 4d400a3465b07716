#pragma once
// Is this text an absolute http or https URL? A check of its shape, for messages; URLs are taken apart elsewhere. Pure.

#include <string>
#include <string_view>

namespace tidings::config {

// What is wrong, as the end of a sentence that begins with the option's name; empty: nothing.
std::string url_flaw(std::string_view url);

}  // namespace tidings::config
