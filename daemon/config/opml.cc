#include "config/opml.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "base/text.h"
#include "config/source_id.h"
#include "config/url_check.h"

namespace tidings::config {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxTagBytes = 100;

// Lines of a document by byte offset.
class Lines {
 public:
  explicit Lines(std::string_view document) {
    for (std::size_t i = 0; i < document.size(); ++i) {
      if (document[i] == '\n') newlines_.push_back(static_cast<std::ptrdiff_t>(i));
    }
  }
  std::uint32_t at(std::ptrdiff_t offset) const {
    return static_cast<std::uint32_t>(std::lower_bound(newlines_.begin(), newlines_.end(), offset) - newlines_.begin()) + 1;
  }

 private:
  std::vector<std::ptrdiff_t> newlines_;
};

std::string attribute(const pugi::xml_node& node, const char* name) { return text::collapse_space(text::repair_utf8(node.attribute(name).value())); }

std::string title_of(const pugi::xml_node& outline) {
  std::string title = attribute(outline, "text");
  return title.empty() ? attribute(outline, "title") : title;
}

// feed://host/path and feed:https://host/path, as some readers write them.
std::string plain_url(std::string url) {
  if (!text::starts_with_ignoring_case(url, "feed:")) return url;
  url.erase(0, 5);
  return url.starts_with("//") ? "http:" + url : url;
}

class Walk {
 public:
  Walk(Opml& out, const Lines& lines, const std::vector<std::string>& taken) : out_(out), lines_(lines), ids_(taken) {}

  void outlines(const pugi::xml_node& parent) {
    for (const auto& outline : parent.children("outline")) {
      const std::string url = plain_url(attribute(outline, "xmlUrl"));
      if (!url.empty()) {
        source(outline, url);
      } else if (text::equal_ignoring_case(attribute(outline, "type"), "rss")) {
        flaw(outline, fmt::format("the entry '{}' has no xmlUrl", title_of(outline)));
      }
      if (!outline.child("outline")) continue;
      if (folders_.size() == kMaxDepth) {
        flaw(outline, fmt::format("outlines are nested deeper than {}", kMaxDepth));
        continue;
      }
      folders_.push_back(std::string(text::truncate_utf8(title_of(outline), kMaxTagBytes)));
      outlines(outline);
      folders_.pop_back();
    }
  }

 private:
  void source(const pugi::xml_node& outline, const std::string& url) {
    const std::string title = title_of(outline);
    if (const std::string wrong = url_flaw(url); !wrong.empty()) {
      return flaw(outline, fmt::format("the xmlUrl of '{}' {}: {}", title, wrong, text::truncate_utf8(url, 200)));
    }
    const auto line = lines_.at(outline.offset_debug());
    const auto [earlier, is_new] = lines_of_urls_.emplace(url, line);
    if (!is_new) return flaw(outline, fmt::format("{} is there already, at line {}", text::truncate_utf8(url, 200), earlier->second));
    model::Source one;
    one.id = ids_.make(title, url);
    one.url = url;
    one.name = title;
    const std::string language = attribute(outline, "language");
    if (is_language_tag(language)) one.settings.edit().language = language;
    for (const auto& folder : folders_) tag(one, folder);
    const std::string categories = attribute(outline, "category");
    for (const auto category : text::split(categories, ',')) {
      auto name = text::trim(category);
      if (name.starts_with('/')) name.remove_prefix(1);
      tag(one, text::truncate_utf8(name, kMaxTagBytes));
    }
    out_.sources.push_back(std::move(one));
  }

  static void tag(model::Source& source, std::string_view name) {
    if (!name.empty() && std::find(source.settings->tags.begin(), source.settings->tags.end(), name) == source.settings->tags.end()) source.settings.edit().tags.emplace_back(name);
  }

  void flaw(const pugi::xml_node& outline, std::string message) {
    out_.flaws.push_back({lines_.at(outline.offset_debug()), std::move(message)});
  }

  Opml& out_;
  const Lines& lines_;
  SourceIds ids_;
  std::vector<std::string> folders_;
  std::map<std::string, std::uint32_t> lines_of_urls_;
};

}  // namespace

Result<Opml> read_opml(std::string_view document, const std::vector<std::string>& taken) {
  const Lines lines(document);
  pugi::xml_document xml;
  const auto parsed = xml.load_buffer(document.data(), document.size(), pugi::parse_default);
  if (!parsed) {
    return Error(Errc::invalid, fmt::format("line {}: this is not well-formed XML: {}", lines.at(parsed.offset), parsed.description()));
  }
  const auto root = xml.document_element();
  if (std::string_view(root.name()) != "opml") return Error(Errc::invalid, fmt::format("this is no OPML: its root is <{}>", root.name()));
  Opml out;
  out.title = text::collapse_space(text::repair_utf8(root.child("head").child_value("title")));
  Walk(out, lines, taken).outlines(root.child("body"));
  return out;
}

std::string write_opml(const std::vector<model::Source>& sources, std::string_view title) {
  pugi::xml_document xml;
  auto declaration = xml.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  auto opml = xml.append_child("opml");
  opml.append_attribute("version") = "2.0";
  opml.append_child("head").append_child("title").text() = std::string(title).c_str();
  auto body = opml.append_child("body");
  std::map<std::string, pugi::xml_node> folders;
  for (const auto& source : sources) {
    if (source.url.empty()) continue;
    pugi::xml_node parent = body;
    if (!source.settings->tags.empty()) {
      auto& folder = folders[source.settings->tags.front()];
      if (!folder) {
        folder = body.append_child("outline");
        folder.append_attribute("text") = source.settings->tags.front().c_str();
      }
      parent = folder;
    }
    auto outline = parent.append_child("outline");
    const std::string& name = source.name.empty() ? source.id : source.name;
    outline.append_attribute("type") = "rss";
    outline.append_attribute("text") = name.c_str();
    outline.append_attribute("xmlUrl") = source.url.c_str();
    if (!source.settings->language.empty()) outline.append_attribute("language") = source.settings->language.c_str();
    if (source.settings->tags.size() > 1) {
      outline.append_attribute("category") = fmt::format("{}", fmt::join(source.settings->tags.begin() + 1, source.settings->tags.end(), ",")).c_str();
    }
  }
  std::ostringstream out;
  xml.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace tidings::config
