// What the least program would need, for benchmarks to measure against. One thread, no store, no verdicts, no politeness.
//
//   naive_client cold BASE FEEDS REDIS_PORT  fetches BASE/0.xml ... with curl multi, parses them with pugixml, takes a SimHash
//                                            of each item's words and XADDs the item
//   naive_client 304 BASE FEEDS SECONDS DATE asks again and again for feeds that have not changed since; prints answers a second

#include <curl/curl.h>
#include <hiredis/hiredis.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kConnections = 64;
constexpr int kPipeline = 256;

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "naive_client: %s\n", what);
  std::exit(1);
}

std::size_t append(char* bytes, std::size_t, std::size_t count, void* body) {
  static_cast<std::string*>(body)->append(bytes, count);
  return count;
}

struct Transfer {
  CURL* easy = curl_easy_init();
  std::string body;
  long status = 0;
};

// Runs transfers over kConnections connections: `next` sets the URL of the next one, false where there is none, and `done`
// takes what came.
void run(const std::function<bool(Transfer&)>& next, const std::function<void(Transfer&)>& done) {
  CURLM* multi = curl_multi_init();
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(kConnections));
  std::vector<std::unique_ptr<Transfer>> transfers;
  std::size_t running = 0;
  const auto start = [&](Transfer& transfer) {
    transfer.body.clear();
    if (!next(transfer)) return;
    curl_multi_add_handle(multi, transfer.easy);
    ++running;
  };
  for (std::size_t i = 0; i < kConnections; ++i) {
    auto& transfer = *transfers.emplace_back(std::make_unique<Transfer>());
    curl_easy_setopt(transfer.easy, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(transfer.easy, CURLOPT_WRITEDATA, &transfer.body);
    curl_easy_setopt(transfer.easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(transfer.easy, CURLOPT_NOSIGNAL, 1L);
    start(transfer);
  }
  while (running > 0) {
    int left = 0;
    curl_multi_perform(multi, &left);
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      if (message->data.result != CURLE_OK) fail(curl_easy_strerror(message->data.result));
      Transfer* transfer = nullptr;
      CURL* easy = message->easy_handle;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &transfer->status);
      curl_multi_remove_handle(multi, easy);
      --running;
      done(*transfer);
      start(*transfer);
    }
    if (running > 0) curl_multi_poll(multi, nullptr, 0, 100, nullptr);
  }
  for (const auto& transfer : transfers) curl_easy_cleanup(transfer->easy);
  curl_multi_cleanup(multi);
}

std::uint64_t hash_of(std::string_view word) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash ^ hash >> 29;
}

std::uint64_t simhash_of(std::string_view text) {
  std::array<int, 64> counters{};
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(' ', at), text.size());
    const auto hash = hash_of(text.substr(at, end - at));
    for (unsigned bit = 0; bit < 64; ++bit) counters[bit] += (hash >> bit & 1) != 0 ? 1 : -1;
    at = end + 1;
  }
  std::uint64_t out = 0;
  for (unsigned bit = 0; bit < 64; ++bit) out |= std::uint64_t{counters[bit] > 0} << bit;
  return out;
}

class Stream {
 public:
  explicit Stream(int port) : redis_(redisConnect("127.0.0.1", port)) {
    if (redis_ == nullptr || redis_->err != 0) fail("redis is not there");
  }
  ~Stream() {
    settle();
    redisFree(redis_);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void add(const pugi::xml_node& item) {
    const std::string_view title = item.child_value("title");
    const std::string_view url = item.child_value("link");
    const std::string_view id = item.child_value("guid");
    const std::string_view published = item.child_value("pubDate");
    const std::string_view text = item.child_value("description");
    std::array<char, 17> hash{};
    std::snprintf(hash.data(), hash.size(), "%016llx", static_cast<unsigned long long>(simhash_of(text)));
    const std::array<std::string_view, 15> words = {"XADD", "{tidings}:items", "*", "id", id, "title", title, "url", url, "published",
                                                    published, "text", text, "simhash", hash.data()};
    std::array<const char*, words.size()> begins{};
    std::array<std::size_t, words.size()> sizes{};
    for (std::size_t i = 0; i < words.size(); ++i) begins[i] = words[i].data(), sizes[i] = words[i].size();
    redisAppendCommandArgv(redis_, static_cast<int>(words.size()), begins.data(), sizes.data());
    if (++waiting_ == kPipeline) settle();
  }

 private:
  void settle() {
    for (; waiting_ > 0; --waiting_) {
      void* reply = nullptr;
      if (redisGetReply(redis_, &reply) != REDIS_OK) fail("redis went away");
      freeReplyObject(reply);
    }
  }

  redisContext* redis_;
  int waiting_ = 0;
};

void cold(const std::string& base, int feeds, int port) {
  Stream stream(port);
  int number = 0;
  const auto next = [&](Transfer& transfer) {
    if (number == feeds) return false;
    curl_easy_setopt(transfer.easy, CURLOPT_URL, (base + "/" + std::to_string(number++) + ".xml").c_str());
    return true;
  };
  const auto done = [&](Transfer& transfer) {
    pugi::xml_document document;
    if (!document.load_buffer_inplace(transfer.body.data(), transfer.body.size())) fail("a feed is no XML");
    for (const auto& item : document.child("rss").child("channel").children("item")) stream.add(item);
  };
  run(next, done);
}

void not_modified(const std::string& base, int feeds, double seconds, const std::string& date) {
  curl_slist* headers = curl_slist_append(nullptr, ("If-Modified-Since: " + date).c_str());
  const auto begin = Clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  std::uint64_t answers = 0;
  int number = 0;
  const auto next = [&](Transfer& transfer) {
    if (passed() >= seconds) return false;
    curl_easy_setopt(transfer.easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(transfer.easy, CURLOPT_URL, (base + "/" + std::to_string(number++ % feeds) + ".xml").c_str());
    return true;
  };
  const auto done = [&](Transfer& transfer) {
    if (transfer.status != 304) fail("an answer is not 304");
    ++answers;
  };
  run(next, done);
  std::printf("%.1f\n", static_cast<double>(answers) / passed());
  curl_slist_free_all(headers);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  curl_global_init(CURL_GLOBAL_DEFAULT);
  if (what == "cold" && argc == 5) {
    cold(argv[2], std::atoi(argv[3]), std::atoi(argv[4]));
  } else if (what == "304" && argc == 6) {
    not_modified(argv[2], std::atoi(argv[3]), std::atof(argv[4]), argv[5]);
  } else {
    fail("usage: naive_client cold BASE FEEDS REDIS_PORT | 304 BASE FEEDS SECONDS DATE");
  }
  return 0;
}
