#include "cli/feed_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/feed_links.h"
#include "cli/terminal.h"
#include "config/source_id.h"

namespace tidings::cli {
namespace {

// A page can name a feed for each of its articles' comments.
constexpr std::size_t kMaxTried = 12;

std::optional<FoundFeed> feed_of(const ParseInput& input) {
  const Parsed parsed = parse_document(input);
  if (parsed.plugin.empty()) return std::nullopt;
  const model::Feed& feed = parsed.document.feed;
  FoundFeed found{input.url, printable(feed.title.value), parsed.plugin, {}, parsed.document.entries.size()};
  if (config::is_language_tag(feed.language)) found.language = feed.language;
  return found;
}

// The document at the URL; where it has no scheme, by https or else by http.
Result<ParseInput> fetch_page(const std::string& url, const Fetch& fetch) {
  if (url.find("://") != std::string::npos) return fetch(url);
  auto secure = fetch("https://" + url);
  if (secure || secure.error().code() == Errc::refused) return secure;
  auto plain = fetch("http://" + url);
  return plain ? std::move(plain) : std::move(secure);
}

}  // namespace

Result<std::vector<FoundFeed>> find_feeds(const std::string& url, const Fetch& fetch) {
  const auto page = fetch_page(url, fetch);
  if (!page) return page.error();
  if (auto feed = feed_of(*page)) return std::vector{std::move(*feed)};
  std::vector<FoundFeed> found;
  const auto try_url = [&](const std::string& candidate, const std::string& title) {
    const auto answer = fetch(candidate);
    auto feed = answer ? feed_of(*answer) : std::nullopt;
    if (!feed) return;
    if (std::any_of(found.begin(), found.end(), [&](const FoundFeed& one) { return one.url == feed->url; })) return;
    if (feed->title.empty()) feed->title = printable(title);
    found.push_back(std::move(*feed));
  };
  auto links = feed_links(page->body.view(), page->url);
  if (links.size() > kMaxTried) links.resize(kMaxTried);
  for (const auto& link : links) try_url(link.url, link.title);
  for (const auto& usual : usual_feed_urls(page->url)) {
    if (!found.empty()) break;
    try_url(usual, {});
  }
  if (!found.empty()) return found;
  return Error(Errc::not_found, fmt::format("{} is no feed, names none, and none is where feeds usually are", page->url));
}

}  // namespace tidings::cli
