// The workload `parse [FOLDER]`: the whole feed plugin, bytes to entries as it hands them to the host, against bare pugixml
// (a DOM and nothing else), sfeed and Python's feedparser, on the same documents in one run, in CPU time. The figures that
// end in _copied count the host's own copy of the entries too, one after another as the daemon takes them, as do allocations
// and peak memory.

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <new>
#include <pugixml.hpp>
#include <random>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/padded.h"
#include "base/text.h"
#include "feed/feed.h"
#include "plugin/document.h"

namespace {

std::size_t allocations = 0;
std::size_t allocated = 0;
std::size_t peak = 0;

void* counted(std::size_t n) {
  void* p = std::malloc(n);
  if (p == nullptr) throw std::bad_alloc();
  ++allocations;
  allocated += malloc_usable_size(p);
  if (allocated > peak) peak = allocated;
  return p;
}
void released(void* p) {
  if (p != nullptr) allocated -= malloc_usable_size(p);
  std::free(p);
}

}  // namespace

void* operator new(std::size_t n) { return counted(n); }
void* operator new[](std::size_t n) { return counted(n); }
void operator delete(void* p) noexcept { released(p); }
void operator delete[](void* p) noexcept { released(p); }
void operator delete(void* p, std::size_t) noexcept { released(p); }
void operator delete[](void* p, std::size_t) noexcept { released(p); }

namespace {

namespace fs = std::filesystem;

struct Text {
  fs::path path;
  tidings::PaddedBytes bytes;
};

// CPU time: the machine may have other work.
double cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

double child_seconds() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  const auto seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string made_feed(int items, unsigned seed) {
  std::mt19937 random(seed);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel><title>Made</title><link>http://made.test/</link>\n";
  for (int i = 0; i < items; ++i) {
    const std::string n = std::to_string(i);
    out += "<item><title>Story number " + n + " of the day</title><link>http://made.test/" + n + ".html</link><guid>made-" + n +
           "</guid><pubDate>Mon, 02 Mar 2026 10:" + std::to_string(10 + i % 50) + ":00 +0000</pubDate><description>&lt;p&gt;";
    for (int w = 0; w < 180; ++w) {
      for (unsigned c = 0, length = 2 + random() % 8; c < length; ++c) out += static_cast<char>('a' + random() % 26);
      out += ' ';
    }
    out += "&lt;/p&gt;</description></item>\n";
  }
  return out + "</channel></rss>\n";
}

// The recordings in `shared` where they are, else made feeds.
std::vector<Text> corpus(const fs::path& shared, const fs::path& folder) {
  fs::create_directories(folder);
  for (const char* archive : {"single.tar.xz", "series.tar.xz"}) {
    if (!fs::exists(shared / archive)) continue;
    const std::string command = "tar -xf '" + (shared / archive).string() + "' -C '" + folder.string() + "'";
    if (std::system(command.c_str()) != 0) std::fprintf(stderr, "cannot unpack %s\n", archive);
  }
  if (fs::is_empty(folder)) {
    std::puts("the shared recordings are absent: made feeds are read instead");
    for (unsigned i = 0; i < 200; ++i) std::ofstream(folder / ("made-" + std::to_string(i) + ".xml")) << made_feed(i % 10 == 0 ? 200 : 60, i);
  }
  std::vector<Text> texts;
  std::size_t snapshots = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    // Every eighth snapshot of the series: they differ little from one to the next.
    if (entry.path().string().find("/series/") != std::string::npos && snapshots++ % 8 != 0) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::string_view start = std::string_view(bytes).substr(0, 2048);
    if (start.find("<rss") == start.npos && start.find("<feed") == start.npos && start.find("<rdf:RDF") == start.npos) continue;
    texts.push_back({entry.path(), tidings::PaddedBytes(bytes)});
  }
  return texts;
}

void parse(const tidings_plugin& plugin, void* instance, const tidings::PaddedBytes& bytes, const tidings_sink* sink) {
  tidings_response response{};
  response.struct_size = sizeof response;
  response.status = 200;
  response.url = tidings::sdk::str("http://bench.test/feed");
  response.body = tidings::sdk::str(bytes.view());
  plugin.parse(instance, &response, sink);
}

std::size_t read_and_copy(const tidings_plugin& plugin, void* instance, const tidings::PaddedBytes& bytes,
                          const tidings::plugin::DocumentLimits& limits = {}) {
  std::size_t title_bytes = 0;
  tidings::plugin::DocumentSink sink(limits, [&](const tidings::model::Entry& entry) { title_bytes += entry.title.value.size(); });
  parse(plugin, instance, bytes, sink.sink());
  return sink.take().partial || title_bytes == 0 ? 0 : sink.entries();
}

