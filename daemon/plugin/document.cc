#include "plugin/document.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace tidings::plugin {
namespace {

// A struct as its writer knows it, with zeroes where it is older than ours.
template <class T>
T grown(const T* written) {
  T ours{};
  std::memcpy(&ours, written, std::min<std::size_t>(written->struct_size, sizeof(T)));
  return ours;
}

}  // namespace

struct SinkFunctions {
  DocumentSink& self;

  bool full() const { return self.full_; }

  // Strings and lists are read into what is there, so that its memory is used again.
  void read(tidings_str s, std::string& out) {
    out.clear();
    if (s.data == nullptr || s.size == 0) return;
    std::string_view view(s.data, s.size);
    if (view.size() > self.limits_.max_field_bytes) {
      view = text::truncate_utf8(view, self.limits_.max_field_bytes);
      self.document_.partial = true;
    }
    if (self.text_bytes_ + view.size() > self.limits_.max_text_bytes) {
      self.reached("bytes of text");
      return;
    }
    self.text_bytes_ += view.size();
    if (text::is_ascii(view) || simdjson::validate_utf8(view.data(), view.size())) {
      out.assign(view);
    } else {
      out = text::repair_utf8(view);
    }
  }
  std::string text(tidings_str s) {
    std::string out;
    read(s, out);
    return out;
  }

  std::size_t bounded(std::size_t count) {
    if (count <= self.limits_.max_list) return count;
    self.document_.partial = true;
    return self.limits_.max_list;
  }

  // An array whose elements step by the struct_size of the first.
  template <class T, class Model>
  void read(const T* first, std::size_t count, std::vector<Model>& out) {
    const std::size_t stride = first == nullptr || count == 0 ? 0 : first->struct_size;
    if (stride < sizeof(std::uint32_t) || stride % alignof(T) != 0) {
      out.clear();
      return;
    }
    out.resize(bounded(count));
    const char* at = reinterpret_cast<const char*>(first);
    for (Model& element : out) {
      T written{};
      std::memcpy(&written, at, std::min(stride, sizeof(T)));
      read(written, element);
      at += stride;
    }
  }

  void read(const tidings_text& t, model::Text& out) {
    read(t.value, out.value);
    read(t.type, out.type);
    if (t.type.data == nullptr) out.type = "text";
    read(t.base, out.base);
    read(t.language, out.language);
    read(t.src, out.src);
  }
  void read(const tidings_person& p, model::Person& out) { read(p.name, out.name), read(p.email, out.email), read(p.uri, out.uri); }
  void read(const tidings_category& c, model::Category& out) { read(c.term, out.term), read(c.scheme, out.scheme), read(c.label, out.label); }
  void read(const tidings_link& l, model::Link& out) {
    read(l.rel, out.rel);
    read(l.type, out.type);
    read(l.href, out.href);
    read(l.title, out.title);
    read(l.hreflang, out.hreflang);
    read(l.length, out.length);
  }
  void read(const tidings_media& m, model::Media& out) {
    read(m.url, out.url);
    read(m.type, out.type);
    read(m.medium, out.medium);
    read(m.title, out.title);
    read(m.description, out.description);
    read(m.credit, out.credit);
    read(m.language, out.language);
    out.width = m.width;
    out.height = m.height;
    out.length = m.length;
    out.duration = m.duration;
  }
  void read(const tidings_image& i, model::Image& out) {
    const bool stated = i.struct_size != 0;
    read(stated ? i.url : tidings_str{}, out.url);
    read(stated ? i.title : tidings_str{}, out.title);
    read(stated ? i.link : tidings_str{}, out.link);
    out.width = stated ? i.width : -1;
    out.height = stated ? i.height : -1;
  }
  void read(const tidings_date& d, model::Date& out) {
    read(d.raw, out.raw);
    out.time.reset();
    if (d.raw.data != nullptr && d.micros != TIDINGS_UNKNOWN_TIME) out.time = from_micros(d.micros);
  }

  void read(const tidings_feed& f, model::Feed& out) {
    read(f.format, out.format);
    read(f.version, out.version);
    read(f.encoding, out.encoding);
    read(f.title, out.title);
    read(f.subtitle, out.subtitle);
    read(f.rights, out.rights);
    read(f.link, out.link);
    read(f.id, out.id);
    read(f.language, out.language);
    read(f.generator, out.generator);
    read(f.icon, out.icon);
    read(f.logo, out.logo);
    read(f.new_url, out.new_url);
    read(f.self, out.self);
    read(f.cloud, out.cloud);
    read(f.next_archive, out.next_archive);
    out.hubs.resize(f.hubs == nullptr ? 0 : bounded(f.hub_count));
    for (std::size_t i = 0; i < out.hubs.size(); ++i) read(f.hubs[i], out.hubs[i]);
    read(f.published, out.published);
    read(f.updated, out.updated);
    read(f.image, out.image);
    read(f.authors, f.author_count, out.authors);
    read(f.contributors, f.contributor_count, out.contributors);
    read(f.categories, f.category_count, out.categories);
    read(f.links, f.link_count, out.links);
    out.ttl_minutes = f.ttl_minutes;
    out.update_period_seconds = f.update_period_seconds;
    out.skip_hours = f.skip_hours & 0xFFFFFFU;
    out.skip_days = static_cast<std::uint8_t>(f.skip_days & 0x7FU);
    read(f.extra, out.extra);
  }

