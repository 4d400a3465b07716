#include "alert/watch.h"

#include <algorithm>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "model/item_json.h"

namespace tidings::alert {
namespace {

constexpr std::size_t kMaxTextBytes = 4000;
constexpr std::size_t kRowsAtOnce = 1000;

// A rule that alerts once a story has one id for the story: deliveries of it are then unique in the store as well.
std::string alert_id(const model::Rule& rule, const model::Item& item, const model::Verdict& verdict) {
  const bool once = rule.once_per_story && !verdict.story.empty();
  const std::string what = once ? verdict.story : item.id + "#" + std::to_string(verdict.rev);
  return "urn:tidings:alert:" + to_hex(hash128(rule.id + "\n" + what));
}

std::string joined(const std::vector<std::string>& terms) {
  std::string text;
  for (const auto& term : terms) text += (text.empty() ? "" : ", ") + term;
  return text;
}

std::string_view value_of(const store::Fields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == name; });
  return found == fields.end() ? std::string_view() : std::string_view(found->second);
}

// The time that a reader would call the item's own.
OptionalTime stated_time(const model::Item& item) {
  if (item.published && item.updated) return std::max(*item.published, *item.updated);
  return item.published ? item.published : item.updated;
}

}  // namespace

store::Fields stream_fields(const model::Alert& alert, const model::Item& item, const std::string& payload) {
  store::Fields fields = {{"id", alert.id}, {"rule", alert.rule_id}, {"time", model::to_rfc3339(alert.time)}, {"item", alert.item_id},
                          {"rev", std::to_string(alert.rev)}};
  const auto put = [&](std::string_view name, std::string value) {
    if (!value.empty()) fields.emplace_back(name, std::move(value));
  };
  put("story", alert.story);
  put("title", item.title);
  put("url", item.url);
  put("source", item.source_id);
  put("matched", joined(alert.matched));
  put("data", payload);
  return fields;
}

std::string payload_of(const model::Alert& alert, const model::Item& item, const model::Verdict& verdict) {
  json::object record = model::to_json(item, verdict);
  record.erase("body_html");
  if (auto* text = record.if_contains("body_text"); text != nullptr && text->is_string()) {
    *text = std::string(text::truncate_utf8(text->get_string(), kMaxTextBytes));
  }
  json::object matter;
  matter["alert"] = alert.id;
  matter["rule"] = alert.rule_id;
  matter["matched"] = json::array(alert.matched.begin(), alert.matched.end());
  matter["item"] = std::move(record);
  json::object payload;
  payload["type"] = "tidings.alert";
  payload["timestamp"] = model::to_rfc3339(alert.time);
  payload["data"] = std::move(matter);
  return json::serialize(payload);
}

Watch::Watch(Options options, RuleIndex rules, Metrics& metrics)
    : options_(options),
      rules_(std::move(rules)),
      gate_(options.max_remembered_stories),
      alerts_(metrics.counter("tidings_alerts_total", "Alerts given")),
      held_back_(metrics.counter("tidings_alerts_held_back_total", "Matches that gave no alert: the story had one, or the throttle")),
      too_old_(metrics.counter("tidings_alerts_too_old_total", "Matches that gave no alert: the item is older than max_item_age, or backfill")) {}

Task<> Watch::restore(store::Store& store) {
  store::StreamId after;
  for (;;) {
    auto rows = co_await store.read_outbox(std::string(kAlertStream), after, kRowsAtOnce);
    if (!rows || rows->empty()) co_return;
    for (const auto& row : *rows) {
      const auto time = model::from_rfc3339(value_of(row.fields, "time"));
      if (row.intact && time) gate_.restore(value_of(row.fields, "rule"), value_of(row.fields, "story"), *time);
    }
    after = rows->back().id;
  }
}

std::size_t Watch::look(const model::Item& item, const model::Verdict& verdict, Time now, store::Batch& batch) {
  std::size_t given = 0;
  const OptionalTime stated = stated_time(item);
  const bool old = item.backfill || (options_.max_item_age > Millis(0) && stated && now - *stated > options_.max_item_age);
  for (auto& match : rules_.match(item, verdict)) {
    const model::Rule& rule = *match.rule;
    if (old) {
      too_old_.add();
      continue;
    }
    if (!gate_.pass(rule, verdict.story, now)) {
      held_back_.add();
      continue;
    }
    const model::Alert alert{alert_id(rule, item, verdict), rule.id, item.id, verdict.rev, verdict.story, now, std::move(match.terms)};
    const std::string payload = payload_of(alert, item, verdict);
    batch.outbox.push_back({std::string(kAlertStream), alert.id, stream_fields(alert, item, payload)});
    for (const std::string& hook : rule.hooks) {
      model::Delivery delivery;
      delivery.hook_id = hook;
      delivery.alert_id = alert.id;
      delivery.payload = payload;
      delivery.next_at = now;
      batch.deliveries.push_back(std::move(delivery));
    }
    alerts_.add();
    ++given;
  }
  return given;
}

}  // namespace tidings::alert
