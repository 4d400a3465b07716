#include "ingest/source.h"

#include <utility>

#include "base/hash.h"

namespace tidings::ingest {

const std::string& polled_url(const model::Source& config, const std::string& moved_to) {
  return !moved_to.empty() ? moved_to : config.settings->backup_url.empty() ? config.url : config.settings->backup_url;
}

const std::string& name_of(const model::Source& config, const Learnt& learnt) {
  return !config.name.empty() ? config.name : !learnt.state.title.empty() ? learnt.state.title : config.id;
}

std::uint64_t url_hash_of(const model::Source& config) { return hash64(config.url); }

Learnt::Learnt(const model::Source& config, store::SourceState saved) {
  const std::string learnt = std::exchange(saved.schedule, {});
  const std::size_t size = schedule::SourceSchedule::saved_bytes();
  if (learnt.size() > size) moved.load(std::string_view(learnt).substr(size));
  seen.load(std::exchange(saved.seen, {}));
  repeats.load(std::exchange(saved.repeats, {}));
  if (const std::string bytes = std::exchange(saved.figures, {}); !bytes.empty()) {
    figures = std::make_unique<Figures>();
    if (!figures->load(bytes)) figures.reset();
  }
  state = std::move(saved);
  state.id = config.id;
  if (state.url_hash == 0 || state.url_hash == url_hash_of(config)) return;
  forget_document();
  if (config.settings->stream != model::StreamKind::none) state.cursor.clear();
}

void Learnt::forget_document() {
  state.etag.clear();
  state.last_modified.clear();
  state.url.clear();
  state.body_hash = 0;
}

store::SourceState Source::saved() {
  store::SourceState out = learnt->state;
  out.url_hash = url_hash_of(*config);
  out.schedule = schedule.save() + learnt->moved.save();
  out.seen = learnt->seen.save();
  out.repeats = learnt->repeats.save();
  if (learnt->figures) out.figures = learnt->figures->save();
  learnt->unsaved = false;
  return out;
}

void Source::restore(std::string_view saved_schedule) {
  schedule.load(saved_schedule.substr(0, schedule::SourceSchedule::saved_bytes()));
}

}  // namespace tidings::ingest
