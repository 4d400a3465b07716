// The workload `scheduler [SOURCES]`: what deciding when to poll costs by itself, with a million sources on a hundred thousand
// hosts at 1,111 polls a second. Time is simulated; each poll is answered 304, or now and then with something new. Figures:
// scheduler_core_share (of one core), and what the schedule and the queue take of memory.

#include <malloc.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "articles.h"
#include "schedule/dispatcher.h"

namespace {

using namespace tidings;

constexpr double kPollsPerSecond = 1111;
constexpr std::size_t kSourcesOfHost = 10;
constexpr std::size_t kPolls = 400'000;
constexpr auto kStep = std::chrono::milliseconds(50);

double in_use() {
  const auto heap = mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

}  // namespace

int main(int argc, char** argv) {
  bench::announce("scheduler");
  const std::size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
  schedule::Options options;
  options.max_requests_per_second = kPollsPerSecond;

  const double before = in_use();
  std::vector<schedule::SourceSchedule> schedules;
  schedules.reserve(count);
  std::vector<std::string> hosts;
  for (std::size_t i = 0; i < count; ++i) {
    model::Source source;
    source.id = "s" + std::to_string(i);
    schedules.emplace_back(source);
    if (i % kSourcesOfHost == 0) hosts.push_back("h" + std::to_string(i / kSourcesOfHost) + ".example");
  }
  const auto address = [&](schedule::Queue::Id id) {
    return schedule::Address{hosts[id / kSourcesOfHost], {}, "en", &schedules[id], 0};
  };
  schedule::Dispatcher dispatcher(options);
  Time now = from_micros(1'700'000'000'000'000);
  double start = bench::thread_seconds();
  dispatcher.begin(count, now);
  for (std::size_t i = 0; i < count; ++i) {
    const auto id = static_cast<schedule::Queue::Id>(i);
    dispatcher.add(id, schedules[i], address(id), now);
  }
  std::printf("%zu sources on %zu hosts; added in %.2f s\n", count, hosts.size(), bench::thread_seconds() - start);
  bench::figure("scheduler_source_bytes", (in_use() - before) / static_cast<double>(count), "bytes");

  std::mt19937 random(1);
  std::size_t polls = 0;
  const Time began = now;
  start = bench::thread_seconds();
  while (polls < kPolls) {
    now += kStep;
    while (const auto id = dispatcher.next(now, address)) {
      schedule::Poll poll;
      poll.status = random() % 4 == 0 ? 200 : 304;
      poll.window_entries = 25;
      poll.new_items = poll.status == 200 ? 1 : 0;
      const auto decision = dispatcher.answered(*id, schedules[*id], address(*id), poll, now);
      dispatcher.release(*id, decision.at);
      ++polls;
    }
  }
  const double seconds = bench::thread_seconds() - start;
  const double simulated = std::chrono::duration<double>(now - began).count();
  std::printf("%zu polls in %.0f simulated seconds, %.0f a second; %.2f us each\n", polls, simulated,
              static_cast<double>(polls) / simulated, seconds / static_cast<double>(polls) * 1e6);
  bench::figure("scheduler_core_share", seconds / static_cast<double>(polls) * kPollsPerSecond, "of a core");
  return 0;
}
