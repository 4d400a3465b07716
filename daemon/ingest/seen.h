#pragma once
// What a source's last document held, so that the next one's unchanged entries cost nothing more. Pure.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/entry.h"
#include "schedule/gap.h"

namespace tidings::ingest {

// By what an entry is known again.
schedule::EntryKeys keys_of(const model::Entry& entry);
// A hash of all that a reader sees of it: changed where the entry was edited.
std::uint64_t content_of(const model::Entry& entry);

class Seen {
 public:
  struct Entry {
    schedule::EntryKeys keys;
    std::uint64_t content = 0;
  };

  void clear() { keys_.clear(), contents_.clear(); }
  void add(const Entry& entry) { keys_.push_back(entry.keys), contents_.push_back(entry.content); }
  void add(const Seen& other);
  // Forgets all but the `most` that were added first.
  void keep_first(std::size_t most);
  // The same entry was in the document, with whatever content.
  bool lists(const schedule::EntryKeys& keys) const;
  // The same entry with the same content was in the document.
  bool holds(const Entry& entry) const;
  std::span<const schedule::EntryKeys> keys() const { return keys_; }
  std::size_t size() const { return keys_.size(); }

  // As bytes for the store; load() takes what save() of this version wrote and says false, changing nothing, otherwise.
  std::string save() const;
  bool load(std::string_view bytes);

 private:
  std::vector<schedule::EntryKeys> keys_;
  std::vector<std::uint64_t> contents_;
};

}  // namespace tidings::ingest
