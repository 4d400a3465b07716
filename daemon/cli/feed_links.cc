#include "cli/feed_links.h"

#include <gumbo.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/text.h"
#include "base/url.h"

namespace tidings::cli {
namespace {

constexpr std::size_t kMaxLinks = 50;
constexpr std::array<std::string_view, 6> kFeedTypes = {"application/rss+xml", "application/atom+xml", "application/feed+json",
                                                        "application/rdf+xml", "application/x.atom+xml", "text/xml"};
constexpr std::array<std::string_view, 8> kUsualPaths = {"/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feed.json", "/feed/rss"};

std::string_view attribute(const GumboNode& node, const char* name) {
  const GumboAttribute* found = gumbo_get_attribute(&node.v.element.attributes, name);
  return found != nullptr ? std::string_view(found->value) : std::string_view();
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

class Finder {
 public:
  explicit Finder(std::string_view page_url) : base_(page_url) {}

  // Depth is gumbo's, which grows with the document: walked without recursion.
  void walk(const GumboNode& root) {
    std::vector<const GumboNode*> open = {&root};
    while (!open.empty()) {
      const GumboNode& node = *open.back();
      open.pop_back();
      if (node.type != GUMBO_NODE_ELEMENT) continue;
      element(node);
      const GumboVector& children = node.v.element.children;
      for (unsigned i = children.length; i-- > 0;) open.push_back(static_cast<const GumboNode*>(children.data[i]));
    }
  }

  std::vector<FeedLink> take() {
    std::vector<FeedLink> out = std::move(stated_);
    for (auto& guess : guessed_) add(out, std::move(guess));
    return out;
  }

 private:
  void element(const GumboNode& node) {
    const GumboTag tag = node.v.element.tag;
    const auto href = attribute(node, "href");
    if (text::trim(href).empty()) return;
    if (tag == GUMBO_TAG_BASE && !has_base_) {
      base_ = resolve_url(base_, href);
      has_base_ = true;
    } else if (tag == GUMBO_TAG_LINK && has_word(attribute(node, "rel"), "alternate") && is_feed_type(attribute(node, "type"))) {
      add(stated_, {resolve_url(base_, href), text::collapse_space(attribute(node, "title"))});
    } else if (tag == GUMBO_TAG_A && looks_like_feed(href)) {
      add(guessed_, {resolve_url(base_, href), {}});
    }
  }

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
  GumboOptions options = kGumboDefaultOptions;
  const auto destroy = [&options](GumboOutput* output) { gumbo_destroy_output(&options, output); };
  const std::unique_ptr<GumboOutput, decltype(destroy)> parsed(gumbo_parse_with_options(&options, html.data(), html.size()), destroy);
  if (!parsed) return {};
  Finder finder(page_url);
  finder.walk(*parsed->root);
  return finder.take();
}

std::vector<std::string> usual_feed_urls(std::string_view page_url) {
  std::vector<std::string> out;
  for (const auto path : kUsualPaths) out.push_back(resolve_url(page_url, path));
  return out;
}

}  // namespace tidings::cli
