#pragma once
// application/x-www-form-urlencoded, as bodies and query strings carry it (WHATWG URL, section 5). Pure.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tidings::push {

using Form = std::vector<std::pair<std::string, std::string>>;

std::string encode_form(const Form& form);
// Broken escapes stay as they are written.
Form decode_form(std::string_view text);
// The first value of this name, or empty. Points into `form`.
std::string_view value_of(const Form& form, std::string_view name);

}  // namespace tidings::push
