#pragma once
// A source as the conductor keeps it: what the user wrote, when it is polled, and, while it is awake, what was learnt of it.

#include <cstdint>
#include <list>
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

struct Source;

// What polls a source: one of the two, by its plugin.
struct Fetcher {
  std::unique_ptr<plugin::Instance> instance;
  std::unique_ptr<plugin::ExecSource> child;
};

// What polls taught of a source besides its schedule, and what makes them.
struct Learnt {
  // Takes back what Source::saved() gave; nothing, or what belongs to another URL than `url`, leaves it as new.
  Learnt(const model::Source& config, store::SourceState saved);
  // As if it had never been fetched; its entries stay known.
  void forget_document();

  store::SourceState state;  // the opaque parts are empty here: Source::saved() fills them
  schedule::PermanentRedirect moved;
  Seen seen;
  Repeats repeats;
  std::unique_ptr<Figures> figures;  // absent until something new came after the first document
  bool unsaved = false;              // the figures have grown since it was last saved
  Fetcher fetcher;
  std::list<Source*>::iterator place;  // in Sources
};

// Where the source is polled, by where it has moved to for good.
const std::string& polled_url(const model::Source& config, const std::string& moved_to);
const std::string& name_of(const model::Source& config, const Learnt& learnt);
// Of the configured URL: what was learnt of another says nothing of it.
std::uint64_t url_hash_of(const model::Source& config);

// At rest it is all that is in memory of a source: what the dispatcher asks for.
struct Source {
  explicit Source(model::SharedSource given) : config(std::move(given)), schedule(*config) {}

  // While it is awake: its state for the store, with what was learnt as bytes.
  store::SourceState saved();
  // Takes the schedule back from what saved() gave.
  void restore(std::string_view saved_schedule);

  // While it is awake: what is polled.
  const std::string& url() const { return polled_url(*config, learnt->state.url); }
  // A stream without a URL beside it is never asked.
  bool is_polled() const { return config->settings->stream == model::StreamKind::none || !config->settings->backup_url.empty(); }

  model::SharedSource config;
  schedule::SourceSchedule schedule;
  // What politeness counts by: the registrable domain of its URL, empty for a child, and that of its last answer where
  // redirects led to another.
  std::string host;
  std::string led_to;
  schedule::Address address() const { return {host, led_to, config->settings->language, &schedule}; }

  std::unique_ptr<Learnt> learnt;  // absent: it is at rest
  PollLog::Place last_poll = 0;
  Time allowed_from;      // the earliest time that the origin's wishes allow the next poll
  const char* called = nullptr;  // why the next poll comes, in words, where it was not the last one that set its time
  schedule::Queue::Id slot = 0;
  std::uint16_t users = 0;     // who keep it awake
  bool scheduled = false;      // the dispatcher knows it
  bool polling = false;
  bool taking = false;         // a document of it is on its way from parse to commit (turn.h)
  bool poll_again = false;     // a push called for a poll while one was under way
  bool unconditional = false;  // the next request goes without validators
  bool anew = false;           // its document is to be read as if it had never been
  bool removed = false;        // by a reload: it goes when what is under way has ended
};

}  // namespace tidings::ingest
