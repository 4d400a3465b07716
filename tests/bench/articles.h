#pragma once
// Articles for the benchmarks of dedup: the labelled stream where the shared sets are, else made ones of the same sizes.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/hash.h"
#include "base/json.h"
#include "dedup/item_id.h"
#include "model/item.h"

namespace tidings::bench {

// Of this thread's own processor time: all is computed on one thread, and on a shared machine the clock on the wall
// measures the neighbours as well.
inline double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

inline double wall_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// The best of some runs, in processor time.
inline double best_seconds(const std::function<void()>& run, int runs = 5) {
  double best = 1e9;
  for (int i = 0; i < runs; ++i) {
    const double start = thread_seconds();
    run();
    best = std::min(best, thread_seconds() - start);
  }
  return best;
}

inline double percentile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

inline void figure(const char* name, double value, const char* unit) { std::printf("figure %s %.4g %s\n", name, value, unit); }

// Prints what measures; ends the program where that is a Debug build.
inline void announce(const char* workload) {
  if (std::string_view(TIDINGS_BUILD_TYPE) == "Debug") {
    std::fprintf(stderr, "a Debug build measures nothing: use tests/bench/run %s\n", workload);
    std::exit(2);
  }
  std::ifstream cpu("/proc/cpuinfo");
  std::string name = "unknown";
  for (std::string line; std::getline(cpu, line);) {
    if (line.starts_with("model name")) {
      name = line.substr(line.find(':') + 2);
      break;
    }
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::printf("%s: cpu %s, one core, processor time; build: %s\n", workload, name.c_str(), TIDINGS_BUILD_TYPE);
}

// Lengths are log-normal about 220 words, as in the news; a fifth of the articles are copies with another head.
inline std::vector<model::Item> made_articles(std::size_t count) {
  std::mt19937 random(20260301);
  std::lognormal_distribution<double> length(std::log(220.0), 0.7);
  std::vector<std::string> words;
  for (int i = 0; i < 40'000; ++i) {
    std::string word;
    for (unsigned c = 0, n = 2 + static_cast<unsigned>(random() % 9); c < n; ++c) word += static_cast<char>('a' + random() % 26);
    words.push_back(word);
  }
  const auto text = [&](std::size_t n) {
    std::string out;
    for (std::size_t i = 0; i < n; ++i) {
      // Common words come often: the square of a uniform number.
      const double u = static_cast<double>(random() % 1'000'000) / 1e6;
      std::string word = random() % 40 == 0 ? std::to_string(random() % 1000) : words[static_cast<std::size_t>(u * u * 39'999)];
      if (i % 14 == 0 || random() % 12 == 0) word[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(word[0])));
      out += word + (i % 14 == 13 ? ". " : " ");
    }
    return out;
  };
  std::vector<model::Item> out;
  for (std::size_t i = 0; i < count; ++i) {
    model::Item item;
    item.title = text(9);
    item.body_text = !out.empty() && random() % 5 == 0 ? text(12) + out[random() % out.size()].body_text : text(static_cast<std::size_t>(length(random)) + 20);
    item.language = "en";
    item.source_id = "source-" + std::to_string(random() % 300);
    item.published = from_micros(1'700'000'000'000'000 + static_cast<std::int64_t>(i) * 50'000'000);
    out.push_back(std::move(item));
  }
  return out;
}

// In the order of their dates.
inline std::vector<model::Item> articles() {
  const std::filesystem::path set = "shared/dedup/stream_mixed/docs.jsonl";
  std::vector<model::Item> out;
  std::ifstream in(std::filesystem::path(TIDINGS_SOURCE_DIR) / ".." / set);
  if (!in) in.open(std::filesystem::path(TIDINGS_SOURCE_DIR) / "../.." / set);
  for (std::string line; std::getline(in, line);) {
    const auto parsed = json::parse(line);
    if (!parsed || !parsed->is_object()) continue;
    const auto field = [&](const char* name) { return std::string(json::string_at(parsed->as_object(), name)); };
    model::Item item;
    item.title = field("title");
    item.body_text = field("text");
    item.language = field("lang");
    item.source_id = field("source");
    item.published = parse_date(field("published"));
    out.push_back(std::move(item));
  }
  if (out.empty()) {
    std::puts("the shared sets are absent: made articles are read instead");
    out = made_articles(5000);
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.published.value_or(Time{}) < b.published.value_or(Time{}); });
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].id = dedup::item_id(hash128(std::to_string(i)));
    bytes += out[i].title.size() + out[i].body_text.size();
  }
  std::printf("%zu articles, %.1f MB of text\n", out.size(), static_cast<double>(bytes) / 1e6);
  return out;
}

}  // namespace tidings::bench
