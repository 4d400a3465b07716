// How soon items are seen: replays the publication times of many sources against our schedule and the rules of others, all
// at the same number of requests. Prints mean, p50, p90 and p99 of the delay, and the trade-off between mean and tail.
//
//   freshness_bench                 sources made by a generator: log-normal rates, day and week, bursts
//   freshness_bench FILE            recorded ones: lines of "source<TAB>unix seconds", in any order

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include "schedule/budget.h"
#include "schedule/profiles.h"
#include "schedule/queue.h"
#include "schedule/source_schedule.h"

namespace tidings::schedule {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using FloatSeconds = std::chrono::duration<double>;
using FloatHours = std::chrono::duration<double, std::ratio<3600>>;

constexpr Millis kFixed = minutes(30);   // the interval whose number of requests all get
constexpr std::size_t kWindow = 50;      // entries in a document
const Time kStart = Time(std::chrono::sys_days(std::chrono::year(2026) / 9 / 28));  // a Monday

struct Source {
  std::string id;
  std::string language;
  std::vector<Time> published;  // in order
};

struct World {
  std::vector<Source> sources;
  Time begin;    // of the replay
  Time counted;  // delays count from here on: before, everybody learns
  Time end;
};

// Items of a self-exciting process: a rate that follows the hours, each item exciting some more.
std::vector<Time> publish(double per_hour, double peak_hour, double swing, double weekend, double branching, double burst_hours,
                          Time begin, Time end, std::mt19937_64& random) {
  const auto uniform = [&] { return (static_cast<double>(random() >> 11) + 0.5) * 0x1p-53; };
  const double highest = per_hour * (1 + swing);
  std::vector<Time> items;
  double excited = 0;
  for (Time t = begin; t < end;) {
    const double bound = highest + excited;
    const FloatHours step(-std::log(uniform()) / bound);
    t += std::chrono::ceil<Micros>(step);
    excited *= std::exp(-step.count() / burst_hours);
    const auto day = std::chrono::floor<std::chrono::days>(t);
    const double hour = FloatHours(t - day).count();
    const bool is_weekend = std::chrono::weekday(day).iso_encoding() >= 6;
    const double rate = per_hour * (1 - branching) * (1 + swing * std::cos((hour - peak_hour) * std::numbers::pi / 12)) * (is_weekend ? weekend : 1);
    if (uniform() * bound > rate + excited) continue;
    items.push_back(t);
    excited += branching / burst_hours;
  }
  while (!items.empty() && items.back() >= end) items.pop_back();
  return items;
}

World made_world() {
  std::mt19937_64 random(20261124);
  const auto uniform = [&](double from, double to) { return from + (to - from) * static_cast<double>(random() >> 11) * 0x1p-53; };
  World world{{}, kStart, kStart + hours(21 * 24), kStart + hours(35 * 24)};
  for (int i = 0; i < 600; ++i) {
    // Box and Muller: the distributions of the library differ between compilers.
    const double normal = std::sqrt(-2 * std::log(uniform(1e-12, 1))) * std::cos(2 * std::numbers::pi * uniform(0, 1));
    const double per_hour = std::clamp(0.4 * std::exp(1.4 * normal), 0.004, 60.0);
    const int language = static_cast<int>(random() % 5);
    world.sources.push_back({"s" + std::to_string(i), std::to_string(language),
                             publish(per_hour, 9.0 + 3 * language + uniform(-2, 2), uniform(0.3, 0.95), uniform(0.3, 1), uniform(0.1, 0.5),
                                     uniform(0.05, 0.5), world.begin - hours(24 * 7), world.end, random)});
  }
  return world;
}

World read_world(const char* path) {
  std::map<std::string, std::vector<Time>> by_source;
  std::ifstream file(path);
  std::string id;
  for (std::int64_t seconds = 0; file >> id >> seconds;) by_source[id].push_back(Time(Seconds(seconds)));
  World world;
  world.begin = Time::max();
  world.end = Time::min();
  for (auto& [name, times] : by_source) {
    std::sort(times.begin(), times.end());
    world.begin = std::min(world.begin, times.front());
    world.end = std::max(world.end, times.back());
    world.sources.push_back({name, "", std::move(times)});
  }
  world.counted = world.begin + (world.end - world.begin) / 4;
  return world;
}

struct Result {
  std::size_t requests = 0;  // in the time that counts
  std::size_t lost = 0;      // items that left the window unseen
  std::vector<double> delays;  // seconds, sorted
  double mean = 0;
  double quantile(double q) const { return delays.empty() ? 0 : delays[static_cast<std::size_t>(q * static_cast<double>(delays.size() - 1))]; }
};

// Collects what a poll of a source at a time finds.
class Reader {
 public:
  explicit Reader(const World& world) : world_(world), next_(world.sources.size()) {}

