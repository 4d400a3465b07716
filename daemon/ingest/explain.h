#pragma once
// Answers to people: why an item has its verdict, how two items relate, which stories live and who tells them.

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "dedup/deduplicator.h"
#include "normalize/options.h"
#include "store/store.h"

namespace tidings::ingest {

// Loop thread only. The rooms outlive it. Texts are compared for as long as the outbox keeps them, then headlines only.
// Errc::not_found: nothing is known of what was asked for; its sentence says so.
class Explainer {
 public:
  Explainer(store::Store& store, const dedup::Deduplicator& dedup, normalize::Options normalize_options);

  // `item` is an item's id, or the URL of its page: then the latest of its items.
  Task<Result<json::value>> explain(std::string item);
  Task<Result<json::value>> compare(std::string first, std::string second);
  // `order`: outlets, size, last or first.
  Task<Result<json::value>> stories(std::string order, std::size_t limit);
  Task<Result<json::value>> story(std::string id);

 private:
  struct Known;  // an item with its text
  Task<Result<Known>> find(std::string wanted);
  json::object compared(const Known& first, const Known& second) const;

  store::Store& store_;
  const dedup::Deduplicator& dedup_;
  normalize::Options normalize_options_;
};

}  // namespace tidings::ingest
