#include "plugin/document.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <type_traits>

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

  std::string text(tidings_str s) {
    if (s.data == nullptr || s.size == 0) return {};
    std::string_view view(s.data, s.size);
    if (view.size() > self.limits_.max_field_bytes) {
      view = text::truncate_utf8(view, self.limits_.max_field_bytes);
      self.document_.partial = true;
    }
    if (self.text_bytes_ + view.size() > self.limits_.max_text_bytes) {
      self.reached("bytes of text");
      return {};
    }
    self.text_bytes_ += view.size();
    if (text::is_ascii(view) || simdjson::validate_utf8(view.data(), view.size())) return std::string(view);
    return text::repair_utf8(view);
  }

  // An array whose elements step by the struct_size of the first.
  template <class T, class Read>
  auto list(const T* first, std::size_t count, Read read) {
    std::vector<std::invoke_result_t<Read, const T&>> out;
    if (first == nullptr || count == 0) return out;
    const std::size_t stride = first->struct_size;
    if (stride < sizeof(std::uint32_t) || stride % alignof(T) != 0) return out;
    if (count > self.limits_.max_list) {
      count = self.limits_.max_list;
      self.document_.partial = true;
    }
    out.reserve(count);
    const char* at = reinterpret_cast<const char*>(first);
    for (std::size_t i = 0; i < count; ++i, at += stride) {
      T element{};
      std::memcpy(&element, at, std::min(stride, sizeof(T)));
      out.push_back(read(element));
    }
    return out;
  }

  model::Text read(const tidings_text& t) {
    model::Text out;
    out.value = text(t.value);
    if (t.type.data != nullptr) out.type = text(t.type);
    out.base = text(t.base);
    out.language = text(t.language);
    out.src = text(t.src);
    return out;
  }

  model::Image read(const tidings_image& i) {
    if (i.struct_size == 0) return {};
    return {text(i.url), text(i.title), text(i.link), i.width, i.height};
  }

  model::Date read(const tidings_date& d) {
    model::Date out;
    if (d.raw.data == nullptr) return out;
    out.raw = text(d.raw);
    if (d.micros != TIDINGS_UNKNOWN_TIME) out.time = from_micros(d.micros);
    return out;
  }

  std::vector<model::Text> texts(const tidings_text* p, std::size_t n) {
    return list(p, n, [this](const tidings_text& t) { return read(t); });
  }
  std::vector<model::Person> persons(const tidings_person* p, std::size_t n) {
    return list(p, n, [this](const tidings_person& x) { return model::Person{text(x.name), text(x.email), text(x.uri)}; });
  }
  std::vector<model::Category> categories(const tidings_category* p, std::size_t n) {
    return list(p, n, [this](const tidings_category& x) {
      return model::Category{text(x.term), text(x.scheme), text(x.label)};
    });
  }
  std::vector<model::Link> links(const tidings_link* p, std::size_t n) {
    return list(p, n, [this](const tidings_link& x) {
      return model::Link{text(x.rel), text(x.type), text(x.href), text(x.title), text(x.hreflang), text(x.length)};
    });
  }
  std::vector<model::Media> media(const tidings_media* p, std::size_t n) {
    return list(p, n, [this](const tidings_media& x) {
      return model::Media{text(x.url),    text(x.type),     text(x.medium), text(x.title), text(x.description),
                          text(x.credit), text(x.language), x.width,        x.height,      x.length,
                          x.duration};
    });
  }

  model::Feed read(const tidings_feed& f) {
    model::Feed out;
    out.format = text(f.format);
    out.version = text(f.version);
    out.encoding = text(f.encoding);
    out.title = read(f.title);
    out.subtitle = read(f.subtitle);
    out.rights = read(f.rights);
    out.link = text(f.link);
    out.id = text(f.id);
    out.language = text(f.language);
    out.generator = text(f.generator);
    out.icon = text(f.icon);
    out.logo = text(f.logo);
    out.new_url = text(f.new_url);
    out.self = text(f.self);
    out.cloud = text(f.cloud);
    out.next_archive = text(f.next_archive);
    for (std::size_t i = 0; f.hubs != nullptr && i < std::min(f.hub_count, self.limits_.max_list); ++i) {
      out.hubs.push_back(text(f.hubs[i]));
    }
    out.published = read(f.published);
    out.updated = read(f.updated);
    out.image = read(f.image);
    out.authors = persons(f.authors, f.author_count);
    out.contributors = persons(f.contributors, f.contributor_count);
    out.categories = categories(f.categories, f.category_count);
    out.links = links(f.links, f.link_count);
    out.ttl_minutes = f.ttl_minutes;
    out.update_period_seconds = f.update_period_seconds;
    out.skip_hours = f.skip_hours & 0xFFFFFFU;
    out.skip_days = static_cast<std::uint8_t>(f.skip_days & 0x7FU);
    out.extra = text(f.extra);
    return out;
  }

  void read(const tidings_entry& e, model::Entry& out) {
    out.id = text(e.id);
    out.id_is_permalink = e.id_is_permalink != 0;
    out.title = read(e.title);
    out.summary = read(e.summary);
    out.content = texts(e.content, e.content_count);
    out.rights = read(e.rights);
    out.link = text(e.link);
    out.external_url = text(e.external_url);
    out.comments = text(e.comments);
    out.language = text(e.language);
    out.published = read(e.published);
    out.updated = read(e.updated);
    out.expires = read(e.expires);
    out.deleted = e.deleted != 0;
    out.authors = persons(e.authors, e.author_count);
    out.contributors = persons(e.contributors, e.contributor_count);
    out.categories = categories(e.categories, e.category_count);
    out.links = links(e.links, e.link_count);
    out.enclosures = media(e.enclosures, e.enclosure_count);
    out.media = media(e.media, e.media_count);
    out.thumbnails = media(e.thumbnails, e.thumbnail_count);
    out.image = read(e.image);
    if (e.source != nullptr) out.source.push_back(read(grown(e.source)));
    out.latitude = e.latitude;
    out.longitude = e.longitude;
    out.has_position = e.has_position != 0;
    out.line = e.line;
    out.extra = text(e.extra);
  }

  static int feed(void* context, const tidings_feed* feed) {
    SinkFunctions functions{*static_cast<DocumentSink*>(context)};
    functions.self.document_.feed = functions.read(grown(feed));
    return functions.full();
  }

  static int entry(void* context, const tidings_entry* entry) {
    SinkFunctions functions{*static_cast<DocumentSink*>(context)};
    DocumentSink& self = functions.self;
    if (self.full_) return 1;
    if (self.document_.entries.size() >= self.limits_.max_entries) return self.reached("entries");
    auto& entries = self.document_.entries;
    self.make_room();
    functions.read(grown(entry), entries.emplace_back());
    if (self.full_) entries.pop_back();
    return self.full_;
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

DocumentSink::DocumentSink(const DocumentLimits& limits, std::size_t body_bytes) : limits_(limits), body_bytes_(body_bytes) {
  sink_.struct_size = sizeof sink_;
  sink_.context = this;
  sink_.feed = SinkFunctions::feed;
  sink_.entry = SinkFunctions::entry;
  sink_.request = SinkFunctions::request;
  sink_.cursor = SinkFunctions::cursor;
  sink_.warning = SinkFunctions::warning;
  sink_.partial = SinkFunctions::partial;
}

// Entries are large: doubling would hold three times as many at once as there are.
void DocumentSink::make_room() {
  auto& entries = document_.entries;
  const std::size_t count = entries.size();
  if (count < entries.capacity()) return;
  constexpr std::size_t kSample = 64;
  std::size_t room = std::max<std::size_t>(16, count + count / 4);
  if (count >= kSample && body_bytes_ > 0) {
    // An eighth more, rather than to grow once again at the end.
    const std::size_t seems = body_bytes_ / (text_bytes_ / count * 7 / 8 + 1) + 1;
    room = std::max(room, std::min(seems, limits_.max_entries));
  } else if (count > 0) {
    room = std::max(room, kSample);
  }
  entries.reserve(room);
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
