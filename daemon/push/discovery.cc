#include "push/discovery.h"

#include <algorithm>

#include "base/text.h"
#include "base/url.h"

namespace tidings::push {
namespace {

constexpr std::size_t kMaxLinks = 64;

bool is_web(std::string_view url) {
  const std::string scheme = url_scheme(url);
  return scheme == "http" || scheme == "https";
}

// Takes a token or a quoted string off the front.
std::string take_value(std::string_view& text) {
  std::string value;
  if (!text.starts_with('"')) {
    const auto end = std::min(text.find_first_of(";, \t"), text.size());
    value = text.substr(0, end);
    text.remove_prefix(end);
    return value;
  }
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
    value += text.front();
    text.remove_prefix(1);
  }
  if (!text.empty()) text.remove_prefix(1);
  return value;
}

void skip(std::string_view& text, std::string_view what) { text.remove_prefix(std::min(text.find_first_not_of(what), text.size())); }

void add_hub(std::vector<std::string>& hubs, const std::string& url) {
  if (is_web(url) && std::find(hubs.begin(), hubs.end(), url) == hubs.end()) hubs.push_back(url);
}

}  // namespace

std::vector<WebLink> read_links(std::string_view field, std::string_view base) {
  std::vector<WebLink> links;
  while (links.size() < kMaxLinks) {
    skip(field, ", \t");
    if (!field.starts_with('<')) break;
    const auto close = field.find('>');
    if (close == std::string_view::npos) break;
    const std::string url = resolve_url(base, field.substr(1, close - 1));
    field.remove_prefix(close + 1);
    std::string relations;
    bool has_anchor = false;
    for (;;) {
      skip(field, " \t");
      if (!field.starts_with(';')) break;
      skip(field, "; \t");
      const auto end = std::min(field.find_first_of("=;,"), field.size());
      const std::string name = text::ascii_lower(text::trim(field.substr(0, end)));
      field.remove_prefix(end);
      std::string value;
      if (field.starts_with('=')) {
        skip(field, "= \t");
        value = take_value(field);
      }
      if (name == "rel" && relations.empty()) relations = text::ascii_lower(value);
      if (name == "anchor") has_anchor = true;
    }
    if (has_anchor) continue;  // it speaks of another document
    const std::string spaced = text::collapse_space(relations);
    for (const std::string_view rel : text::split(spaced, ' ')) {
      if (!rel.empty()) links.push_back({std::string(rel), url});
    }
  }
  return links;
}

Hints discover(std::string_view url, const std::vector<std::string>& links, const model::Feed& feed) {
  Hints hints;
  for (const auto& field : links) {
    for (const auto& link : read_links(field, url)) {
      if (link.rel == "hub") add_hub(hints.hubs, link.url);
      if (link.rel == "self" && hints.topic.empty() && is_web(link.url)) hints.topic = link.url;
    }
  }
  if (hints.hubs.empty()) {
    for (const auto& hub : feed.hubs) add_hub(hints.hubs, resolve_url(url, hub));
  }
  if (hints.topic.empty()) {
    const std::string self = resolve_url(url, feed.self);
    hints.topic = !feed.self.empty() && is_web(self) ? self : std::string(url);
  }
  if (is_web(feed.cloud)) hints.cloud = feed.cloud;
  return hints;
}

}  // namespace tidings::push
