#pragma once
// A source as the conductor keeps it: what the user wrote, what was learnt, and what is under way.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ingest/delays.h"
#include "ingest/poll_log.h"
#include "ingest/repeats.h"
#include "ingest/seen.h"
#include "model/source.h"
#include "plugin/exec_source.h"
#include "plugin/instance.h"
#include "schedule/dispatcher.h"
#include "schedule/redirects.h"
#include "schedule/source_schedule.h"
#include "store/records.h"

namespace tidings::ingest {

struct Source {
  explicit Source(model::SharedSource given) : config(std::move(given)), schedule(*config) { state.id = config->id; }

  // Its state for the store, with what was learnt as bytes: the schedule's, then the redirect's.
  store::SourceState saved() const;
  // Takes back what saved() gave.
  void restore(store::SourceState saved);

  // What is polled.
  const std::string& url() const { return !state.url.empty() ? state.url : config->backup_url.empty() ? config->url : config->backup_url; }
  // A stream without a URL beside it is never asked.
  bool is_polled() const { return config->stream == model::StreamKind::none || !config->backup_url.empty(); }
  const std::string& name() const { return !config->name.empty() ? config->name : !state.title.empty() ? state.title : config->id; }

  model::SharedSource config;
  schedule::SourceSchedule schedule;
  schedule::PermanentRedirect moved;
  store::SourceState state;  // `schedule` and `seen` are empty here: saved() fills them
  Seen seen;
  Repeats repeats;  // what it shows again
  // What politeness counts by: the registrable domain of its URL, empty for a child, and that of its last answer where
  // redirects led to another.
  std::string host;
  std::string led_to;
  schedule::Address address() const { return {host, led_to, config->language, &schedule}; }

  schedule::Queue::Id slot = 0;
  PollLog::Place last_poll = 0;
  Time due;             // of the poll under way
  Time started;
  std::string_view held;  // why it began later than it was due; literals
  Time allowed_from;    // the earliest time that the origin's wishes allow the next poll
  std::unique_ptr<Figures> figures;  // absent until something new came after the first document
  bool polling = false;
  bool taking = false;         // a document of it is on its way from parse to commit (turn.h)
  bool poll_again = false;     // a push called for a poll while one was under way
  bool unconditional = false;  // the next request goes without validators
  bool removed = false;        // by a reload while a poll was under way: it goes when that ends

  // One of the two, by the source's plugin; neither where it could not be made.
  std::unique_ptr<plugin::Instance> instance;
  std::unique_ptr<plugin::ExecSource> child;
};

}  // namespace tidings::ingest
