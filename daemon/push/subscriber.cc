#include "push/subscriber.h"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "base/text.h"
#include "model/item_json.h"
#include "push/signature.h"

namespace tidings::push {
namespace {

constexpr std::string_view kPath = "/push/";
// What was learnt of a channel is written this often, if nothing else is.
constexpr std::chrono::seconds kSaveInterval(60);

std::string draw() {
  std::array<unsigned char, 24> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("the system gives no random bytes");
  return text::to_hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

web::Response plain(int status, std::string_view text = {}) {
  web::Response response;
  response.status = status;
  response.body = text;
  if (text.empty()) response.content_type.clear();
  return response;
}

web::Response gone() { return plain(410, "nobody here wants this\n"); }

// Of the answer to a request for a subscription: what is wrong with it, or nothing.
std::string flaw_of(Kind kind, const http::Response& answer) {
  for (const auto& hop : answer.redirects) {
    if (hop.status != 307 && hop.status != 308) return fmt::format("it redirects with {}, where only 307 and 308 keep the request", hop.status);
  }
  if (answer.status < 200 || answer.status > 299) {
    const std::string said = text::collapse_space(text::repair_utf8(answer.body.view().substr(0, 160)));
    return fmt::format("it answered {}{}{}", answer.status, said.empty() ? "" : ": ", said);
  }
  // <notifyResult success="false" msg="..."/>, or {"success": false, ...}
  const std::string body = text::ascii_lower(answer.body.view().substr(0, 2000));
  if (kind == Kind::cloud && (body.find("success=\"false\"") != std::string::npos || body.find("\"success\":false") != std::string::npos ||
                              body.find("\"success\": false") != std::string::npos)) {
    return "it refused: " + text::collapse_space(text::repair_utf8(answer.body.view().substr(0, 160)));
  }
  return {};
}

}  // namespace

Subscriber::Subscriber(asio::any_io_executor executor, http::Client& http, store::Store& store, Options options,
                       const schedule::Options& politeness, Calls calls, Metrics& metrics, Log log)
    : executor_(executor),
      http_(http),
      store_(store),
      options_(std::move(options)),
      calls_(std::move(calls)),
      metrics_(metrics),
      log_(std::move(log)),
      hosts_(politeness),
      requests_(executor, log_),
      timer_(executor),
      asked_(metrics.counter("tidings_push_requests_total", "Requests to hubs by outcome", "outcome=\"taken\"")),
      refused_(metrics.counter("tidings_push_requests_total", "Requests to hubs by outcome", "outcome=\"failed\"")),
      verified_(metrics.counter("tidings_push_questions_total", "Questions of hubs by answer", "answer=\"confirmed\"")),
      denied_(metrics.counter("tidings_push_questions_total", "Questions of hubs by answer", "answer=\"denied\"")),
      unknown_(metrics.counter("tidings_push_questions_total", "Questions of hubs by answer", "answer=\"unknown\"")) {
  for (const char* outcome : {"taken", "thin", "notified", "bad_signature", "unsigned", "unknown", "busy"}) pings(outcome);
  metrics_.observe("tidings_push_subscriptions", "Subscriptions that are active", [this] { return count(Phase::active); });
  metrics_.observe("tidings_push_subscriptions_pending", "Subscriptions that are asked for and not confirmed",
                   [this] { return count(Phase::wanted) + count(Phase::asked) + count(Phase::denied); });
}

Subscriber::~Subscriber() = default;

Counter& Subscriber::pings(std::string_view outcome) {
  return metrics_.counter("tidings_push_pings_total", "Pings of hubs by outcome", fmt::format("outcome=\"{}\"", outcome));
}

double Subscriber::count(Phase phase) const {
  std::size_t n = 0;
  for (const auto& [id, followed] : followed_) {
    for (const auto& subscription : followed.subscriptions) n += subscription.phase == phase ? 1 : 0;
  }
  return static_cast<double>(n);
}

void Subscriber::restore(std::vector<store::ChannelState> states) {
  for (auto& state : states) {
    if (state.source_id.find(':') != std::string::npos) continue;  // what else is kept there
    auto followed = load_followed(state.source_id, state.state);
    if (!followed) {
      log_.warning("{}: what was known of its hubs cannot be read: {}", state.source_id, followed.error().message());
      continue;
    }
    index(followed_.insert_or_assign(state.source_id, std::move(*followed)).first->second);
  }
}

void Subscriber::apply() {
  for (auto& [id, followed] : followed_) reconcile(followed);
}

Subscriber::Found Subscriber::find(std::string_view token) {
  const auto at = by_token_.find(token);
  if (at == by_token_.end()) return {};
  const auto followed = followed_.find(at->second);
  if (followed == followed_.end()) return {};
  for (auto& subscription : followed->second.subscriptions) {
    if (subscription.token == token) return {&followed->second, &subscription};
  }
  return {};
}

void Subscriber::reconcile(Followed& followed) {
  const Time now = system_now();
  const model::Source* source = calls_.source(followed.source_id);
  if (source != nullptr) {
    followed.allow_private = source->settings->allow_private;
    followed.proxy = source->settings->proxy;
  }
  if (followed.reconcile(source != nullptr && source->settings->push, now, options_, draw)) {
    index(followed);
    unsaved_.insert(followed.source_id);
    timer_.cancel();
  }
}

// Where each of its subscriptions is found, and when it is due.
void Subscriber::index(const Followed& followed) {
  for (const auto& subscription : followed.subscriptions) {
    by_token_.insert_or_assign(subscription.token, followed.source_id);
    if (const auto known = due_of_.find(subscription.token); known != due_of_.end()) {
      due_.erase({known->second, subscription.token});
      due_of_.erase(known);
    }
    if (asking_.contains(subscription.token)) continue;
    Time due = subscription.next;
    if (subscription.phase == Phase::active && subscription.lease_end) due = std::min(due, *subscription.lease_end);
    due_.emplace(due, subscription.token);
    due_of_.emplace(subscription.token, due);
  }
}

void Subscriber::forget(std::string_view token) {
  if (const auto known = due_of_.find(token); known != due_of_.end()) {
    due_.erase({known->second, known->first});
    due_of_.erase(known);
  }
  if (const auto at = by_token_.find(token); at != by_token_.end()) by_token_.erase(at);
}

void Subscriber::heard(const std::string& source_id, Hints hints) {
  auto at = followed_.find(source_id);
  if (at == followed_.end()) {
    if (hints.empty()) return;
    at = followed_.emplace(source_id, Followed()).first;
    at->second.source_id = source_id;
  }
  Followed& followed = at->second;
  if (followed.hints == hints) return;
  followed.hints = std::move(hints);
  unsaved_.insert(source_id);
  reconcile(followed);
}

void Subscriber::found(const std::string& source_id, const Taken& taken) {
  const auto at = followed_.find(source_id);
  if (at == followed_.end()) return;
  at->second.found(taken.fresh, taken.shown, system_now(), options_);
  unsaved_.insert(source_id);
}

double Subscriber::recall(const std::string& source_id) const {
  const auto at = followed_.find(source_id);
  return at == followed_.end() ? 0 : at->second.recall(system_now());
}

json::value Subscriber::report(const std::string& source_id) const {
  const auto at = followed_.find(source_id);
  if (at == followed_.end() || at->second.subscriptions.empty()) return nullptr;
  json::array all;
  for (const auto& s : at->second.subscriptions) {
    all.push_back(json::object{{"kind", name_of(s.kind)},
                               {"hub", s.hub},
                               {"topic", s.topic},
                               {"state", name_of(s.phase)},
                               {"lease_end", model::to_json(s.lease_end)},
                               {"next", model::to_json(s.next)},
                               {"last_ping", model::to_json(s.last_ping)},
                               {"pings", s.pings},
                               {"bad_signatures", s.bad_signatures},
                               {"recall", s.recall.mean()},
                               {"proven_recall", s.recall.proven()},
                               {"last_error", s.trouble}});
  }
  return all;
}

Task<> Subscriber::run() {
  Time save_at = system_now() + kSaveInterval;
  for (;;) {
    const Time now = system_now();
    start_due(now);
    if (now >= save_at) {
      co_await save_all();
      save_at = system_now() + kSaveInterval;
    }
    Time next = save_at;
    if (!due_.empty() && asking_.size() < options_.max_requests) next = std::min(next, due_.begin()->first);
    timer_.expires_after(std::max(Micros(0), next - system_now()));
    const auto [error] = co_await timer_.async_wait(use_task);
    if (error && (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) co_return;
  }
}

Task<> Subscriber::stop() {
  requests_.stop();
  co_await requests_.join();
  co_await save_all();
}

void Subscriber::start_due(Time now) {
  while (!due_.empty() && due_.begin()->first <= now && asking_.size() < options_.max_requests) {
    const std::string token = due_.begin()->second;
    const Found found = find(token);
    if (found.subscription == nullptr) {
      forget(token);
      continue;
    }
    if (found.subscription->lapse(now)) {
      log_.warning("{}: the subscription at {} has ended without a new lease: it is polled as before", found.followed->source_id, found.subscription->hub);
      calls_.poll_now(found.followed->source_id);
    }
    if (!found.subscription->is_over() && !found.subscription->is_due(now)) {
      index(*found.followed);
      continue;
    }
    if (!found.subscription->is_over()) {
      const auto admission = hosts_.ask(schedule::politeness_key(found.subscription->hub), now, waited_.contains(token));
      if (!admission.granted) {
        waited_.insert(token);
        found.subscription->next = admission.retry_at;
        index(*found.followed);
        continue;
      }
      waited_.erase(token);
    }
    asking_.insert(token);
    index(*found.followed);
    requests_.spawn("push.ask", ask(token));
  }
}

Task<> Subscriber::ask(std::string token) {
  struct Asking {
    Subscriber& self;
    std::string token;
    ~Asking() {
      self.asking_.erase(token);
      if (const Found found = self.find(token); found.followed != nullptr) self.index(*found.followed);
      self.timer_.cancel();
    }
  } asking{*this, token};
  Found found = find(token);
  if (found.subscription == nullptr) co_return;
  const std::string source_id = found.followed->source_id;
  if (!found.subscription->is_over()) {
    // Stored first: the hub may call back before we hear its answer, and after a crash.
    co_await save(source_id);
    found = find(token);
    if (found.subscription == nullptr) co_return;
    const std::string hub = found.subscription->hub;
    http::Request request;
    request.url = hub;
    request.method = "POST";
    request.body = encode_form(found.subscription->request(options_));
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    request.allow_private = found.followed->allow_private;
    request.proxy = found.followed->proxy;
    auto answer = co_await http_.fetch(std::move(request));
    const Time now = system_now();
    const bool limited = answer && answer->status == 429;
    hosts_.done(schedule::politeness_key(hub), now, limited, std::nullopt);
    found = find(token);
    if (found.subscription == nullptr) co_return;
    Subscription& subscription = *found.subscription;
    const std::string flaw = answer ? flaw_of(subscription.kind, *answer) : answer.error().message();
    if (!answer && answer.error().code() == Errc::cancelled) co_return;
    if (flaw.empty()) {
      const bool was_up = subscription.is_up(now);
      subscription.taken(now, options_);
      asked_.add();
      if (!was_up && subscription.is_up(now)) log_.info("{}: {} will tell of changes", source_id, hub);
    } else {
      if (subscription.trouble != flaw) log_.warning("{}: the hub {} cannot be subscribed to: {}", source_id, hub, flaw);
      subscription.failed(now, flaw, options_);
      refused_.add();
    }
  }
  if (found.subscription->is_over()) {
    log_.info("{}: left the hub {}", source_id, found.subscription->hub);
    forget(token);
    found.followed->sweep();
  }
  co_await save(source_id);
}

Task<> Subscriber::save(std::string source_id) {
  unsaved_.erase(source_id);
  const auto at = followed_.find(source_id);
  if (at == followed_.end()) co_return;
  const bool is_over = at->second.subscriptions.empty() && (at->second.hints.empty() || calls_.source(source_id) == nullptr);
  store::Batch batch;
  batch.channels.push_back({source_id, is_over ? std::string() : at->second.save()});
  if (is_over) followed_.erase(at);
  const auto saved = co_await store_.commit(std::move(batch));
  if (!saved && saved.error().code() != Errc::cancelled) log_.error("{}: {}", source_id, saved.error().message());
}

Task<> Subscriber::save_all() {
  const std::set<std::string, std::less<>> unsaved = std::exchange(unsaved_, {});
  store::Batch batch;
  for (const auto& id : unsaved) {
    if (const auto at = followed_.find(id); at != followed_.end()) batch.channels.push_back({id, at->second.save()});
  }
  if (batch.channels.empty()) co_return;
  const auto saved = co_await store_.commit(std::move(batch));
  if (!saved && saved.error().code() != Errc::cancelled) log_.error("what was learnt of hubs is not saved: {}", saved.error().message());
}

Task<web::Response> Subscriber::answer(web::Request request) {
  const std::string token = request.path.starts_with(kPath) ? request.path.substr(kPath.size()) : std::string();
  const bool is_question = request.method == "GET" || request.method == "HEAD";
  if (!is_question && request.method != "POST") co_return plain(405, "only GET and POST are known here\n");
  if (is_question) {
    const Found found = find(token);
    const Form query = decode_form(request.query);
    if (found.subscription != nullptr) co_return question(found, query);
    unknown_.add();
    co_return plain(404, "this subscription is not known here\n");
  }
  co_return co_await ping(token, std::move(request));
}

web::Response Subscriber::question(Found found, const Form& query) {
  const Time now = system_now();
  Subscription& subscription = *found.subscription;
  const std::string& source_id = found.followed->source_id;
  const bool was_up = subscription.is_up(now);
  web::Response response = plain(404, "this subscription is not known here\n");
  if (auto challenge = subscription.challenged(query)) {
    response = plain(200, *challenge);
    verified_.add();
  } else if (value_of(query, "hub.mode") == "denied" && subscription.denied(query, now)) {
    log_.warning("{}: {}: {}", source_id, subscription.hub, subscription.trouble);
    response = plain(200, "noted\n");
    denied_.add();
  } else if (auto confirmed = subscription.verify(query, now, options_)) {
    const bool leaves = subscription.phase == Phase::leaving;
    if (!was_up && !leaves) log_.info("{}: {} pushes it until {}", source_id, subscription.hub, model::to_rfc3339(*subscription.lease_end));
    response = plain(200, *confirmed);
    verified_.add();
  } else {
    unknown_.add();
  }
  if (response.status == 200) {
    // Up again or down: what came or will come in between is polled for.
    if (was_up != subscription.is_up(now) && subscription.phase != Phase::leaving) calls_.poll_now(source_id);
    index(*found.followed);
    timer_.cancel();
    requests_.spawn("push.save", save(source_id));
  }
  return response;
}

// The source is polled at once, and what that finds is to the channel's credit.
void Subscriber::prompt(Found found) {
  ++found.subscription->pings;
  found.subscription->last_ping = system_now();
  found.subscription->prompted = true;
  unsaved_.insert(found.followed->source_id);
  calls_.poll_now(found.followed->source_id);
}

Task<web::Response> Subscriber::ping(std::string token, web::Request request) {
  Found found = find(token);
  if (found.subscription == nullptr || found.subscription->phase == Phase::leaving || found.subscription->phase == Phase::denied) {
    pings("unknown").add();
    co_return gone();
  }
  const std::string source_id = found.followed->source_id;
  if (found.subscription->kind == Kind::cloud) {
    pings("notified").add();
    prompt(found);
    co_return plain(200, "noted\n");
  }
  const Signature signature = check_signature(request.field("X-Hub-Signature"), found.subscription->secret, request.body);
  if (signature != Signature::good) {
    // The hub is not to know (WebSub, section 8): it gets the same answer, and nothing comes of it.
    pings(signature == Signature::wrong ? "bad_signature" : "unsigned").add();
    if (found.subscription->bad_signatures++ == 0) log_.warning("{}: a ping of {} is not signed as agreed and is left out", source_id, found.subscription->hub);
    unsaved_.insert(source_id);
    co_return plain(204);
  }
  if (store_.pressure() >= 1) {
    pings("busy").add();
    web::Response later = plain(503, "the outbox is full\n");
    later.fields.push_back({"Retry-After", "30"});
    co_return later;
  }
  if (text::trim(request.body).empty()) {
    pings("thin").add();
    prompt(found);
    co_return plain(204);
  }
  http::Response document;
  document.status = 200;
  document.url = found.subscription->topic;
  for (const char* name : {"Content-Type", "Content-Language"}) {
    if (const auto value = request.field(name); !value.empty()) document.headers.push_back({name, std::string(value)});
  }
  document.body = PaddedBytes(request.body);
  const auto taken = co_await calls_.take(source_id, std::move(document));
  found = find(token);
  if (!taken && (taken.error().code() == Errc::cancelled || taken.error().code() == Errc::unavailable)) {
    pings("busy").add();
    co_return plain(503, "not now\n");
  }
  const bool is_thin = !taken || taken->entries == 0;
  pings(is_thin ? "thin" : "taken").add();
  if (found.subscription == nullptr) co_return plain(204);
  if (is_thin) {
    if (!taken) log_.debug("{}: a ping could not be read: {}", source_id, taken.error().message());
    prompt(found);
    co_return plain(204);
  }
  ++found.subscription->pings;
  found.subscription->last_ping = system_now();
  found.followed->brought(*found.subscription, taken->fresh, taken->shown, system_now());
  unsaved_.insert(source_id);
  co_return plain(204);
}

}  // namespace tidings::push
