// Dates: what is read lies in the years that dates have, and white space round it changes nothing.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/date.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const tidings::OptionalTime time = tidings::parse_date(text);
  if (time) {
    using namespace std::chrono;
    // A zone may move a date out of its year, and ten digits are seconds.
    if (*time < sys_days(year(999) / 12 / 31) || *time > sys_days(year(10000) / 1 / 2)) std::abort();
  }
  if (tidings::parse_date(" \t" + std::string(text) + "\r\n") != time) std::abort();
  return 0;
}
