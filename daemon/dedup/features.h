#pragma once
// What dedup reads out of one item, once, on a worker: all that later comparisons need, and nothing that changes with
// what other items say.

#include <cstdint>
#include <string>
#include <vector>

#include "dedup/options.h"
#include "model/item.h"

namespace tidings::dedup {

// A number in the text with a hash of the words before and after it in its sentence: in two copies the same context
// with another value is a changed figure.
struct Figure {
  float value = 0;
  std::uint32_t context = 0;  // kContextBits of it
  bool operator==(const Figure&) const = default;
};

// A word or name and its weight in this item (its frequency and where it stands; how rare it is comes in later).
struct Term {
  std::uint32_t key = 0;
  float weight = 0;
  bool operator==(const Term&) const = default;
};

struct Features {
  std::uint64_t simhash = 0;
  std::uint64_t content_hash = 0;  // of title, summary and body: a change of it is an edit
  std::uint64_t url_key = 0;       // of the canonical URL; 0: none
  std::uint64_t text_key = 0;      // of title and body; 0: there is no text
  bool short_text = true;          // too short to tell items by ("Live")
  std::uint64_t title_key = 0;     // of the title; 0: too short
  std::uint32_t source = 0;        // hash of the source id
  std::uint32_t outlet = 0;        // hash of the owner group
  std::uint32_t shingles = 0;      // how many distinct ones there are
  std::vector<std::uint32_t> sketch;  // the smallest hashes of shingles, ascending
  std::vector<Figure> figures;        // in the order of the text
  std::vector<Term> terms;            // words, by key
  std::vector<std::uint32_t> names;   // keys of those that are names, ascending
  std::vector<Term> cross;            // of extract_across(): what reads alike across languages, names, numbers and places
  std::uint32_t language = 0;         // hash of the primary language; 0: unknown
  std::uint32_t marker = 0;           // the title or first words say that it updates, corrects or withdraws: hash of how
};

// Pure; may be called on any thread.
Features extract(const model::Item& item, const Options& options);
// The same with `cross`, for compare(): verdicts in a stream do without, and it takes half as long again.
Features extract_across(const model::Item& item, const Options& options);

}  // namespace tidings::dedup
