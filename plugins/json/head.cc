#include "json/head.h"

#include "base/text.h"
#include "sdk/values.h"

namespace tidings::json_feed {
namespace {

namespace dom = simdjson::dom;
using sdk::str;

// "1.1" of "https://jsonfeed.org/version/1.1".
std::string_view version_of(std::string_view url) {
  constexpr std::string_view kMark = "jsonfeed.org/version/";
  const auto at = url.find(kMark);
  return at == std::string_view::npos ? std::string_view() : url.substr(at + kMark.size());
}

void read_hubs(dom::element root, const Place& place, Head& to) {
  dom::array hubs;
  if (root.at_key("hubs").get(hubs) != simdjson::SUCCESS) return;
  for (const dom::element hub : hubs) {
    const std::string_view type = member_text(hub, {"type"}, place.made);
    const std::string_view url = place.url(member_text(hub, {"url"}, place.made));
    if (url.empty()) continue;
    if (text::equal_ignoring_case(type, "rssCloud")) to.feed.cloud = str(url);
    if (to.hubs.size() < 16 && (type.empty() || text::equal_ignoring_case(type, "WebSub"))) to.hubs.push_back(str(url));
  }
}

}  // namespace

void read_head(dom::element root, const Place& place, Head& to) {
  static constexpr std::string_view kFormat = "json";
  const auto text = [&](std::string_view name) { return member_text(root, {name}, place.made); };
  const auto url = [&](std::string_view name) { return place.url(text(name)); };
  tidings_feed& feed = to.feed;
  feed = sdk::made<tidings_feed>();
  feed.format = str(kFormat);
  const std::string_view version = version_of(text("version"));
  to.has_version = !version.empty();
  feed.version = str(version);
  feed.title.value = str(text("title"));
  feed.title.type = str("text");
  feed.subtitle.value = str(text("description"));
  feed.subtitle.type = str("text");
  feed.language = feed.title.language = feed.subtitle.language = str(text("language"));
  feed.link = str(url("home_page_url"));
  feed.self = feed.id = str(url("feed_url"));
  feed.next_archive = str(url("next_url"));
  feed.icon = str(url("favicon"));
  feed.logo = feed.image.url = str(url("icon"));
  add_persons(to.authors, Field("authors", "/authors | /author"), root, place);
  sdk::list(feed.authors, feed.author_count, to.authors);
  read_hubs(root, place, to);
  sdk::list(feed.hubs, feed.hub_count, to.hubs);
  to.is_expired = text("expired") == "true";
  if (to.is_expired) feed.extra = str(R"({"expired":true})");
}

}  // namespace tidings::json_feed
