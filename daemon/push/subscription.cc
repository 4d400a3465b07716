#include "push/subscription.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/hash.h"
#include "base/text.h"
#include "base/url.h"

namespace tidings::push {
namespace {

using std::chrono::hours;

// An rssCloud forgets who does not register again within 25 hours.
constexpr hours kCloudLease(25);
constexpr hours kCloudRenewal(24);
constexpr hours kAfterDenial(24);
constexpr std::uint32_t kLeaveAttempts = 5;
constexpr Seconds kShortestLease(10);
constexpr Seconds kLongestLease = hours(366 * 24);

constexpr std::string_view kPhases[] = {"wanted", "asked", "active", "denied", "leaving"};

// In [0, 1), the same for the same subscription and salt.
double chance(std::string_view token, std::uint64_t salt) { return static_cast<double>(hash64(token, salt) >> 11) * 0x1p-53; }

// At four fifths of the lease and not all at once, so that there is time for more attempts.
Time renewal(Time now, Seconds lease, std::string_view token) {
  const double share = 0.75 + 0.1 * chance(token, 1);
  return now + std::chrono::round<Millis>(lease * share);
}

Millis doubled(Millis base, std::uint32_t failures, Millis most) {
  return std::min<Millis>(most, base * (std::int64_t{1} << std::min<std::uint32_t>(failures - 1, 20)));
}

std::string port_of(const Url& url) { return !url.port.empty() ? url.port : url.scheme == "https" ? "443" : "80"; }

json::value micros(const OptionalTime& time) { return time ? json::value(to_micros(*time)) : json::value(); }

OptionalTime time_at(const json::object& saved, std::string_view key) {
  const auto* member = saved.if_contains(key);
  return member != nullptr && member->is_int64() ? OptionalTime(from_micros(member->get_int64())) : OptionalTime();
}

std::uint64_t number_at(const json::object& saved, std::string_view key) {
  const auto* member = saved.if_contains(key);
  if (member == nullptr) return 0;
  if (member->is_uint64()) return member->get_uint64();
  return member->is_int64() ? static_cast<std::uint64_t>(std::max<std::int64_t>(0, member->get_int64())) : 0;
}

double double_at(const json::object& saved, std::string_view key) {
  const auto* member = saved.if_contains(key);
  return member != nullptr && member->is_double() ? member->get_double() : static_cast<double>(number_at(saved, key));
}

}  // namespace

std::string_view name_of(Kind kind) { return kind == Kind::cloud ? "rssCloud" : "WebSub"; }
std::string_view name_of(Phase phase) { return kPhases[static_cast<std::size_t>(phase)]; }

bool Subscription::is_over() const {
  return phase == Phase::leaving && (verified_leave || failures >= kLeaveAttempts || kind == Kind::cloud);
}

Form Subscription::request(const Options& options) const {
  if (kind == Kind::cloud) {
    const auto url = parse_url(callback);
    if (!url) return {};
    const std::string path = url->path + (url->has_query ? "?" + url->query : "");
    return {{"notifyProcedure", ""}, {"domain", url->host},         {"port", port_of(*url)},
            {"path", path},          {"protocol", url->scheme == "https" ? "https-post" : "http-post"}, {"url1", topic}};
  }
  Form form = {{"hub.callback", callback}, {"hub.mode", phase == Phase::leaving ? "unsubscribe" : "subscribe"}, {"hub.topic", topic}};
  // Hubs of PubSubHubbub 0.3 ask for it; later ones pass it over.
  form.emplace_back("hub.verify", "async");
  if (phase == Phase::leaving) return form;
  form.emplace_back("hub.secret", secret);
  form.emplace_back("hub.lease_seconds", std::to_string(options.lease.count()));
  return form;
}

void Subscription::taken(Time now, const Options& options) {
  trouble.clear();
  if (kind == Kind::cloud) {
    if (!is_up(now)) up_since = now;
    phase = Phase::active;
    failures = 0;
    lease_end = now + kCloudLease;
    next = now + kCloudRenewal - std::chrono::round<Millis>(chance(token, 1) * Millis(hours(1)));
    return;
  }
  if (verified_leave || (phase == Phase::active && next > now)) return;  // verified while the request was still under way
  if (phase == Phase::wanted || phase == Phase::denied) phase = Phase::asked;
  // The hub's question ends it; one that never comes counts as a failure.
  ++failures;
  next = now + doubled(options.verify_timeout, failures, options.backoff_max);
}

void Subscription::failed(Time now, std::string why, const Options& options) {
  ++failures;
  trouble = std::move(why);
  const Millis wait = doubled(options.backoff_base, failures, options.backoff_max);
  next = now + std::chrono::round<Millis>(wait * (0.8 + 0.4 * chance(token, failures)));
  if (phase == Phase::asked) phase = Phase::wanted;
}

bool Subscription::lapse(Time now) {
  if (phase != Phase::active || is_up(now)) return false;
  phase = Phase::wanted;
  up_since.reset();
  return true;
}

void Subscription::leave(Time now) {
  if (phase == Phase::leaving) return;
  // What was never asked for need not be ended.
  verified_leave = phase == Phase::denied || (phase == Phase::wanted && failures == 0);
  phase = Phase::leaving;
  failures = 0;
  up_since.reset();
  next = now;
}

std::optional<std::string> Subscription::verify(const Form& query, Time now, const Options& options) {
  const std::string_view mode = value_of(query, "hub.mode");
  const std::string_view challenge = value_of(query, "hub.challenge");
  if (kind != Kind::websub || challenge.empty() || value_of(query, "hub.topic") != topic) return std::nullopt;
  if (mode == "unsubscribe") {
    if (phase != Phase::leaving) return std::nullopt;
    verified_leave = true;
    next = now;
    return std::string(challenge);
  }
  if (mode != "subscribe" || phase == Phase::leaving) return std::nullopt;
  const std::string_view stated = value_of(query, "hub.lease_seconds");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(stated.data(), stated.data() + stated.size(), seconds);
  const bool is_number = error == std::errc() && end == stated.data() + stated.size() && seconds > 0;
  const Seconds lease = std::clamp(is_number ? Seconds(seconds) : options.lease, kShortestLease, kLongestLease);
  if (!is_up(now)) up_since = now;
  phase = Phase::active;
  failures = 0;
  trouble.clear();
  lease_end = now + lease;
  next = renewal(now, lease, token);
  return std::string(challenge);
}

bool Subscription::denied(const Form& query, Time now) {
  if (kind != Kind::websub || value_of(query, "hub.topic") != topic) return false;
  if (phase == Phase::leaving) {
    verified_leave = true;
    next = now;
    return true;
  }
  const std::string reason = text::repair_utf8(value_of(query, "hub.reason").substr(0, 200));
  phase = Phase::denied;
  up_since.reset();
  lease_end.reset();
  trouble = reason.empty() ? "the hub denied the subscription" : fmt::format("the hub denied the subscription: {}", reason);
  next = now + kAfterDenial;
  return true;
}

std::optional<std::string> Subscription::challenged(const Form& query) const {
  const std::string_view challenge = value_of(query, "challenge");
  if (kind != Kind::cloud || phase == Phase::leaving || challenge.empty() || value_of(query, "url") != topic) return std::nullopt;
  return std::string(challenge);
}

json::object Subscription::save() const {
  return {{"kind", name_of(kind)},
          {"hub", hub},
          {"topic", topic},
          {"token", token},
          {"secret", secret},
          {"callback", callback},
          {"phase", name_of(phase)},
          {"next", to_micros(next)},
          {"lease_end", micros(lease_end)},
          {"up_since", micros(up_since)},
          {"last_ping", micros(last_ping)},
          {"failures", failures},
          {"trouble", trouble},
          {"pings", pings},
          {"bad_signatures", bad_signatures},
          {"hits", recall.hits()},
          {"misses", recall.misses()}};
}

std::optional<Subscription> load_subscription(const json::object& saved) {
  Subscription s;
  s.kind = json::string_at(saved, "kind") == name_of(Kind::cloud) ? Kind::cloud : Kind::websub;
  s.hub = json::string_at(saved, "hub");
  s.topic = json::string_at(saved, "topic");
  s.token = json::string_at(saved, "token");
  s.secret = json::string_at(saved, "secret");
  s.callback = json::string_at(saved, "callback");
  const auto phase = std::find(std::begin(kPhases), std::end(kPhases), json::string_at(saved, "phase"));
  const OptionalTime next = time_at(saved, "next");
  if (s.hub.empty() || s.topic.empty() || s.token.empty() || phase == std::end(kPhases) || !next) return std::nullopt;
  s.phase = static_cast<Phase>(phase - std::begin(kPhases));
  s.next = *next;
  s.lease_end = time_at(saved, "lease_end");
  s.up_since = time_at(saved, "up_since");
  s.last_ping = time_at(saved, "last_ping");
  s.failures = static_cast<std::uint32_t>(number_at(saved, "failures"));
  s.trouble = json::string_at(saved, "trouble");
  s.pings = number_at(saved, "pings");
  s.bad_signatures = number_at(saved, "bad_signatures");
  s.recall = Recall(double_at(saved, "hits"), double_at(saved, "misses"));
  return s;
}

}  // namespace tidings::push
