#include "cli/parse_json.h"

#include "base/text.h"
#include "model/item_json.h"
#include "normalize/html.h"

namespace tidings::cli {
namespace {

bool is_markup(const model::Text& t) { return t.type == "html" || t.type == "xhtml" || t.type == "text/html"; }

std::string escaped(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (const char c : s) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += c;
    }
  }
  return out;
}

void put(json::object& to, std::string_view name, const std::string& value) {
  if (!value.empty()) to.emplace(name, value);
}
void put(json::object& to, std::string_view name, std::int64_t value) {
  if (value >= 0) to.emplace(name, value);
}
template <class T, class Read>
void put(json::object& to, std::string_view name, const std::vector<T>& values, Read read) {
  if (values.empty()) return;
  json::array out;
  out.reserve(values.size());
  for (const T& value : values) out.emplace_back(read(value));
  to.emplace(name, std::move(out));
}

json::object person(const model::Person& p) {
  json::object out;
  put(out, "name", p.name);
  put(out, "email", p.email);
  put(out, "uri", p.uri);
  return out;
}

json::object category(const model::Category& c) {
  json::object out;
  put(out, "term", c.term);
  put(out, "scheme", c.scheme);
  put(out, "label", c.label);
  return out;
}

json::object link(const model::Link& l) {
  json::object out;
  put(out, "rel", l.rel);
  put(out, "type", l.type);
  put(out, "href", l.href);
  put(out, "title", l.title);
  put(out, "hreflang", l.hreflang);
  put(out, "length", l.length);
  return out;
}

json::object media(const model::Media& m) {
  json::object out;
  put(out, "url", m.url);
  put(out, "type", m.type);
  put(out, "medium", m.medium);
  put(out, "title", m.title);
  put(out, "description", m.description);
  put(out, "credit", m.credit);
  put(out, "language", m.language);
  put(out, "width", m.width);
  put(out, "height", m.height);
  put(out, "length", m.length);
  if (m.duration >= 0) out.emplace("duration", m.duration);
  return out;
}

void put_image(json::object& to, const model::Image& image) {
  if (image.url.empty()) return;
  json::object out;
  put(out, "url", image.url);
  put(out, "title", image.title);
  put(out, "link", image.link);
  put(out, "width", image.width);
  put(out, "height", image.height);
  to.emplace("image", std::move(out));
}

void put_extra(json::object& to, const std::string& extra) {
  if (extra.empty()) return;
  if (auto value = json::parse(extra)) to.emplace("extra", std::move(*value));
}

// Media types as the vocabulary has them.
std::string type_of(const model::Text& t) {
  if (t.type == "text") return "text/plain";
  if (t.type == "html") return "text/html";
  return t.type == "xhtml" ? "application/xhtml+xml" : t.type;
}

json::object content(const model::Text& t) {
  json::object out;
  out.emplace("type", type_of(t));
  put(out, "value", t.type == "text" ? t.value : shown_html(t));
  put(out, "src", t.src);
  put(out, "language", t.language);
  return out;
}

std::string_view name_of(model::Warning::Severity severity) {
  using Severity = model::Warning::Severity;
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "note";
}

}  // namespace

std::string shown_text(const model::Text& t) {
  return is_markup(t) ? normalize::plain_text(t.value) : std::string(text::trim(t.value));
}

std::string shown_html(const model::Text& t) {
  return is_markup(t) ? normalize::sanitize_html(t.value, t.base) : escaped(t.value);
}

std::string shown_time(const model::Date& date) { return date.time ? model::to_rfc3339(*date.time) : std::string(); }

json::object feed_json(const model::Feed& f) {
  json::object out;
  put(out, "format", f.format);
  put(out, "version", f.version);
  put(out, "title", shown_text(f.title));
  put(out, "subtitle", shown_text(f.subtitle));
  put(out, "link", f.link);
  put(out, "id", f.id);
  put(out, "language", f.language);
  put(out, "rights", shown_text(f.rights));
  put(out, "generator", f.generator);
  put(out, "ttl", f.ttl_minutes);
  put(out, "icon", f.icon);
  put(out, "logo", f.logo);
  put(out, "new_url", f.new_url);
  put(out, "published", shown_time(f.published));
  put(out, "updated", shown_time(f.updated));
  put_image(out, f.image);
  put(out, "self", f.self);
  put(out, "cloud", f.cloud);
  put(out, "hub", f.hubs, [](const std::string& hub) { return json::value(hub); });
  put(out, "next_archive", f.next_archive);
  put(out, "authors", f.authors, person);
  put(out, "contributors", f.contributors, person);
  put(out, "categories", f.categories, category);
  put(out, "links", f.links, link);
  if (f.update_period_seconds > 0) out.emplace("update_period_seconds", f.update_period_seconds);
  if (f.skip_hours != 0) out.emplace("skip_hours", f.skip_hours);
  if (f.skip_days != 0) out.emplace("skip_days", static_cast<unsigned>(f.skip_days));
  put_extra(out, f.extra);
  return out;
}

json::object entry_json(const model::Entry& e) {
  json::object out;
  put(out, "id", e.id);
  put(out, "title", shown_text(e.title));
  put(out, "link", e.link);
  put(out, "external_url", e.external_url);
  put(out, "summary", shown_html(e.summary));
  put(out, "content", e.content, content);
  put(out, "published", shown_time(e.published));
  put(out, "updated", shown_time(e.updated));
  put(out, "date", shown_time(e.published.time ? e.published : e.updated));
  put(out, "expires", shown_time(e.expires));
  put(out, "language", e.language);
  put(out, "rights", shown_text(e.rights));
  put(out, "comments", e.comments);
  put(out, "authors", e.authors, person);
  put(out, "contributors", e.contributors, person);
  put(out, "categories", e.categories, category);
  put(out, "links", e.links, link);
  put(out, "enclosures", e.enclosures, media);
  put(out, "thumbnails", e.thumbnails, media);
  put(out, "media", e.media, media);
  put_image(out, e.image);
  if (!e.source.empty()) out.emplace("source", feed_json(e.source.front()));
  if (e.has_position) out.emplace("position", json::array{e.latitude, e.longitude});
  if (e.deleted) out.emplace("deleted", true);
  if (e.line > 0) out.emplace("line", e.line);
  put_extra(out, e.extra);
  return out;
}

json::array warnings_json(const std::vector<model::Warning>& warnings) {
  json::array out;
  for (const model::Warning& w : warnings) {
    json::object one;
    one.emplace("severity", name_of(w.severity));
    if (w.line > 0) one.emplace("line", w.line);
    one.emplace("code", w.code);
    one.emplace("message", w.message);
    out.emplace_back(std::move(one));
  }
  return out;
}

void write_json(const Parsed& parsed, bool with_items, const std::function<void(std::string_view)>& write) {
  const model::Document& d = parsed.document;
  write("{\"plugin\":" + json::serialize(json::value(parsed.plugin)) +
        ",\"encoding\":" + json::serialize(json::value(d.feed.encoding)) +
        ",\"partial\":" + (d.partial ? "true" : "false") + ",\"feed\":" + json::serialize(feed_json(d.feed)) +
        ",\"warnings\":" + json::serialize(warnings_json(d.warnings)));
  if (with_items) {
    write(",\"items\":[");
    bool first = true;
    for (const model::Entry& entry : d.entries) {
      write((first ? "" : ",") + json::serialize(entry_json(entry)));
      first = false;
    }
    write("]");
  }
  write("}\n");
}

}  // namespace tidings::cli
