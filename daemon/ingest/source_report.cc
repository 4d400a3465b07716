#include "ingest/source_report.h"

#include <cmath>

#include "model/item_json.h"

namespace tidings::ingest {
namespace {

const char* condition(const Source& source, const store::SourceState& state) {
  return source.schedule.stopped()    ? "gone"
         : source.polling             ? "polling"
         : !state.last_error.empty()  ? "failing"
         : state.polls == 0           ? "waiting"
                                      : "ok";
}

OptionalTime next_poll(const Source& source) {
  return source.scheduled && !source.schedule.stopped() ? OptionalTime(source.schedule.due()) : OptionalTime();
}

json::object host_report(std::string_view name, const schedule::HostLimiter& hosts, Time now) {
  const auto host = hosts.state(name, now);
  return {{"name", name},
          {"requests_per_second", host.requests_per_second},
          {"rate_limited", hosts.rate_limited(name)},
          {"in_flight", host.in_flight},
          {"requests_left", host.tokens},
          {"blocked_until", model::to_json(host.blocked_until)},
          {"waits_until", model::to_json(host.waits_until)}};
}

json::object redirect_report(const schedule::PermanentRedirect& moved) {
  return {{"to", moved.target}, {"since", model::to_json(moved.first_seen)}, {"sightings", moved.sightings}};
}

json::array hours(const schedule::ProfileShape& shape, std::size_t from) {
  json::array all;
  for (std::size_t hour = 0; hour < 24; ++hour) all.push_back(std::round(static_cast<double>(shape[from + hour]) * 100) / 100);
  return all;
}

}  // namespace

json::object source_report(const Source& source, const Learnt& learnt, const schedule::Dispatcher& dispatcher) {
  const store::SourceState& state = learnt.state;
  json::object report{{"id", source.config->id},
                      {"name", name_of(*source.config, learnt)},
                      {"url", polled_url(*source.config, state.url)},
                      {"plugin", source.config->settings->plugin},
                      {"state", condition(source, state)},
                      {"last_poll", model::to_json(state.last_poll)},
                      {"last_success", model::to_json(state.last_success)},
                      {"next_poll", model::to_json(next_poll(source))},
                      {"reason", source.called != nullptr ? source.called : state.why},
                      {"last_status", state.last_status},
                      {"last_error", state.last_error},
                      {"polls", state.polls},
                      {"not_modified", state.not_modified},
                      {"failures", state.failures},
                      {"items", state.items},
                      {"updates", state.updates},
                      {"duplicates", state.duplicates},
                      {"bytes", state.bytes}};
  report["host"] = source.host.empty() ? json::value() : json::value(host_report(source.host, dispatcher.hosts(), system_now()));
  report["freshness"] = learnt.figures ? json::value(learnt.figures->report()) : json::value();
  return report;
}

json::object schedule_report(const Source& source, const Learnt& learnt, const schedule::Dispatcher& dispatcher, Time now) {
  const auto conditions = dispatcher.conditions(source.address());
  const auto shape = source.schedule.shape(conditions.prior);
  return {{"items_per_hour", source.schedule.items_per_hour(now, conditions)},
          {"items_per_hour_base", source.schedule.base_rate()},
          {"items_per_hour_burst", source.schedule.burst_at(now)},
          {"hours_working_days_utc", hours(shape, 0)},
          {"hours_weekend_utc", hours(shape, 24)},
          {"weeks_watched", source.schedule.weeks_watched()},
          {"kappa", conditions.kappa},
          {"weight", source.config->settings->weight},
          {"cost", source.schedule.cost()},
          {"push_recall", conditions.push_recall},
          {"failures_in_a_row", source.schedule.failures()},
          {"distrusts_validators", source.schedule.distrusts_validators()},
          {"requests_per_second_in_all", dispatcher.requests_per_second()},
          {"led_to", source.led_to.empty() ? json::value() : json::value(host_report(source.led_to, dispatcher.hosts(), now))},
          {"redirect_under_observation", learnt.moved.target.empty() ? json::value() : json::value(redirect_report(learnt.moved))}};
}

}  // namespace tidings::ingest
