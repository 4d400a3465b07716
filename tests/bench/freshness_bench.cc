// How soon items are seen: replays the publication times of many sources against our schedule and the rules of others, all
// at the same number of requests. Prints mean, p50, p90 and p99 of the delay, and the trade-off between mean and tail.
//
//   freshness_bench                 sources made by a generator (log-normal rates, day and week, bursts), then the recorded
//                                   feeds of ../shared/corpus/series.tar.xz where they are
//   freshness_bench FILE            recorded ones alone: lines of "source<TAB>unix seconds", in any order

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
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

World read_world(const std::string& path) {
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
  world.counted = world.begin + (world.end - world.begin) * 3 / 5;
  return world;
}

struct Result {
  std::size_t requests = 0;    // in the time that counts
  std::size_t lost = 0;        // items that left the window unseen
  std::vector<double> delays;  // seconds, sorted
  double mean = 0;
  std::size_t runs = 1;  // that were put together
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

// Where sources are few, chance decides much: runs with other first polls are put together.
std::size_t runs_for(const World& world) { return std::max<std::size_t>(1, 240 / world.sources.size()); }

Result repeated(const World& world, const std::function<Result(std::size_t run)>& once) {
  Result all;
  all.runs = runs_for(world);
  for (std::size_t run = 0; run < all.runs; ++run) {
    const Result one = once(run);
    all.requests += one.requests;
    all.lost += one.lost;
    all.mean += one.mean / static_cast<double>(all.runs);
    all.delays.insert(all.delays.end(), one.delays.begin(), one.delays.end());
  }
  std::sort(all.delays.begin(), all.delays.end());
  return all;
}

// A rule of the others: the interval after a poll, from the times of the entries in the document and what was new. All its
// times are multiplied by `scale`.
struct Seen {
  std::vector<Time> window;  // newest last
  std::size_t fresh = 0;
  Micros interval{0};  // the last one
};
using Rule = std::function<Micros(const Seen&, Time now, double scale)>;

Micros times(Micros interval, double scale) { return std::chrono::round<Micros>(interval * scale); }

Result replay_once(const World& world, const Rule& rule, double scale, double phase) {
  Reader reader(world);
  Queue queue;
  std::vector<Seen> seen(world.sources.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const double part = std::fmod(static_cast<double>(i) / static_cast<double>(seen.size()) + phase * static_cast<double>(i + 1), 1.0);
    queue.reschedule(static_cast<Queue::Id>(i), world.begin + times(kFixed, scale * part));
  }
  for (Time now; (now = *queue.next_due()) < world.end;) {
    const Queue::Id id = *queue.pop_due(now);
    Seen& state = seen[id];
    const auto found = reader.poll(id, now);
    state.fresh = found.size();
    state.window.insert(state.window.end(), found.begin(), found.end());
    if (state.window.size() > kWindow) state.window.erase(state.window.begin(), state.window.end() - kWindow);
    state.interval = std::max(Micros(Seconds(1)), rule(state, now, scale));
    queue.reschedule(id, now + state.interval);
  }
  return reader.result();
}

Result replay(const World& world, const Rule& rule, double scale) {
  return repeated(world, [&](std::size_t run) { return replay_once(world, rule, scale, static_cast<double>(run) * std::numbers::phi); });
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

Micros fixed(const Seen&, Time, double scale) { return times(kFixed, scale); }

// Miniflux, entry_frequency: a week over the entries of the last week, 5 minutes to 24 hours.
Micros miniflux(const Seen& seen, Time now, double scale) {
  const auto week = std::count_if(seen.window.begin(), seen.window.end(), [&](Time t) { return now - t < hours(24 * 7); });
  return times(std::clamp<Micros>(hours(24 * 7) / std::max<std::int64_t>(1, week), minutes(5), hours(24)), scale);
}

// CommaFeed: half the mean time between entries, 5 minutes to an hour; 1, 2 and 4 hours for feeds idle 7, 14, 30 days.
Micros commafeed(const Seen& seen, Time now, double scale) {
  if (seen.window.size() < 2) return times(hours(1), scale);
  const Micros idle = now - seen.window.back();
  if (idle > hours(24 * 30)) return times(hours(4), scale);
  if (idle > hours(24 * 14)) return times(hours(2), scale);
  if (idle > hours(24 * 7)) return times(hours(1), scale);
  const Micros between = (seen.window.back() - seen.window.front()) / static_cast<std::int64_t>(seen.window.size() - 1);
  return times(std::clamp<Micros>(between / 2, minutes(5), hours(1)), scale);
}

// news-crawl: times 0.8 on change, 1.5 on none, from 12 hours, between 90 minutes and 90 days. Such a rule settles where
// about two polls of three find something, whatever unit its times have: so the growth is stretched with the bounds.
Micros news_crawl(const Seen& seen, Time, double scale) {
  if (seen.interval == Micros(0)) return times(hours(12), scale);
  const Micros next = times(seen.interval, seen.fresh > 0 ? 0.8 : std::pow(1.5, scale));
  return std::clamp(next, times(minutes(90), scale), times(hours(90 * 24), scale));
}

// An operating point of ours: what the user sets.
struct Setting {
  double ceiling;         // max_interval, as a part of the fixed interval
  double polls_per_item;  // max_polls_per_item
};

// Our rooms as the daemon runs them, with a budget that binds.
Result ours_once(const World& world, const Setting& setting, std::size_t run) {
  Options options;
  options.max_requests_per_second = static_cast<double>(world.sources.size()) / FloatSeconds(kFixed).count() / 0.95;
  options.eagerness = 1e4;
  options.min_interval = Seconds(30);
  options.max_interval = std::chrono::round<Millis>(kFixed * setting.ceiling);
  options.quiet_interval = kFixed * 4;
  options.max_polls_per_item = setting.polls_per_item;
  options.unconditional_check_every = 0;
  Budget budget(options, world.sources.size(), world.begin);
  Profiles profiles;
  Queue queue;
  Reader reader(world);
  std::vector<SourceSchedule> schedules;
  Conditions conditions{options};
  for (std::size_t i = 0; i < world.sources.size(); ++i) {
    model::Source source;
    source.id = world.sources[i].id + (run > 0 ? std::to_string(run) : "");
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

Result ours(const World& world, const Setting& setting) {
  return repeated(world, [&](std::size_t run) { return ours_once(world, setting, run); });
}

void print(const std::string& name, const Result& result, const Result& reference) {
  fmt::print("{:<46} {:>9} {:>8.0f} {:>7.0f} {:>7.0f} {:>8.0f} {:>6} {:>11.3f} {:>10.3f}\n", name, result.requests / result.runs,
             result.mean, result.quantile(0.5), result.quantile(0.9), result.quantile(0.99), result.lost / result.runs,
             result.mean / reference.mean, result.quantile(0.99) / reference.quantile(0.99));
  std::fflush(stdout);
}

// The least mean that the square-root rule could come to, were each source's rate in each hour of the week known: what is
// left of the fixed interval's. Items that come in bursts leave a little more to gain.
double bound_with_known_rates(const World& world) {
  double roots = 0;
  double rates = 0;
  for (const auto& source : world.sources) {
    std::array<double, kProfileSlots> items{};
    for (const Time time : source.published) items[profile_slot(time)] += 1;
    for (std::size_t slot = 0; slot < kProfileSlots; ++slot) {
      const double share = (slot < 24 ? 5.0 : 2.0) / (7 * 24);
      roots += share * std::sqrt(items[slot] / share);
      rates += items[slot];
    }
  }
  return roots * roots / (rates * static_cast<double>(world.sources.size()));
}

// `figures`: what their names begin with.
void run(const World& world, const std::string& figures) {
  std::size_t items = 0;
  for (const auto& source : world.sources) items += source.published.size();
  fmt::print("data: {} sources, {} items, {:.1f} days of which {:.1f} count; {} run{} put together; delays in seconds\n", world.sources.size(),
             items, FloatHours(world.end - world.begin).count() / 24, FloatHours(world.end - world.counted).count() / 24, runs_for(world),
             runs_for(world) == 1 ? "" : "s");
  fmt::print("{:<46} {:>9} {:>8} {:>7} {:>7} {:>8} {:>6} {:>11} {:>10}\n", "policy", "requests", "mean", "p50", "p90", "p99", "lost",
             "mean/fixed", "p99/fixed");
  const Result reference = replay(world, fixed, 1);
  print("fixed", reference, reference);
  print("Miniflux entry_frequency", at_equal_requests(world, miniflux, reference.requests), reference);
  print("CommaFeed", at_equal_requests(world, commafeed, reference.requests), reference);
  print("news-crawl", at_equal_requests(world, news_crawl, reference.requests), reference);

  fmt::print("the square-root rule, were the rate of each hour of the week known: mean/fixed {:.3f}\n", bound_with_known_rates(world));

  double best_mean = 1e9;
  double best_with_tail = 1e9;
  double tail = 0;
  for (const double polls_per_item : {20.0, 12.0}) {
    for (const double ceiling : {0.9, 0.95, 1.0, 1.05, 1.1, 1.25, 1.5, 2.0, 3.0, 6.0, 12.0}) {
      const Result result = ours(world, {ceiling, polls_per_item});
      // A budget that is not used up or passed is not the same number of requests: the fixed interval is moved to ours.
      const Result equal = replay(world, fixed, static_cast<double>(reference.requests) / static_cast<double>(result.requests));
      print(fmt::format("tidings, ceiling {:.3g} x, {:.3g} polls an item", ceiling, polls_per_item), result, equal);
      best_mean = std::min(best_mean, result.mean / equal.mean);
      const double p99 = result.quantile(0.99) / equal.quantile(0.99);
      if (p99 <= 1 && result.mean / equal.mean < best_with_tail) {
        best_with_tail = result.mean / equal.mean;
        tail = p99;
      }
    }
  }
  fmt::print("figure {}_mean_vs_fixed {:.3f} ratio\n", figures, best_mean);
  if (best_with_tail < 1e9) {
    fmt::print("figure {}_ceiling_mean_vs_fixed {:.3f} ratio\n", figures, best_with_tail);
    fmt::print("figure {}_ceiling_p99_vs_fixed {:.3f} ratio\n", figures, tail);
  } else {
    fmt::print("no ceiling keeps p99 within that of the fixed interval\n");
  }
}

// The recordings lie beside the repository where they are at all.
int run_all() {
  namespace fs = std::filesystem;
  fmt::print("made sources\n");
  run(made_world(), "freshness");
  const fs::path archive = fs::path(TIDINGS_SOURCE_DIR) / "../shared/corpus/series.tar.xz";
  if (!fs::exists(archive)) {
    fmt::print("\nrecorded feeds: skipped, {} is not there\n", archive.lexically_normal().string());
    return 0;
  }
  fmt::print("\nrecorded feeds\n");
  const fs::path times = fs::temp_directory_path() / fmt::format("tidings_recorded_{}.tsv", ::getpid());
  const std::string command = fmt::format("/usr/bin/python3 '{}/tests/bench/recorded_feeds.py' '{}' > '{}'", TIDINGS_SOURCE_DIR,
                                          archive.string(), times.string());
  const int status = std::system(command.c_str());
  if (status == 0) run(read_world(times.string()), "freshness_recorded");
  std::error_code ignored;
  fs::remove(times, ignored);
  if (status != 0) fmt::print("recorded feeds: recorded_feeds.py failed\n");
  return status == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tidings::schedule

int main(int argc, char** argv) {
  using namespace tidings::schedule;
  if (argc < 2) return run_all();
  run(read_world(argv[1]), "freshness_recorded");
  return 0;
}