  void read(const tidings_entry& e, model::Entry& out) {
    read(e.id, out.id);
    out.id_is_permalink = e.id_is_permalink != 0;
    read(e.title, out.title);
    read(e.summary, out.summary);
    read(e.content, e.content_count, out.content);
    read(e.rights, out.rights);
    read(e.link, out.link);
    read(e.external_url, out.external_url);
    read(e.comments, out.comments);
    read(e.language, out.language);
    read(e.published, out.published);
    read(e.updated, out.updated);
    read(e.expires, out.expires);
    out.deleted = e.deleted != 0;
    read(e.authors, e.author_count, out.authors);
    read(e.contributors, e.contributor_count, out.contributors);
    read(e.categories, e.category_count, out.categories);
    read(e.links, e.link_count, out.links);
    read(e.enclosures, e.enclosure_count, out.enclosures);
    read(e.media, e.media_count, out.media);
    read(e.thumbnails, e.thumbnail_count, out.thumbnails);
    read(e.image, out.image);
    out.source.resize(e.source != nullptr ? 1 : 0);
    if (e.source != nullptr) read(grown(e.source), out.source.front());
    out.latitude = e.latitude;
    out.longitude = e.longitude;
    out.has_position = e.has_position != 0;
    out.line = e.line;
    read(e.extra, out.extra);
  }

  static int feed(void* context, const tidings_feed* feed) {
    SinkFunctions functions{*static_cast<DocumentSink*>(context)};
    functions.read(grown(feed), functions.self.document_.feed);
    return functions.full();
  }

  static int entry(void* context, const tidings_entry* entry) {
    SinkFunctions functions{*static_cast<DocumentSink*>(context)};
    DocumentSink& self = functions.self;
    if (self.full_) return 1;
    if (self.entries_ >= self.limits_.max_entries) return self.reached("entries");
    functions.read(grown(entry), self.entry_);
    if (self.full_) return 1;
    ++self.entries_;
    // The plugin's own frames lie between: nothing may be thrown through them.
    try {
      self.take_(self.entry_);
    } catch (...) {
      self.thrown_ = std::current_exception();
      self.full_ = true;
    }
    return functions.full();
  }

  static int request(void* context, const tidings_request* request) {
    SinkFunctions functions{*static_cast<DocumentSink*>(context)};
    DocumentSink& self = functions.self;
    if (self.document_.follow_ups.size() >= self.limits_.max_follow_ups) return self.reached("requests");
    const tidings_request r = grown(request);
    model::PluginRequest out;
    out.url = functions.text(r.url);
    if (r.method.size > 0) out.method = functions.text(r.method);
    for (std::size_t i = 0; r.headers != nullptr && i < std::min(r.header_count, self.limits_.max_list); ++i) {
      out.headers.emplace_back(functions.text(r.headers[i].name), functions.text(r.headers[i].value));
    }
    out.body = functions.text(r.body);
    out.tag = functions.text(r.tag);
    self.document_.follow_ups.push_back(std::move(out));
    return functions.full();
  }

  // A cursor is the plugin's own bytes: kept as they are.
  static int cursor(void* context, tidings_str cursor) {
    DocumentSink& self = *static_cast<DocumentSink*>(context);
    if (cursor.size > self.limits_.max_field_bytes) return self.reached("bytes of the cursor");
    self.document_.cursor = cursor.data == nullptr ? std::string() : std::string(cursor.data, cursor.size);
    self.document_.has_cursor = true;
    return 0;
  }

  static int warning(void* context, int severity, std::uint32_t line, tidings_str code, tidings_str message) {
    SinkFunctions functions{*static_cast<DocumentSink*>(context)};
    DocumentSink& self = functions.self;
    self.has_error_ = self.has_error_ || severity == TIDINGS_ERROR;
    auto& warnings = self.document_.warnings;
    if (warnings.size() >= self.limits_.max_warnings + (severity == TIDINGS_ERROR ? 1 : 0)) return 0;
    using Severity = model::Warning::Severity;
    warnings.push_back({severity == TIDINGS_ERROR  ? Severity::error
                        : severity == TIDINGS_NOTE ? Severity::note
                                                   : Severity::warning,
                        line, functions.text(code), functions.text(message)});
    return 0;
  }

  static int partial(void* context) {
    static_cast<DocumentSink*>(context)->document_.partial = true;
    return 0;
  }
};

DocumentSink::DocumentSink(const DocumentLimits& limits)
    : DocumentSink(limits, [this](const model::Entry&) { document_.entries.push_back(std::move(entry_)); }) {}

DocumentSink::DocumentSink(const DocumentLimits& limits, TakeEntry take) : limits_(limits), take_(std::move(take)) {
  sink_.struct_size = sizeof sink_;
  sink_.context = this;
  sink_.feed = SinkFunctions::feed;
  sink_.entry = SinkFunctions::entry;
  sink_.request = SinkFunctions::request;
  sink_.cursor = SinkFunctions::cursor;
  sink_.warning = SinkFunctions::warning;
  sink_.partial = SinkFunctions::partial;
}

model::Document DocumentSink::take() {
  if (thrown_) std::rethrow_exception(thrown_);
  return std::move(document_);
}

bool DocumentSink::reached(const char* what) {
  document_.partial = true;
  if (!full_) {
    document_.warnings.push_back({model::Warning::Severity::warning, 0, "limit",
                                  std::string("the document reaches the bound on ") + what + "; the rest of it is left out"});
  }
  full_ = true;
  return true;
}

}  // namespace tidings::plugin
