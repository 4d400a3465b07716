#pragma once
// Whether a source shows again what it has shown before: its archive, or known entries under new ids. Of each such event
// subscribers are told once, however many documents it takes. Pure.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace tidings::ingest {

// What one document has, of the entries that the one before did not have, that is no news.
struct Repeated {
  std::size_t known = 0;    // under the same id, unchanged
  std::size_t aged = 0;     // of them, those that are old by their date or by when they were first seen
  std::size_t rekeyed = 0;  // under another id
  std::size_t old = 0;      // not known, and backfill by their date
  std::size_t all() const { return known + rekeyed + old; }
};

// One source's.
class Repeats {
 public:
  enum class Kind : std::uint8_t { backfill, rekeyed };

  // Takes one document of so many entries; says whether subscribers are to be told, and of what. They are where most of it
  // repeats, or where little by little many old entries came. An event ends when documents without repeats came, for an hour.
  std::optional<Kind> see(const Repeated& document, std::size_t entries, Time now);

  // As bytes for the store, empty where there was nothing yet; load() takes what save() of this version wrote and says
  // false, changing nothing, otherwise.
  std::string save() const;
  bool load(std::string_view bytes);

 private:
  struct Event {
    bool told = false;
    bool clean = false;  // a document without it came since
    std::size_t entries = 0;
    OptionalTime last;
  };
  std::array<Event, 2> events_;  // by kind
};
std::string_view name_of(Repeats::Kind kind);

}  // namespace tidings::ingest
