#pragma once
// How long things took for one source, in a few bytes: counts by powers of two, of the last few hundred observations. Pure.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

namespace tidings::ingest {

class Delays {
 public:
  void add(double seconds);
  std::uint64_t count() const { return count_; }
  double mean() const { return count_ > 0 ? sum_ / static_cast<double>(count_) : 0; }  // of all
  // The upper bound of the bucket that the q-quantile falls in, in seconds; the last bucket's is the lower one.
  double quantile(double q) const;
  // count, mean, p50, p90, p99 in seconds; null where nothing was observed.
  json::value report() const;

 private:
  friend struct Figures;
  static constexpr std::size_t kBuckets = 28;  // up to 1 ms, 2 ms, ... 18 h, and over
  std::array<std::uint8_t, kBuckets> counts_{};  // halved together when one would overflow
  std::uint32_t count_ = 0;
  double sum_ = 0;
};

// Of a source whose items came after its first document.
struct Figures {
  Delays detect;  // from the stated date of a new item to its commit
  double attainable_sum = 0;  // of the same items: had they been asked for as soon as the origin's wishes allowed
  std::uint64_t late = 0;     // of them, later than late_after beyond that
  Delays fetch, parse, decide, commit;

  json::object report() const;

  // As bytes for the store; load() takes what save() of this version wrote and says false, changing nothing, otherwise.
  std::string save() const;
  bool load(std::string_view bytes);

 private:
  // The one list of what is saved, for both ways.
  template <class F, class Each>
  static void each_field(F& figures, Each each) {
    each(figures.attainable_sum), each(figures.late);
    for (auto* delays : {&figures.detect, &figures.fetch, &figures.parse, &figures.decide, &figures.commit}) {
      each(delays->counts_), each(delays->count_), each(delays->sum_);
    }
  }
};

}  // namespace tidings::ingest
