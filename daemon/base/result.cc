#include "base/result.h"

namespace tidings {

std::string_view name_of(Errc code) {
  switch (code) {
    case Errc::invalid: return "invalid";
    case Errc::not_found: return "not_found";
    case Errc::io: return "io";
    case Errc::network: return "network";
    case Errc::timeout: return "timeout";
    case Errc::too_large: return "too_large";
    case Errc::refused: return "refused";
    case Errc::protocol: return "protocol";
    case Errc::unavailable: return "unavailable";
    case Errc::cancelled: return "cancelled";
    case Errc::corrupt: return "corrupt";
    case Errc::fenced: return "fenced";
  }
  return "unknown";
}

}  // namespace tidings