struct Emitted {
  std::size_t entries = 0;
  std::size_t title_bytes = 0;
};

Emitted read(const tidings_plugin& plugin, void* instance, const tidings::PaddedBytes& bytes) {
  Emitted emitted;
  tidings_sink sink{};
  sink.struct_size = sizeof sink;
  sink.context = &emitted;
  sink.entry = [](void* context, const tidings_entry* entry) {
    auto& to = *static_cast<Emitted*>(context);
    ++to.entries;
    to.title_bytes += entry->title.value.size;
    return 0;
  };
  parse(plugin, instance, bytes, &sink);
  return emitted;
}

// The best of some runs: the machine is shared.
double best_seconds(const std::function<void()>& run) {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const double start = cpu_seconds();
    run();
    best = std::min(best, cpu_seconds() - start);
  }
  return best;
}

void figure(const char* name, double value, const char* unit) { std::printf("figure %s %.4g %s\n", name, value, unit); }

// One feed of the items of all RSS documents, so that starting a process weighs nothing.
tidings::PaddedBytes batch(const std::vector<Text>& texts) {
  tidings::PaddedBytes all(std::string_view("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                           "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" xmlns:media=\"http://search.yahoo.com/mrss/\"><channel>\n"));
  for (const Text& text : texts) {
    const std::string_view s = text.bytes.view();
    const std::size_t end = s.rfind("</item>");
    const std::size_t begin = s.find("<item>");
    if (begin == s.npos || end == s.npos || end < begin || tidings::text::ascii_lower(s.substr(0, 100)).find("utf-8") == s.npos) continue;
    all.append(s.substr(begin, end + 7 - begin));
  }
  all.append("</channel></rss>\n");
  return all;
}

void against_sfeed(const tidings_plugin& plugin, void* instance, const std::vector<Text>& texts, const fs::path& folder) {
  const tidings::PaddedBytes all = batch(texts);
  const fs::path file = folder / "batch.xml";
  std::ofstream(file, std::ios::binary) << all.view();
  tidings::plugin::DocumentLimits limits;
  limits.max_entries = 10'000'000;
  limits.max_text_bytes = ~std::size_t{0} / 2;
  std::size_t entries = 0;
  const double ours = best_seconds([&] { entries = read(plugin, instance, all).entries; });
  const double copied = best_seconds([&] { read_and_copy(plugin, instance, all, limits); });
  double theirs = 1e9;
  for (int i = 0; i < 3; ++i) {
    const double before = child_seconds();
    if (std::system(("sfeed < '" + file.string() + "' > /dev/null").c_str()) != 0) {
      std::puts("sfeed is not installed: no comparison");
      return;
    }
    theirs = std::min(theirs, child_seconds() - before);
  }
  std::printf("batch of %zu entries, %.1f MB: tidings %.3f s, with the copy %.3f s, sfeed %.3f s\n", entries,
              static_cast<double>(all.size()) / 1e6, ours, copied, theirs);
  figure("parse_vs_sfeed", theirs / ours, "times");
  figure("parse_vs_sfeed_copied", theirs / copied, "times");
}

void against_feedparser(const std::vector<Text>& texts, double our_items_per_second, const fs::path& folder) {
  std::ofstream list(folder / "files.txt");
  std::size_t count = 0;
  for (const Text& text : texts) {
    if (count++ % 4 == 0) list << text.path.string() << '\n';
  }
  list.close();
  const std::string script =
      "import feedparser, sys, time\n"
      "data = [open(f.strip(), 'rb').read() for f in open(sys.argv[1])]\n"
      "t = time.process_time(); n = 0\n"
      "for d in data: n += len(feedparser.parse(d).entries)\n"
      "print(n / (time.process_time() - t))\n";
  std::ofstream(folder / "peer.py") << script;
  const std::string command = "/usr/bin/python3 '" + (folder / "peer.py").string() + "' '" + (folder / "files.txt").string() + "' 2>/dev/null";
  std::FILE* pipe = popen(command.c_str(), "r");
  double theirs = 0;
  const bool read = pipe != nullptr && std::fscanf(pipe, "%lf", &theirs) == 1;
  if (pipe != nullptr) pclose(pipe);
  if (!read || theirs <= 0) {
    std::puts("python3-feedparser is not installed: no comparison");
    return;
  }
  std::printf("feedparser: %.0f items/s\n", theirs);
  figure("parse_vs_feedparser", our_items_per_second / theirs, "times");
}

