#include "model/alert.h"

namespace tidings::model {

std::string_view name_of(DeliveryState state) {
  switch (state) {
    case DeliveryState::pending: return "pending";
    case DeliveryState::delivered: return "delivered";
    case DeliveryState::abandoned: return "abandoned";
  }
  return "";
}

}  // namespace tidings::model
