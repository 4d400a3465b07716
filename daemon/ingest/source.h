#pragma once
// A source as the conductor keeps it: what the user wrote, what was learnt, and what is under way.

#include <cstdint>
#include <memory>
#include <string>

#include "ingest/seen.h"
#include "model/source.h"
#include "plugin/exec_source.h"
#include "plugin/instance.h"
#include "schedule/queue.h"
#include "schedule/redirects.h"
#include "schedule/source_schedule.h"
#include "store/records.h"

namespace tidings::ingest {

struct Source {
  explicit Source(model::Source given) : config(std::move(given)), schedule(config) { state.id = config.id; }

  const std::string& url() const { return state.url.empty() ? config.url : state.url; }
  const std::string& name() const { return !config.name.empty() ? config.name : !state.title.empty() ? state.title : config.id; }

  model::Source config;
  schedule::SourceSchedule schedule;
  schedule::PermanentRedirect moved;
  store::SourceState state;
  Seen seen;
  std::string host;  // what politeness counts by: the registrable domain
  schedule::Queue::Id slot = 0;
  bool polling = false;
  bool waited = false;         // the next poll comes back at the time that the host's limit gave it
  bool unconditional = false;  // the next request goes without validators
  bool rekeyed = false;        // it was said that it gives known entries new ids
  bool removed = false;        // by a reload while a poll was under way: it goes when that ends

  // One of the two, by the source's plugin; neither where it could not be made.
  std::unique_ptr<plugin::Instance> instance;
  std::unique_ptr<plugin::ExecSource> child;
};

}  // namespace tidings::ingest
