#pragma once
// Learnt distrust of a server whose 304 lies: now and then a request goes without validators, and an answer that brings
// unknown items under the validators that we hold proves that a conditional request would have hidden them.

#include <cstdint>

namespace tidings::schedule {

class ValidatorTrust {
 public:
  // An answer 304 to a conditional request.
  void not_modified();
  // An answer with a body to an unconditional request; `hidden_items`: unknown items came under unchanged validators.
  void checked(bool hidden_items);
  // Any other answer with a body: the server tells changes.
  void modified() { unchecked_ = 0; }

  // Whether the next request goes without validators; `every`: how many 304s are believed before one is checked, 0: all.
  bool wants_check(unsigned every) const;
  // A proven liar, until it was honest many times in a row; longer after each lie.
  bool distrusts() const;

 private:
  std::uint16_t unchecked_ = 0;  // 304s since the last check
  std::uint8_t lies_ = 0;        // proven ever
  std::uint8_t honest_ = 0;      // checks in a row that showed no lie
};

}  // namespace tidings::schedule
