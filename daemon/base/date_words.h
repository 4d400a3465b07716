#pragma once
// The words of dates: months, zones and halves of the day, as feeds of many languages write them. Lower-case UTF-8.

#include <optional>
#include <string_view>

namespace tidings::date_words {

int month(std::string_view word);                    // 1 to 12, or 0
int month_of_three(std::string_view letters);        // an English name cut to three letters, in any case
std::optional<int> zone_minutes(std::string_view word);  // east of UTC
enum class Half { none, am, pm };
Half half_of_day(std::string_view word);

}  // namespace tidings::date_words
