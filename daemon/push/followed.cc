#include "push/followed.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json.h"

namespace tidings::push {
namespace {

std::string callback_url(const Options& options, std::string_view token) {
  std::string_view base = options.public_url;
  while (base.ends_with('/')) base.remove_suffix(1);
  return fmt::format("{}/push/{}", base, token);
}

}  // namespace

bool Followed::reconcile(bool is_wanted, Time now, const Options& options, const Draw& draw) {
  struct Wanted {
    Kind kind;
    std::string hub;
  };
  std::vector<Wanted> wanted;
  if (is_wanted && !options.public_url.empty()) {
    for (const auto& hub : hints.hubs) {
      if (wanted.size() < options.max_hubs) wanted.push_back({Kind::websub, hub});
    }
    // A hub brings the content itself; the cloud is for feeds that have none.
    if (wanted.empty() && !hints.cloud.empty()) wanted.push_back({Kind::cloud, hints.cloud});
  }
  bool changed = false;
  for (auto& subscription : subscriptions) {
    if (subscription.phase == Phase::leaving) continue;
    const auto same = [&](const Wanted& one) {
      return one.kind == subscription.kind && one.hub == subscription.hub && subscription.topic == hints.topic &&
             subscription.callback == callback_url(options, subscription.token);
    };
    const auto still = std::find_if(wanted.begin(), wanted.end(), same);
    if (still != wanted.end()) {
      wanted.erase(still);
    } else {
      subscription.leave(now);
      changed = true;
    }
  }
  for (auto& one : wanted) {
    Subscription subscription;
    subscription.kind = one.kind;
    subscription.hub = std::move(one.hub);
    subscription.topic = hints.topic;
    subscription.token = draw();
    subscription.secret = one.kind == Kind::websub ? draw() : std::string();
    subscription.callback = callback_url(options, subscription.token);
    subscription.next = now;
    subscriptions.push_back(std::move(subscription));
    changed = true;
  }
  return changed;
}

void Followed::sweep() {
  std::erase_if(subscriptions, [](const Subscription& s) { return s.is_over(); });
}

void Followed::found(const std::vector<std::uint64_t>& fresh, const std::vector<std::uint64_t>& shown, Time now, const Options& options) {
  for (auto& subscription : subscriptions) {
    subscription.recall.settle(now, options.late);
    const bool was_up = subscription.is_up(now) && subscription.up_since && polled && *subscription.up_since <= *polled;
    // What a poll found that a ping had called for, the channel told of.
    if (std::exchange(subscription.prompted, false)) {
      subscription.recall.brought(shown, fresh);
    } else if (was_up) {
      subscription.recall.expect(fresh, now);
    }
  }
  polled = now;
}

void Followed::brought(const Subscription& by, const std::vector<std::uint64_t>& fresh, const std::vector<std::uint64_t>& shown, Time now) {
  for (auto& subscription : subscriptions) {
    if (subscription.token == by.token) {
      subscription.recall.brought(shown, fresh);
    } else if (subscription.is_up(now)) {
      subscription.recall.expect(fresh, now);
    }
  }
}

double Followed::recall(Time now) const {
  double best = 0;
  for (const auto& subscription : subscriptions) {
    if (subscription.is_up(now)) best = std::max(best, subscription.recall.proven());
  }
  return best;
}

std::string Followed::save() const {
  json::array hubs(hints.hubs.begin(), hints.hubs.end());
  json::array all;
  for (const auto& subscription : subscriptions) all.push_back(subscription.save());
  return json::serialize(json::object{{"topic", hints.topic},
                                      {"hubs", std::move(hubs)},
                                      {"cloud", hints.cloud},
                                      {"allow_private", allow_private},
                                      {"proxy", proxy},
                                      {"polled", polled ? json::value(to_micros(*polled)) : json::value()},
                                      {"subscriptions", std::move(all)}});
}

Result<Followed> load_followed(std::string source_id, std::string_view saved) {
  const auto parsed = json::parse(saved);
  if (!parsed) return parsed.error();
  const auto* object = parsed->if_object();
  if (object == nullptr) return Error(Errc::corrupt, "it is no JSON object");
  Followed followed;
  followed.source_id = std::move(source_id);
  followed.hints.topic = json::string_at(*object, "topic");
  followed.hints.cloud = json::string_at(*object, "cloud");
  followed.proxy = json::string_at(*object, "proxy");
  if (const auto* allowed = object->if_contains("allow_private"); allowed != nullptr) followed.allow_private = allowed->is_bool() && allowed->get_bool();
  if (const auto* hubs = object->if_contains("hubs"); hubs != nullptr && hubs->is_array()) {
    for (const auto& hub : hubs->get_array()) {
      if (hub.is_string()) followed.hints.hubs.emplace_back(hub.get_string());
    }
  }
  if (const auto* polled = object->if_contains("polled"); polled != nullptr && polled->is_int64()) followed.polled = from_micros(polled->get_int64());
  if (const auto* all = object->if_contains("subscriptions"); all != nullptr && all->is_array()) {
    for (const auto& one : all->get_array()) {
      if (!one.is_object()) continue;
      if (auto subscription = load_subscription(one.get_object())) followed.subscriptions.push_back(std::move(*subscription));
    }
  }
  return followed;
}

}  // namespace tidings::push
