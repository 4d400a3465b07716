#include "cli/feed_links.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "base/url.h"
#include "normalize/html_scan.h"

namespace tidings::cli {
namespace {

constexpr std::size_t kMaxLinks = 50;
constexpr std::array<std::string_view, 6> kFeedTypes = {"application/rss+xml", "application/atom+xml", "application/feed+json",
                                                        "application/rdf+xml", "application/x.atom+xml", "text/xml"};
constexpr std::array<std::string_view, 8> kUsualPaths = {"/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json", "/feed/rss"};

std::string_view value_of(const std::vector<normalize::Attribute>& attributes, std::string_view name) {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const auto& one) { return one.name == name; });
  return found != attributes.end() ? found->value : std::string_view();
}

bool has_word(std::string_view list, std::string_view word) {
  const std::string spaced = text::collapse_space(list);
  const auto words = text::split(spaced, ' ');
  return std::any_of(words.begin(), words.end(), [&](auto one) { return text::equal_ignoring_case(one, word); });
}

bool is_feed_type(std::string_view type) {
  const auto bare = text::trim(type.substr(0, type.find(';')));
  return std::any_of(kFeedTypes.begin(), kFeedTypes.end(), [&](auto one) { return text::equal_ignoring_case(bare, one); });
}

bool looks_like_feed(std::string_view href) {
  const std::string lower = text::ascii_lower(href.substr(0, href.find_first_of("?#")));
  for (const std::string_view end : {".rss", ".atom", ".rdf", "/rss", "/feed", "/feed/", "/atom", "rss.xml", "atom.xml", "feed.xml", "feed.json"}) {
    if (lower.ends_with(end)) return true;
  }
  return false;
}

// Of the tags of a page, in their order; how they nest does not matter.
class Finder : public normalize::HtmlSink {
 public:
  explicit Finder(std::string_view page_url) : base_(page_url) {}

  void open(const normalize::Element&, std::string_view name, const std::vector<normalize::Attribute>& attributes) override {
    const auto href = value_of(attributes, "href");
    if (text::trim(href).empty()) return;
    if (name == "base" && !has_base_) {
      base_ = resolve_url(base_, href);
      has_base_ = true;
    } else if (name == "link" && has_word(value_of(attributes, "rel"), "alternate") && is_feed_type(value_of(attributes, "type"))) {
      add(stated_, {resolve_url(base_, href), text::collapse_space(value_of(attributes, "title"))});
    } else if (name == "a" && looks_like_feed(href)) {
      add(guessed_, {resolve_url(base_, href), {}});
    }
  }
  void close(const normalize::Element&, std::string_view) override {}
  void text(std::string_view) override {}

  std::vector<FeedLink> take() {
    std::vector<FeedLink> out = std::move(stated_);
    for (auto& guess : guessed_) add(out, std::move(guess));
    return out;
  }

 private:
  static void add(std::vector<FeedLink>& links, FeedLink link) {
    const std::string scheme = url_scheme(link.url);
    if (links.size() == kMaxLinks || (scheme != "http" && scheme != "https")) return;
    const bool is_known = std::any_of(links.begin(), links.end(), [&](const auto& one) { return one.url == link.url; });
    if (!is_known) links.push_back(std::move(link));
  }

  std::string base_;
  bool has_base_ = false;
  std::vector<FeedLink> stated_;
  std::vector<FeedLink> guessed_;
};

}  // namespace

std::vector<FeedLink> feed_links(std::string_view html, std::string_view page_url) {
  Finder finder(page_url);
  normalize::scan_html(html, normalize::ScanMode::recover, finder);
  return finder.take();
}

std::vector<std::string> usual_feed_urls(std::string_view page_url) {
  std::vector<std::string> out;
  for (const auto path : kUsualPaths) out.push_back(resolve_url(page_url, path));
  return out;
}

}  // namespace tidings::cli
