#pragma once
// The query of a URL: name=value pairs joined by '&', percent-encoded (WHATWG URL, application/x-www-form-urlencoded).

#include <string>
#include <string_view>

namespace tidings::web {

// "%3A" and '+' decoded; what is no escape stays.
std::string percent_decode(std::string_view text);
// The value of the first pair of this name, decoded; empty where there is none.
std::string query_value(std::string_view query, std::string_view name);

}  // namespace tidings::web
