#pragma once
// The sources that are followed. One that waits for its next poll is at rest: what was learnt of it is in the store alone. It
// is awake, with what was learnt in memory, while it is used and for as long after as there is room.

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/metrics.h"
#include "ingest/source.h"
#include "store/store.h"

namespace tidings::ingest {

// Makes what polls a source. The error says why its plugin will not have it.
using MakeFetcher = std::function<Result<Fetcher>(const model::Source&)>;

// Loop thread only. The store outlives it.
class Sources {
 public:
  // Keeps a source awake, once it is. One that is not used any more stays awake until `most_idle` others were used since; one
  // with a child for as long as it is followed. Sources outlives it.
  class Use {
   public:
    Use(Sources& sources, std::shared_ptr<Source> source);
    ~Use();
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    Sources& sources_;
    std::shared_ptr<Source> source_;
  };

  Sources(store::Store& store, MakeFetcher make_fetcher, std::size_t most_idle, Metrics& metrics);

  // Follows a source, at rest. The error is its plugin's.
  Result<std::shared_ptr<Source>> add(model::SharedSource config);
  // Follows it no more; who uses it still has it.
  void remove(const std::shared_ptr<Source>& source);

  // Null: no such source.
  std::shared_ptr<Source> find(std::string_view id) const;
  const std::shared_ptr<Source>& at(schedule::Queue::Id slot) const { return by_slot_[slot]; }
  std::size_t size() const { return by_id_.size(); }
  std::size_t awake() const { return used_.size() + idle_.size(); }
  std::vector<std::shared_ptr<Source>> by_id() const;  // sorted

  // Completes when the source is awake, at once where it is. A Use keeps it so: make it before. Errors: the store's, which
  // cannot be read, and the plugin's.
  Task<Result<void>> wake(Source& source);
  // Calls see, on the loop, with each of them in their order and what was learnt of it; wakes none.
  using See = std::function<void(const Source&, const Learnt&)>;
  Task<Result<void>> visit(std::vector<std::shared_ptr<Source>> sources, See see);
  // What the store does not know yet of those that are awake is handed to it.
  void save();
  // Those that are followed and have a child.
  std::vector<std::shared_ptr<Source>> with_children() const;

 private:
  struct ById {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return hash64(id); }
    std::size_t operator()(const std::shared_ptr<Source>& source) const { return hash64(source->config->id); }
    bool operator()(const auto& a, const auto& b) const { return id_of(a) == id_of(b); }
    static std::string_view id_of(std::string_view id) { return id; }
    static std::string_view id_of(const std::shared_ptr<Source>& source) { return source->config->id; }
  };
  void begin_use(Source& source);
  void end_use(Source& source);
  void save(Source& source);
  void rest(Source& source);

  store::Store& store_;
  MakeFetcher make_fetcher_;
  std::size_t most_idle_;
  boost::unordered_flat_set<std::shared_ptr<Source>, ById, ById> by_id_;
  std::vector<std::shared_ptr<Source>> by_slot_;  // empty where free
  std::vector<schedule::Queue::Id> free_slots_;
  std::list<Source*> used_;  // awake, with those that stay so
  std::list<Source*> idle_;  // awake and not used, the longest first
  Counter& wakes_;
};

}  // namespace tidings::ingest
