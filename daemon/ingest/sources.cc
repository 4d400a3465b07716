#include "ingest/sources.h"

#include <algorithm>
#include <span>
#include <unordered_map>
#include <utility>

namespace tidings::ingest {
namespace {

constexpr std::size_t kVisitedAtOnce = 500;

// A child has a state of its own.
bool stays_awake(const Source& source) { return source.learnt->fetcher.child && !source.removed; }

}  // namespace

Sources::Use::Use(Sources& sources, std::shared_ptr<Source> source) : sources_(sources), source_(std::move(source)) { sources_.begin_use(*source_); }

Sources::Use::~Use() { sources_.end_use(*source_); }

Sources::Sources(store::Store& store, MakeFetcher make_fetcher, std::size_t most_idle, Metrics& metrics)
    : store_(store),
      make_fetcher_(std::move(make_fetcher)),
      most_idle_(most_idle),
      wakes_(metrics.counter("tidings_source_wakes_total", "Sources whose state was read from the store to use them")) {
  metrics.observe("tidings_sources_awake", "Sources whose state is in memory", [this] { return static_cast<double>(awake()); });
}

Result<std::shared_ptr<Source>> Sources::add(model::SharedSource config) {
  // Its own later: a source that is never polled would hold it for nothing.
  if (auto fetcher = make_fetcher_(*config); !fetcher) return fetcher.error();
  auto source = std::make_shared<Source>(std::move(config));
  if (free_slots_.empty()) {
    source->slot = static_cast<schedule::Queue::Id>(by_slot_.size());
    by_slot_.push_back(source);
  } else {
    source->slot = free_slots_.back();
    free_slots_.pop_back();
    by_slot_[source->slot] = source;
  }
  by_id_.insert(source);
  return source;
}

void Sources::remove(const std::shared_ptr<Source>& source) {
  by_slot_[source->slot].reset();
  free_slots_.push_back(source->slot);
  by_id_.erase(source);
  if (source->learnt && source->users == 0) {
    if (stays_awake(*source)) idle_.splice(idle_.end(), used_, source->learnt->place);
    save(*source);
    rest(*source);
  }
  source->removed = true;
}

std::shared_ptr<Source> Sources::find(std::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : *found;
}

std::vector<std::shared_ptr<Source>> Sources::by_id() const {
  std::vector<std::shared_ptr<Source>> all(by_id_.begin(), by_id_.end());
  std::ranges::sort(all, {}, [](const auto& source) -> const std::string& { return source->config->id; });
  return all;
}

Task<Result<void>> Sources::wake(Source& source) {
  if (source.learnt) co_return Result<void>();
  std::vector<std::string> ids{source.config->id};
  auto states = co_await store_.find_sources(std::move(ids));
  if (!states) co_return states.error();
  // Another may have woken it meanwhile.
  if (source.learnt) co_return Result<void>();
  auto fetcher = make_fetcher_(*source.config);
  if (!fetcher) co_return fetcher.error();
  wakes_.add();
  source.learnt = std::make_unique<Learnt>(*source.config, std::move(states->front()).value_or(store::SourceState()));
  source.learnt->fetcher = std::move(*fetcher);
  if (std::exchange(source.anew, false)) source.learnt->forget_document();
  source.learnt->place = used_.insert(used_.end(), &source);
  co_return Result<void>();
}

Task<Result<void>> Sources::visit(std::vector<std::shared_ptr<Source>> sources, See see) {
  for (std::size_t begin = 0; begin < sources.size(); begin += kVisitedAtOnce) {
    const std::span page(sources.begin() + static_cast<std::ptrdiff_t>(begin), std::min(kVisitedAtOnce, sources.size() - begin));
    std::vector<std::string> ids;
    for (const auto& source : page) {
      if (!source->learnt) ids.push_back(source->config->id);
    }
    std::unordered_map<std::string, store::SourceState> stored;
    if (!ids.empty()) {
      auto states = co_await store_.find_sources(std::move(ids));
      if (!states) co_return states.error();
      for (auto& state : *states) {
        if (state) stored.emplace(state->id, std::move(*state));
      }
    }
    for (const auto& source : page) {
      if (source->learnt) {
        see(*source, *source->learnt);
      } else {
        see(*source, Learnt(*source->config, std::move(stored[source->config->id])));
      }
    }
  }
  co_return Result<void>();
}

void Sources::begin_use(Source& source) {
  if (source.users++ == 0 && source.learnt && !stays_awake(source)) used_.splice(used_.end(), idle_, source.learnt->place);
}

void Sources::end_use(Source& source) {
  if (--source.users > 0 || !source.learnt || stays_awake(source)) return;
  idle_.splice(idle_.end(), used_, source.learnt->place);
  // Where its configuration was replaced, another writes its state now.
  if (source.removed) return rest(source);
  while (idle_.size() > most_idle_) {
    save(*idle_.front());
    rest(*idle_.front());
  }
}

void Sources::rest(Source& source) {
  idle_.erase(source.learnt->place);
  source.learnt.reset();
}

void Sources::save(Source& source) {
  if (source.learnt->unsaved) store_.keep(source.saved());
}

void Sources::save() {
  for (const auto* list : {&used_, &idle_}) {
    for (Source* source : *list) save(*source);
  }
}

std::vector<std::shared_ptr<Source>> Sources::with_children() const {
  std::vector<std::shared_ptr<Source>> with;
  for (Source* source : used_) {
    if (stays_awake(*source)) with.push_back(by_slot_[source->slot]);
  }
  return with;
}

}  // namespace tidings::ingest