void dates() {
  const char* const samples[] = {"Thu, 01 Jan 2004 19:48:21 GMT", "2003-12-31T10:14:55-08:00", "Tue, 24 Nov 2026 13:30:00 +0100",
                                 "2026-11-24T13:30:00.123Z", "Sun Jan  4 16:29:06 PST 2004", "24 Nov 2026 13:30 EST"};
  std::int64_t sum = 0;
  constexpr int kRounds = 300'000;
  const double seconds = best_seconds([&] {
    for (int i = 0; i < kRounds; ++i) {
      for (const char* sample : samples) {
        const auto time = tidings::parse_date(sample);
        sum += time ? tidings::to_micros(*time) : 0;
      }
    }
  });
  std::printf("dates: checksum %lld\n", static_cast<long long>(sum));
  figure("dates_per_second", kRounds * static_cast<double>(std::size(samples)) / seconds, "1/s");
}

}  // namespace

int main(int argc, char** argv) {
  if (std::string_view(TIDINGS_BUILD_TYPE) == "Debug") {
    std::fputs("a Debug build measures nothing: use tests/bench/run parse\n", stderr);
    return 2;
  }
  std::string folder_name = (fs::temp_directory_path() / "tidings-parse-XXXXXX").string();
  if (mkdtemp(folder_name.data()) == nullptr) return 1;
  const fs::path folder = folder_name;
  {
    const std::vector<Text> texts = corpus(argc > 1 ? fs::path(argv[1]) : fs::path(TIDINGS_SOURCE_DIR) / "../shared/corpus", folder / "corpus");
    std::size_t bytes = 0;
    for (const Text& text : texts) bytes += text.bytes.size();
    const double megabytes = static_cast<double>(bytes) / 1e6;

    const tidings_plugin& plugin = *tidings::sdk::describe<tidings::feed::Feed>();
    tidings::plugin::DocumentSink no_sink;
    tidings_source source{};
    source.struct_size = sizeof source;
    void* instance = nullptr;
    plugin.create(&source, no_sink.sink(), &instance);

    std::size_t entries = 0;
    const auto read_all = [&] {
      entries = 0;
      for (const Text& text : texts) entries += read(plugin, instance, text.bytes).entries;
    };
    const auto read_and_copy_all = [&] {
      for (const Text& text : texts) read_and_copy(plugin, instance, text.bytes);
    };
    const double ours = best_seconds(read_all);
    const double copied = best_seconds(read_and_copy_all);
    const std::size_t before = allocations;
    read_and_copy_all();
    const double per_item = static_cast<double>(allocations - before) / static_cast<double>(entries);
    std::vector<double> peaks;
    for (const Text& text : texts) {
      const std::size_t held = allocated;
      peak = allocated;
      read_and_copy(plugin, instance, text.bytes);
      if (text.bytes.size() > 100'000) {
        peaks.push_back(static_cast<double>(peak - held + text.bytes.size()) / static_cast<double>(text.bytes.size()));
      }
    }
    std::size_t nodes = 0;
    const double bare = best_seconds([&] {
      for (const Text& text : texts) {
        pugi::xml_document document;
        document.load_buffer(text.bytes.data(), text.bytes.size());
        nodes += static_cast<std::size_t>(!document.first_child().empty());
      }
    });
    std::printf("build: %s; %zu documents, %.1f MB, %zu entries\n", TIDINGS_BUILD_TYPE, texts.size(), megabytes, entries);
    std::printf("tidings %.1f MB/s, %.0f items/s, with the copy %.1f MB/s; pugixml DOM alone %.1f MB/s\n", megabytes / ours,
                static_cast<double>(entries) / ours, megabytes / copied, megabytes / bare);
    figure("parse_vs_pugixml", bare / ours, "times");
    figure("parse_vs_pugixml_copied", bare / copied, "times");
    figure("parse_allocations_per_item", per_item, "1");
    std::sort(peaks.begin(), peaks.end());
    if (!peaks.empty()) {
      std::printf("peak memory of bodies over 100 kB: %.1f x the body in the median, %.1f at worst\n", peaks[peaks.size() / 2], peaks.back());
      figure("parse_peak_memory_ratio", peaks.back(), "times");
    }
    against_sfeed(plugin, instance, texts, folder);
    against_feedparser(texts, static_cast<double>(entries) / ours, folder);
    plugin.destroy(instance);
    dates();
  }
  fs::remove_all(folder);
  return 0;
}
