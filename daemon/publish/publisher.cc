#include "publish/publisher.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>

#include "base/text.h"

namespace tidings::publish {
namespace {

using SteadyClock = std::chrono::steady_clock;
using store::OutboxRow;

constexpr std::size_t kCompareRows = 1000;

std::uint64_t draw() {
  std::random_device random;
  return std::uint64_t{random()} << 32 | random();
}

// The first value of a line "name:value" in the text of INFO.
std::string_view info_value(std::string_view info, std::string_view name) {
  for (auto line : text::split(info, '\n')) {
    if (line.starts_with(name) && line.substr(name.size()).starts_with(':')) return text::trim(line.substr(name.size() + 1));
  }
  return {};
}

// Takes rows from the front until a batch is full.
std::vector<OutboxRow> take_batch(std::deque<OutboxRow>& rows, const Options& options) {
  std::vector<OutboxRow> batch;
  std::uint64_t bytes = 0;
  while (!rows.empty() && batch.size() < options.batch_rows && bytes < options.batch_bytes) {
    for (const auto& [name, value] : rows.front().fields) bytes += name.size() + value.size();
    batch.push_back(std::move(rows.front()));
    rows.pop_front();
  }
  return batch;
}

bool is_entry_of(const redis::Reply& entry, const OutboxRow& row) {
  if (entry.elements.size() != 2 || entry.elements[1].elements.size() != 2 * row.fields.size()) return false;
  const auto& words = entry.elements[1].elements;
  for (std::size_t i = 0; i < row.fields.size(); ++i) {
    if (words[2 * i].text != row.fields[i].first || words[2 * i + 1].text != row.fields[i].second) return false;
  }
  return true;
}

StreamId previous_id(StreamId id) {
  return id.seq > 0 ? StreamId{id.ms, id.seq - 1} : StreamId{id.ms - 1, ~std::uint64_t{0}};
}

}  // namespace

std::string_view name_of(Phase phase) {
  switch (phase) {
    case Phase::connecting: return "connecting";
    case Phase::publishing: return "publishing";
    case Phase::waiting: return "waiting";
    case Phase::owned: return "owned";
    case Phase::fenced: return "fenced";
    case Phase::refused: return "refused";
    case Phase::stopped: return "stopped";
  }
  return "";
}

Publisher::Publisher(asio::any_io_executor executor, std::string stream, store::Store& store, Options options,
                     redis::Options redis_options, Metrics& metrics, Log log)
    : executor_(executor), stream_(std::move(stream)), keys_(keys_of(options.prefix, stream_)), store_(store),
      options_(std::move(options)), log_(log.room("publish")), meters_(metrics, stream_),
      connection_(executor, redis_options, log), connect_backoff_(redis_options.backoff_base, redis_options.backoff_max, draw()),
      backoff_(options_.backoff_base, options_.backoff_max, draw()), window_(options_.window),
      claim_mode_(options_.take_over ? ClaimMode::force : ClaimMode::start), pause_(executor), deadline_(executor) {
  const auto state = store_.stream(stream_);
  ours_ = {store_.id(), state.epoch, text::to_hex(draw())};
  window_.begin(state.published.id, state.published);
  listener_ = store_.on_rows(stream_, [this] {
    if (idle_) pause_.cancel();
  });
}

Task<> Publisher::run() {
  while (!finished()) {
    Halt halt = co_await live();
    if (!finished()) co_await recover(std::move(halt));
  }
  connection_.close();
  deadline_.cancel();
  enter(Phase::stopped, pending() > 0 ? fmt::format("{} rows wait for the next start", pending()) : std::string());
}

// From a connection, made where there is none, to what ends it.
Task<Publisher::Halt> Publisher::live() {
  if (!connection_.connected()) {
    const auto connected = co_await connect();
    if (!connected) co_return halt_for(connected.error());
  }
  StreamId remote;
  auto refused = co_await claim(remote);
  if (refused) co_return std::move(*refused);
  auto unsure = co_await resync(remote);
  if (unsure) co_return std::move(*unsure);
  enter(Phase::publishing);
  co_return co_await append_rows();
}

Task<Result<void>> Publisher::connect() {
  auto connected = co_await connection_.connect();
  if (!connected) co_return connected;
  meters_.reconnects.add();
  const redis::Command load_claim = {"SCRIPT", "LOAD", kClaimScript};
  const redis::Command load_append = {"SCRIPT", "LOAD", kAppendScript};
  auto first = co_await redis::expect(connection_, load_claim);
  if (!first) co_return first.error();
  auto second = co_await redis::expect(connection_, load_append);
  if (!second) co_return second.error();
  claim_sha_ = first->text;
  append_sha_ = second->text;
  co_await check_server();
  connect_backoff_.reset();
  co_return Result<void>();
}

// A server that evicts keys can delete a whole stream. Not being allowed to ask is no trouble.
Task<> Publisher::check_server() {
  const redis::Command memory = {"INFO", "memory"};
  const auto reply = co_await connection_.command(memory);
  if (!reply || reply->is_error()) co_return;
  const auto policy = info_value(reply->text, "maxmemory_policy");
  const bool evicting = policy.starts_with("allkeys");
  if (evicting && meters_.evicting.value() == 0) {
    log_.warning("redis has maxmemory-policy {}: it may delete the stream {}; set noeviction", policy, keys_.stream);
  }
  meters_.evicting.set(evicting ? 1 : 0);
}

Task<std::optional<Publisher::Halt>> Publisher::claim(StreamId& remote) {
  auto command = claim_command(claim_sha_, keys_, ours_, claim_mode_);
  const auto reply = co_await connection_.command(std::move(command));
  if (!reply) co_return halt_for(reply.error());
  const auto claim = read_claim(*reply);
  if (!claim) co_return halt_for(*reply);
  Halt halt;
  halt.remedy = Remedy::stop;
  switch (claim->outcome) {
    case Claim::Outcome::owned:
      halt.reason = fmt::format("the stream {} belongs to the store {}; take it over only if that one is gone", keys_.stream, claim->owner);
      enter(Phase::owned, halt.reason);
      co_return halt;
    case Claim::Outcome::fenced:
      halt.reason = fmt::format("the stream {} was taken over under epoch {}, ours is {}: another tidingsd runs with a copy of this store",
                                keys_.stream, claim->epoch, ours_.epoch);
      enter(Phase::fenced, halt.reason);
      co_return halt;
    case Claim::Outcome::taken:
      break;
  }
  remote = claim->last;
  claim_mode_ = ClaimMode::reconnect;
  if (ours_.epoch != claim->epoch) {
    ours_.epoch = claim->epoch;
    const auto saved = co_await store_.save_epoch(stream_, ours_.epoch);
    if (!saved) co_return halt_for(saved.error());
  }
  co_return std::nullopt;
}

Task<std::optional<Publisher::Halt>> Publisher::resync(StreamId remote) {
  if (remote == window_.remote()) {
    window_.begin(remote, window_.cursor());
    co_return std::nullopt;
  }
  auto before = co_await store_.row_at_or_before(stream_, remote);
  if (!before) co_return halt_for(before.error());
  const auto state = store_.stream(stream_);
  Known known;
  known.cursor = window_.cursor();
  known.at_or_before = *before;
  known.purged = state.purged;
  known.floor = state.floor;
  Resync verdict = judge(remote, known, options_.on_reset);
  if (verdict.finding == Finding::ahead || verdict.finding == Finding::tail_lost) {
    const auto taken = co_await is_taken(remote);
    if (!taken) co_return halt_for(taken.error());
    if (*taken) {
      const auto below = co_await store_.row_at_or_before(stream_, previous_id(remote));
      if (!below) co_return halt_for(below.error());
      verdict = judge_taken(known, *below, remote);
    }
  }
  switch (verdict.finding) {
    case Finding::clean:
    case Finding::ahead:
      break;
    case Finding::tail_lost:
      meters_.tail_losses.add();
      log_.warning("redis lost the end of {}: it is at {}, was at {}; the rows since then are sent again", keys_.stream,
                   to_string(remote), to_string(known.cursor.id));
      break;
    case Finding::reset:
      meters_.resets.add();
      meters_.lost.add(verdict.lost);
      log_.error("the stream {} was reset to {}: {} rows are lost, {} are sent again", keys_.stream, to_string(remote),
                 verdict.lost, state.last.n - std::min(state.last.n, verdict.cursor.n));
      break;
    case Finding::foreign: {
      meters_.foreign.add();
      log_.error("{} ends with {}, which is none of our rows: somebody else writes to it, or the store was set back; waiting rows get new IDs",
                 keys_.stream, to_string(remote));
      auto appended = co_await find_appended(verdict.cursor, remote);
      if (!appended) co_return halt_for(appended.error());
      verdict.cursor = *appended;
      const auto rebased = co_await store_.rebase(stream_, appended->id, remote);
      if (!rebased) co_return halt_for(rebased.error());
      break;
    }
  }
  window_.begin(remote, verdict.cursor);
  store_.published(stream_, verdict.cursor);
  if (pending() == 0) backoff_.reset();
  co_return std::nullopt;
}

// The entry with the ID of this row of ours is another's. One that was trimmed away is not.
Task<Result<bool>> Publisher::is_taken(StreamId id) {
  const auto rows = co_await store_.read_outbox(stream_, previous_id(id), 1);
  if (!rows) co_return rows.error();
  if (rows->empty() || rows->front().id != id || !rows->front().intact) co_return false;
  const std::string at = to_string(id);
  const redis::Command range = {"XRANGE", keys_.stream, at, at};
  const auto entries = co_await redis::expect(connection_, range);
  if (!entries) co_return entries.error();
  co_return !entries->elements.empty() && !is_entry_of(entries->elements.front(), rows->front());
}

// The last row after `after` that is in the stream, before or at `remote`; `after` where none is.
Task<Result<Position>> Publisher::find_appended(Position after, StreamId remote) {
  Position found = after;
  Position from = after;
  for (;;) {
    auto rows = co_await store_.read_outbox(stream_, from.id, kCompareRows);
    if (!rows) co_return rows.error();
    while (!rows->empty() && rows->back().id > remote) rows->pop_back();
    if (rows->empty()) co_return found;
    std::map<std::string, const OutboxRow*> ours;
    for (const auto& row : *rows) ours.emplace(to_string(row.id), &row);

    std::string start = to_string(rows->front().id);
    const std::string end = to_string(rows->back().id);
    const std::string count = std::to_string(kCompareRows);
    for (bool more = true; more;) {
      redis::Command range = {"XRANGE", keys_.stream, start, end, "COUNT", count};
      const auto entries = co_await redis::expect(connection_, std::move(range));
      if (!entries) co_return entries.error();
      for (const auto& entry : entries->elements) {
        const auto row = entry.elements.empty() ? ours.end() : ours.find(entry.elements[0].text);
        if (row != ours.end() && is_entry_of(entry, *row->second)) found = {row->second->id, row->second->n, row->second->bytes};
      }
      more = entries->elements.size() == kCompareRows;
      if (more) start = "(" + entries->elements.back().elements[0].text;
    }
    from.id = rows->back().id;
  }
}

Task<Publisher::Halt> Publisher::append_rows() {
  struct Flight {
    redis::Call call;
    std::size_t rows;
    Time committed;
  };
  std::deque<Flight> flights;
  std::deque<OutboxRow> rows;
  std::optional<Halt> halt;
  for (;;) {
    while (!halt && window_.may_send()) {
      if (rows.empty() && window_.read_from().n < store_.stream(stream_).last.n) {
        auto read = co_await store_.next_rows(stream_, window_.read_from(), options_.batch_rows * options_.window);
        if (!read) co_return halt_for(read.error());
        std::move(read->begin(), read->end(), std::back_inserter(rows));
      }
      auto batch = take_batch(rows, options_);
      if (batch.empty()) break;
      const Time committed = from_micros(static_cast<std::int64_t>(batch.front().id.ms) * 1000);
      const Position end{batch.back().id, batch.back().n, batch.back().bytes};
      meters_.damaged.add(std::erase_if(batch, [](const OutboxRow& row) { return !row.intact; }));
      if (batch.empty()) {
        window_.skipped(end);
        continue;
      }
      const auto size = batch.size();
      const StreamId last = batch.back().id;
      const auto command = append_command(append_sha_, keys_, ours_.nonce, window_.previous(), options_.max_length, batch);
      flights.push_back({connection_.start(command), size, committed});
      window_.sent(last, end);
    }
    store_.published(stream_, window_.cursor());
    if (finished()) co_return Halt();
    if (flights.empty()) {
      if (halt) co_return std::move(*halt);
      idle_ = true;
      co_await pause(options_.idle_check);
      idle_ = false;
      if (pending() == 0) co_return Halt();
      continue;
    }
    const auto reply = co_await flights.front().call.reply();
    if (reply && reply->type == redis::Reply::Type::status && reply->word() == "OK") {
      window_.appended();
      meters_.rows.add(flights.front().rows);
      meters_.delay.observe(std::chrono::duration<double>(system_now() - flights.front().committed).count());
      backoff_.reset();
    } else {
      window_.failed();
      if (!halt) halt = reply ? halt_for(*reply) : halt_for(reply.error());
      // Replies of a connection that is given up are not waited for.
      if (halt->remedy == Remedy::reconnect) co_return std::move(*halt);
    }
    flights.pop_front();
  }
}

Task<> Publisher::recover(Halt halt) {
  switch (halt.remedy) {
    case Remedy::claim:
      // Whoever disturbed the stream may do so again at once; without a reason it was a look from idleness.
      if (!halt.reason.empty()) co_await pause(backoff_.next());
      break;
    case Remedy::back_off:
      meters_.retries.add();
      enter(Phase::waiting, std::move(halt.reason));
      co_await pause(backoff_.next());
      break;
    case Remedy::reconnect:
      connection_.close();
      enter(Phase::connecting, std::move(halt.reason));
      co_await pause(connect_backoff_.next());
      break;
    case Remedy::stop:
      if (phase_ != Phase::owned && phase_ != Phase::fenced) enter(Phase::refused, std::move(halt.reason));
      // Only an operator ends being fenced: the other one publishes now.
      while (phase_ == Phase::fenced && claim_mode_ == ClaimMode::reconnect && !finished()) co_await pause(options_.owned_retry);
      if (phase_ != Phase::fenced && !finished()) co_await pause(options_.owned_retry);
      break;
  }
}

Task<> Publisher::pause(SteadyClock::duration time) {
  pause_.expires_after(time);
  co_await pause_.async_wait(use_task);
}

Publisher::Halt Publisher::halt_for(const Error& error) const {
  const bool ours = error.code() == Errc::corrupt || error.code() == Errc::io;
  return {ours ? Remedy::back_off : Remedy::reconnect, error.message()};
}

Publisher::Halt Publisher::halt_for(const redis::Reply& reply) const {
  return {remedy_for(reply.text), fmt::format("redis says of {}: {}", keys_.stream, reply.text)};
}

std::uint64_t Publisher::pending() const {
  const auto state = store_.stream(stream_);
  return state.last.n - std::min(state.last.n, state.published.n);
}

void Publisher::drain(SteadyClock::time_point deadline) {
  draining_ = true;
  deadline_.expires_at(deadline);
  deadline_.async_wait([this](error_code cancelled) {
    if (cancelled) return;
    expired_ = true;
    connection_.close();
    pause_.cancel();
  });
  pause_.cancel();
}

void Publisher::take_over() {
  claim_mode_ = ClaimMode::force;
  pause_.cancel();
}

Status Publisher::status() const { return {stream_, phase_, window_.cursor().id, pending(), reason_}; }

void Publisher::enter(Phase phase, std::string reason) {
  if (phase_ != phase) {
    switch (phase) {
      case Phase::publishing:
        log_.info("publishing to {}, {} rows wait", keys_.stream, pending());
        break;
      case Phase::owned:
      case Phase::fenced:
      case Phase::refused:
        log_.error("{}; nothing is published to it", reason);
        break;
      default:
        if (!reason.empty()) log_.warning("{}; the rows of {} wait in the store", reason, keys_.stream);
    }
  }
  phase_ = phase;
  reason_ = std::move(reason);
  meters_.fenced.set(phase == Phase::fenced ? 1 : 0);
  meters_.owned.set(phase == Phase::owned ? 1 : 0);
  meters_.refused.set(phase == Phase::refused ? 1 : 0);
}

}  // namespace tidings::publish
