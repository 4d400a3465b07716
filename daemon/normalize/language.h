#pragma once
// Languages of texts, as BCP 47 tags. Pure.

#include <string>
#include <string_view>

namespace tidings::normalize {

// A stated tag in the usual case ("EN_us" -> "en-US"); empty for what cannot be one.
std::string language_tag(std::string_view stated);

// The language of a plain text by its letters and their sequences (Compact Language Detector 2); empty where it is too
// short or too mixed to tell.
std::string detect_language(std::string_view title, std::string_view text);

}  // namespace tidings::normalize
