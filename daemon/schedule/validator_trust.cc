#include "schedule/validator_trust.h"

#include <algorithm>
#include <limits>

namespace tidings::schedule {
namespace {

// Honest checks in a row that a server needs for each lie before its 304s are believed again.
constexpr unsigned kHonestPerLie = 20;

template <class T>
void increase(T& value) {
  if (value < std::numeric_limits<T>::max()) ++value;
}

}  // namespace

void ValidatorTrust::not_modified() { increase(unchecked_); }

void ValidatorTrust::checked(bool hidden_items) {
  unchecked_ = 0;
  if (hidden_items) {
    increase(lies_);
    honest_ = 0;
  } else {
    increase(honest_);
  }
}

bool ValidatorTrust::wants_check(unsigned every) const { return distrusts() || (every > 0 && unchecked_ >= every); }

bool ValidatorTrust::distrusts() const {
  return lies_ > 0 && honest_ < std::min(kHonestPerLie * lies_, 250U);
}

}  // namespace tidings::schedule