  std::vector<Time> poll(std::size_t source, Time now) {
    if (now >= world_.counted) ++result_.requests;
    const auto& published = world_.sources[source].published;
    std::size_t& next = next_[source];
    std::size_t end = next;
    while (end < published.size() && published[end] <= now) ++end;
    const bool first = next == 0;
    std::vector<Time> found;
    for (; next < end; ++next) {
      if (end - next > kWindow) {
        if (published[next] >= world_.counted) ++result_.lost;
        continue;
      }
      found.push_back(published[next]);
      if (!first && published[next] >= world_.counted) result_.delays.push_back(FloatSeconds(now - published[next]).count());
    }
    return found;
  }

  Result result() {
    std::sort(result_.delays.begin(), result_.delays.end());
    double sum = 0;
    for (const double delay : result_.delays) sum += delay;
    result_.mean = sum / static_cast<double>(std::max<std::size_t>(1, result_.delays.size()));
    return std::move(result_);
  }

 private:
  const World& world_;
  std::vector<std::size_t> next_;
  Result result_;
};

// A rule of the others: the interval after a poll, from the times of the entries in the document and what was new.
struct Seen {
  std::vector<Time> window;  // newest last
  std::size_t fresh = 0;
  Micros interval{0};  // the last one
};
using Rule = std::function<Micros(const Seen&, Time now)>;

Result replay(const World& world, const Rule& rule, double scale) {
  Reader reader(world);
  Queue queue;
  std::vector<Seen> seen(world.sources.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    queue.reschedule(static_cast<Queue::Id>(i), world.begin + kFixed * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(seen.size()));
  }
  for (Time now; (now = *queue.next_due()) < world.end;) {
    const Queue::Id id = *queue.pop_due(now);
    Seen& state = seen[id];
    const auto found = reader.poll(id, now);
    state.fresh = found.size();
    state.window.insert(state.window.end(), found.begin(), found.end());
    if (state.window.size() > kWindow) state.window.erase(state.window.begin(), state.window.end() - kWindow);
    state.interval = rule(state, now);
    queue.reschedule(id, now + std::max(Micros(Seconds(1)), std::chrono::round<Micros>(state.interval * scale)));
  }
  return reader.result();
}

// The rule with all its times stretched so that it makes about `requests`.
Result at_equal_requests(const World& world, const Rule& rule, std::size_t requests) {
  double low = 1e-3;
  double high = 1e3;
  Result best;
  for (int i = 0; i < 18; ++i) {
    const double scale = std::sqrt(low * high);
    best = replay(world, rule, scale);
    if (std::abs(static_cast<double>(best.requests) / static_cast<double>(requests) - 1) < 0.003) break;
    (best.requests > requests ? low : high) = scale;
  }
  return best;
}

Micros fixed(const Seen&, Time) { return kFixed; }

// Miniflux, entry_frequency: a week over the entries of the last week, 5 minutes to 24 hours.
Micros miniflux(const Seen& seen, Time now) {
  const auto week = std::count_if(seen.window.begin(), seen.window.end(), [&](Time t) { return now - t < hours(24 * 7); });
  return std::clamp<Micros>(hours(24 * 7) / std::max<std::int64_t>(1, week), minutes(5), hours(24));
}

// CommaFeed: half the mean time between entries, 5 minutes to an hour; 1, 2 and 4 hours for feeds idle 7, 14, 30 days.
Micros commafeed(const Seen& seen, Time now) {
  if (seen.window.size() < 2) return hours(1);
  const Micros idle = now - seen.window.back();
  if (idle > hours(24 * 30)) return hours(4);
  if (idle > hours(24 * 14)) return hours(2);
  if (idle > hours(24 * 7)) return hours(1);
  const Micros between = (seen.window.back() - seen.window.front()) / static_cast<std::int64_t>(seen.window.size() - 1);
  return std::clamp<Micros>(between / 2, minutes(5), hours(1));
}

// news-crawl: times 0.8 on change, 1.5 on none, from 12 hours, between 90 minutes and 90 days.
Micros news_crawl(const Seen& seen, Time) {
  if (seen.interval == Micros(0)) return hours(12);
  const Micros next = std::chrono::round<Micros>(seen.interval * (seen.fresh > 0 ? 0.8 : 1.5));
  return std::clamp<Micros>(next, minutes(90), hours(90 * 24));
}

// Our rooms as the daemon runs them, with a budget that binds.
Result ours(const World& world, Millis ceiling) {
  Options options;
  options.max_requests_per_second = static_cast<double>(world.sources.size()) / FloatSeconds(kFixed).count() / 0.95;
  options.eagerness = 1e4;
  options.min_interval = Seconds(30);
  options.max_interval = ceiling;
  options.quiet_interval = kFixed * 4;
  options.unconditional_check_every = 0;
  Budget budget(options, world.sources.size(), world.begin);
  Profiles profiles;
  Queue queue;
  Reader reader(world);
  std::vector<SourceSchedule> schedules;
  Conditions conditions{options};
  for (std::size_t i = 0; i < world.sources.size(); ++i) {
    model::Source source;
    source.id = world.sources[i].id;
    schedules.emplace_back(source);
    queue.reschedule(static_cast<Queue::Id>(i), schedules.back().start(world.begin, kFixed, conditions).at);
  }
  std::vector<bool> known(world.sources.size());
  for (Time now = world.begin; now < world.end;) {
    now = std::max(now, *queue.next_due());
    if (!budget.take(now)) {
      now = budget.next_free();
      continue;
    }
    const Queue::Id id = *queue.pop_due(now);
    const Source& source = world.sources[id];
    Poll poll;
    poll.first = !known[id];
    poll.published = reader.poll(id, now);
    poll.new_items = static_cast<std::uint32_t>(poll.published.size());
    poll.status = poll.published.empty() ? 304 : 200;
    poll.window_entries = kWindow;
    if (!poll.first) profiles.add(source.id, source.language, poll.published, schedules[id].weeks_watched());
    known[id] = true;
    conditions.kappa = budget.kappa();
    conditions.prior = profiles.shape(source.id, source.language);
    queue.reschedule(id, schedules[id].next(poll, now, conditions).at);
  }
  return reader.result();
}

void print(const std::string& name, const Result& result, const Result& reference) {
  fmt::print("{:<34} {:>9} {:>9.0f} {:>8.0f} {:>8.0f} {:>9.0f} {:>6} {:>11.3f} {:>10.3f}\n", name, result.requests, result.mean,
             result.quantile(0.5), result.quantile(0.9), result.quantile(0.99), result.lost, result.mean / reference.mean,
             result.quantile(0.99) / reference.quantile(0.99));
  std::fflush(stdout);
}

int run(const World& world) {
  std::size_t items = 0;
  for (const auto& source : world.sources) items += source.published.size();
  fmt::print("data: {} sources, {} items, {:.1f} days of which {:.1f} count; delays in seconds\n", world.sources.size(), items,
             FloatHours(world.end - world.begin).count() / 24, FloatHours(world.end - world.counted).count() / 24);
  fmt::print("{:<34} {:>9} {:>9} {:>8} {:>8} {:>9} {:>6} {:>11} {:>10}\n", "policy", "requests", "mean", "p50", "p90", "p99", "lost",
             "mean/fixed", "p99/fixed");
  const Result reference = replay(world, fixed, 1);
  print("fixed", reference, reference);
  print("Miniflux entry_frequency", at_equal_requests(world, miniflux, reference.requests), reference);
  print("CommaFeed", at_equal_requests(world, commafeed, reference.requests), reference);
  print("news-crawl", at_equal_requests(world, news_crawl, reference.requests), reference);

  double best_mean = 1e9;
  double best_with_tail = 1e9;
  double tail = 0;
  for (const double times : {0.9, 1.0, 1.05, 1.1, 1.25, 1.5, 2.0, 3.0, 6.0, 12.0, 48.0}) {
    const Millis ceiling = std::chrono::round<Millis>(kFixed * times);
    const Result result = ours(world, ceiling);
    // A budget that is not used up or passed is not the same number of requests: the fixed interval is moved to ours.
    const Result equal = replay(world, fixed, static_cast<double>(reference.requests) / static_cast<double>(result.requests));
    print(fmt::format("tidings, ceiling {:.3g} x fixed", times), result, equal);
    best_mean = std::min(best_mean, result.mean / equal.mean);
    const double p99 = result.quantile(0.99) / equal.quantile(0.99);
    if (p99 <= 1 && result.mean / equal.mean < best_with_tail) {
      best_with_tail = result.mean / equal.mean;
      tail = p99;
    }
  }
  fmt::print("figure freshness_mean_vs_fixed {:.3f} ratio\n", best_mean);
  if (best_with_tail < 1e9) {
    fmt::print("figure freshness_ceiling_mean_vs_fixed {:.3f} ratio\n", best_with_tail);
    fmt::print("figure freshness_ceiling_p99_vs_fixed {:.3f} ratio\n", tail);
  } else {
    fmt::print("no ceiling keeps p99 within that of the fixed interval\n");
  }
  return 0;
}

}  // namespace
}  // namespace tidings::schedule

int main(int argc, char** argv) {
  using namespace tidings::schedule;
  return run(argc > 1 ? read_world(argv[1]) : made_world());
}
