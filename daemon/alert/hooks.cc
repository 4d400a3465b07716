#include "alert/hooks.h"

#include <algorithm>

#include "alert/command.h"
#include "alert/signature.h"
#include "alert/watch.h"
#include "base/text.h"
#include "loop/timeout.h"
#include "schedule/cache_headers.h"

namespace tidings::alert {
namespace {

// Deliveries looked at in one go. More than that of a hook that cannot keep up are put off, so that they do not stand in
// front of other hooks' for ever.
constexpr std::size_t kLookAhead = 256;
constexpr Seconds kPutOff{30};
// While attempts are under way the store cannot say when the next other delivery is due: look again after this time.
constexpr Micros kLookAgain = std::chrono::seconds(1);
constexpr Micros kLongest = std::chrono::hours(1);
// What receivers may answer; nothing of it is used but the status.
constexpr std::size_t kMaxAnswerBytes = 1 << 20;

std::string first_line(std::string_view output) {
  const std::string_view line = text::trim(output.substr(0, output.find('\n', output.find_first_not_of(" \r\n\t"))));
  return text::repair_utf8(text::truncate_utf8(line, 200));
}

Task<bool> joined(loop::TaskScope& scope) {
  co_await scope.join();
  co_return true;
}

}  // namespace

Hooks::Hooks(asio::any_io_executor executor, store::Store& store, http::Client& http, std::vector<Hook> hooks, Options options,
             Metrics& metrics, Log log)
    : options_(options),
      store_(store),
      http_(http),
      log_(std::move(log)),
      metrics_(metrics),
      seconds_(metrics.histogram("tidings_delivery_seconds", "Time that an attempt to deliver an alert takes")),
      in_flight_(metrics.gauge("tidings_deliveries_in_flight", "Attempts under way")),
      wake_(executor),
      attempts_(executor, log_) {
  replace(std::move(hooks));
  // Every delivery is committed with the entry of its alert.
  listener_ = store_.on_rows(std::string(kAlertStream), [this] { wake_.set(); });
}

void Hooks::replace(std::vector<Hook> hooks) {
  std::map<std::string, Receiver, std::less<>> next;
  for (Hook& hook : hooks) {
    Receiver receiver;
    for (const std::string& secret : hook.secrets) {
      if (auto key = decode_secret(secret)) {
        receiver.keys.push_back(std::move(*key));
      } else {
        log_.error("hook {}: {}: deliveries are not signed with it", hook.id, key.error().message());
      }
    }
    if (const auto known = receivers_.find(hook.id); known != receivers_.end()) receiver.in_flight = known->second.in_flight;
    std::string id = hook.id;
    receiver.hook = std::move(hook);
    next.insert_or_assign(std::move(id), std::move(receiver));
  }
  receivers_ = std::move(next);
  wake_.set();
}

Task<> Hooks::run() {
  while (!stopping_) {
    wake_.reset();
    const Micros idle = co_await start_due();
    if (stopping_) break;
    co_await loop::with_timeout(wake_.wait(), idle);
  }
}

Task<Micros> Hooks::start_due() {
  const Time now = system_now();
  auto due = co_await store_.deliveries_due(now, kLookAhead);
  if (!due) {
    log_.error("cannot read deliveries: {}", due.error().message());
    co_return kLongest;
  }
  std::vector<model::Delivery> settled;  // to be written at once: abandoned or put off
  std::size_t waiting = 0;
  for (model::Delivery& delivery : *due) {
    if (trying_.contains(delivery.id)) continue;
    const auto found = receivers_.find(delivery.hook_id);
    if (found == receivers_.end() || found->second.gone) {
      delivery.state = model::DeliveryState::abandoned;
      delivery.last_error = found == receivers_.end() ? "the configuration has no such hook" : "the receiver answered 410 Gone";
      log_.warning("hook {}: alert {} is abandoned: {}", delivery.hook_id, delivery.alert_id, delivery.last_error);
      settled.push_back(std::move(delivery));
      continue;
    }
    Receiver& receiver = found->second;
    if (receiver.in_flight >= std::max(1U, receiver.hook.max_concurrent) || trying_.size() >= std::max(1U, options_.max_concurrent)) {
      if (due->size() == kLookAhead && ++waiting > kLookAhead / 4) {
        delivery.next_at = now + kPutOff;
        settled.push_back(std::move(delivery));
      }
      continue;
    }
    ++receiver.in_flight;
    trying_.insert(delivery.id);
    in_flight_.set(static_cast<double>(trying_.size()));
    attempts_.spawn("delivery", attempt(std::move(delivery), receiver.hook, receiver.keys));
  }
  const bool more = due->size() == kLookAhead && !settled.empty();
  if (!settled.empty()) co_await write(std::move(settled));
  if (more) co_return Micros(0);
  const auto next = co_await store_.next_delivery();
  if (!next || !*next) co_return kLongest;
  const Micros until = **next - system_now();
  co_return std::clamp(until, trying_.empty() ? Micros(0) : kLookAgain, kLongest);
}

Task<> Hooks::attempt(model::Delivery delivery, Hook hook, std::vector<std::string> keys) {
  // Whatever ends this coroutine, the place is free again and the next one is looked for.
  struct Place {
    Hooks& hooks;
    std::string hook_id;
    std::int64_t id;
    ~Place() {
      hooks.trying_.erase(id);
      hooks.in_flight_.set(static_cast<double>(hooks.trying_.size()));
      if (const auto found = hooks.receivers_.find(hook_id); found != hooks.receivers_.end() && found->second.in_flight > 0) {
        --found->second.in_flight;
      }
      hooks.wake_.set();
    }
  };
  const Place place{*this, hook.id, delivery.id};

  const auto start = std::chrono::steady_clock::now();
  auto result = hook.kind == HookKind::webhook ? post(delivery, hook, keys) : execute(delivery, hook);
  const auto outcome = co_await std::move(result);
  seconds_.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  // Ended by us: not the receiver's failure, and tried again at the next start.
  if (!outcome) co_return;
  ++delivery.attempts;
  const Time now = system_now();
  note(delivery, decide(delivery, *outcome, now), now);
  std::vector<model::Delivery> done;
  done.push_back(std::move(delivery));
  co_await write(std::move(done));
}

// What the decision makes of the delivery, and a line in the log.
void Hooks::note(model::Delivery& delivery, const RetryDecision& decision, Time now) {
  const auto count = [&](std::string_view outcome) {
    metrics_.counter("tidings_deliveries_total", "Attempts to deliver an alert, by what came of them",
                     fmt::format("hook=\"{}\",outcome=\"{}\"", delivery.hook_id, outcome)).add();
  };
  delivery.last_error = decision.reason;
  switch (decision.outcome) {
    case Outcome::delivered:
      delivery.state = model::DeliveryState::delivered;
      count("delivered");
      log_.debug("hook {}: alert {} delivered at attempt {}", delivery.hook_id, delivery.alert_id, delivery.attempts);
      return;
    case Outcome::retry:
      delivery.next_at = decision.at;
      count("retry");
      log_.warning("hook {}: alert {}, attempt {} of {}: {}; again in {} s", delivery.hook_id, delivery.alert_id, delivery.attempts,
                   kMaxAttempts, decision.reason, std::chrono::round<Seconds>(decision.at - now).count());
      return;
    case Outcome::abandon:
      delivery.state = model::DeliveryState::abandoned;
      count("abandoned");
      log_.error("hook {}: alert {} is abandoned after {} attempts: {}", delivery.hook_id, delivery.alert_id, delivery.attempts,
                 decision.reason);
      return;
    case Outcome::disable:
      delivery.state = model::DeliveryState::abandoned;
      count("gone");
      if (const auto found = receivers_.find(delivery.hook_id); found != receivers_.end()) found->second.gone = true;
      log_.error("hook {}: the receiver answered 410 Gone: nothing more is sent to it until the configuration is read again",
                 delivery.hook_id);
  }
}

Task<Result<Attempt>> Hooks::post(const model::Delivery& delivery, const Hook& hook, const std::vector<std::string>& keys) {
  http::Request request;
  request.url = hook.url;
  request.method = "POST";
  request.body = delivery.payload;
  request.allow_private = hook.allow_private;
  request.timeout = hook.timeout;
  request.max_redirects = 0;
  request.max_body_bytes = kMaxAnswerBytes;
  request.headers.push_back({"Content-Type", "application/json"});
  for (auto& [name, value] : signed_headers(delivery.alert_id, system_now(), delivery.payload, keys)) {
    request.headers.push_back({std::move(name), std::move(value)});
  }
  for (const auto& [name, value] : hook.headers) request.headers.push_back({name, value});

  const auto response = co_await http_.fetch(std::move(request));
  Attempt attempt;
  if (!response) {
    if (response.error().code() == Errc::cancelled) co_return response.error();
    attempt.error = response.error().message();
    co_return attempt;
  }
  attempt.status = response->status;
  schedule::CacheHeaders headers;
  headers.add("retry-after", response->header("retry-after"));
  attempt.retry_after = headers.retry_after(system_now());
  co_return attempt;
}

Task<Result<Attempt>> Hooks::execute(const model::Delivery& delivery, const Hook& hook) {
  Command command;
  command.argv = hook.command;
  command.input = delivery.payload;
  command.environment = {{"TIDINGS_ALERT", delivery.alert_id}, {"TIDINGS_HOOK", hook.id}};
  command.timeout = hook.timeout;
  command.max_output_bytes = options_.max_output_bytes;
  const auto result = co_await alert::run(std::move(command));
  Attempt attempt;
  if (!result) {
    if (result.error().code() == Errc::cancelled) co_return result.error();
    attempt.error = result.error().message();
  } else if (result->exit_status == 0) {
    attempt.status = 200;
  } else {
    const std::string said = first_line(result->output);
    attempt.error = fmt::format("{} ended with {}{}{}", hook.command.front(), result->exit_status, said.empty() ? "" : ": ", said);
  }
  co_return attempt;
}

Task<> Hooks::write(std::vector<model::Delivery> deliveries) {
  store::Batch batch;
  batch.deliveries = std::move(deliveries);
  const auto committed = co_await store_.commit(std::move(batch));
  // They stay due in the store and are tried again: a receiver knows a repeat by its webhook-id.
  if (!committed) log_.error("cannot note what came of deliveries: {}", committed.error().message());
}

Task<> Hooks::stop() {
  stopping_ = true;
  wake_.set();
  co_await loop::with_timeout(joined(attempts_), options_.drain_timeout);
  attempts_.stop();
  co_await attempts_.join();
}

}  // namespace tidings::alert
