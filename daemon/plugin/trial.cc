#include "plugin/trial.h"

#include <fmt/format.h>

#include "plugin/document.h"

namespace tidings::plugin {
namespace {

bool is_off(tidings_str text) { return text.data == nullptr && text.size > 0; }

// Stands between the plugin and the host's own sink.
class Watch {
 public:
  Watch(Answer& answer, const CallForm& form) : answer_(answer), form_(form) {
    tidings_sink sink{};
    sink.struct_size = static_cast<std::uint32_t>(form.sink_size);
    sink.context = this;
    sink.feed = feed;
    sink.entry = entry;
    sink.request = request;
    sink.cursor = cursor;
    sink.warning = warning;
    sink.partial = partial;
    memory_ = std::make_unique<GuardedBytes>(std::string_view(reinterpret_cast<const char*>(&sink), form.sink_size));
  }

  const tidings_sink* sink() const { return reinterpret_cast<const tidings_sink*>(memory_->data()); }

  // Runs f and judges the status that it returns.
  template <class F>
  void call(const char* function, F f) {
    try {
      answer_.status = f();
    } catch (...) {
      fault(fmt::format("lets an exception out of {}()", function));
      answer_.status = TIDINGS_INTERNAL;
    }
    answer_.document = inner_.take();
    const int status = answer_.status;
    if (status < TIDINGS_OK || status > TIDINGS_INTERNAL) fault(fmt::format("returns the unknown status {} from {}()", status, function));
    if (status == TIDINGS_STOPPED && !stopped_) fault(fmt::format("returns TIDINGS_STOPPED from {}() though nobody told it to stop", function));
    if (status == TIDINGS_OK && stopped_) fault(fmt::format("returns TIDINGS_OK from {}() though it was told to stop", function));
    if (!answer_.is_ok() && !has_error_) fault(fmt::format("gives up in {}() with status {} and no sentence that says why", function, status));
    if (status == TIDINGS_INTERNAL) fault(fmt::format("has an error of its own in {}(): {}", function, last_error_));
  }

 private:
  static Watch& of(void* context) { return *static_cast<Watch*>(context); }

  void fault(std::string sentence) {
    if (answer_.fault.empty()) answer_.fault = std::move(sentence);
  }
  void wants_no_more() {
    if (stopped_) fault("goes on after it was told to stop");
  }
  int answer(int inner) {
    stopped_ = stopped_ || inner != 0;
    return stopped_;
  }

  static int feed(void* context, const tidings_feed* feed) {
    Watch& self = of(context);
    if (++self.feeds_ > 1) self.fault("calls feed() more than once for a document");
    if (feed == nullptr || feed->struct_size < offsetof(tidings_feed, title)) {
      self.fault("calls feed() with a struct that states no size");
      return 1;
    }
    return self.answer(self.inner_.sink()->feed(self.inner_.sink()->context, feed));
  }

  static int entry(void* context, const tidings_entry* entry) {
    Watch& self = of(context);
    self.wants_no_more();
    if (entry == nullptr || entry->struct_size < offsetof(tidings_entry, title)) {
      self.fault("calls entry() with a struct that states no size");
      return 1;
    }
    if (entry->struct_size >= sizeof(tidings_entry)) {
      for (const tidings_str text : {entry->id, entry->title.value, entry->summary.value, entry->link, entry->language, entry->published.raw, entry->extra}) {
        if (is_off(text)) self.fault("gives a string with a length and no bytes");
      }
    }
    ++self.answer_.entries;
    const int inner = self.inner_.sink()->entry(self.inner_.sink()->context, entry);
    return self.answer(self.answer_.entries >= self.form_.stop_after ? 1 : inner);
  }

  static int request(void* context, const tidings_request* request) {
    Watch& self = of(context);
    if (request == nullptr || request->struct_size < offsetof(tidings_request, method)) {
      self.fault("calls request() with a struct that states no size");
      return 1;
    }
    if (request->url.size == 0) self.fault("asks for a request without a URL");
    return self.answer(self.inner_.sink()->request(self.inner_.sink()->context, request));
  }

  static int cursor(void* context, tidings_str cursor) {
    Watch& self = of(context);
    if (is_off(cursor)) self.fault("gives a string with a length and no bytes");
    return self.inner_.sink()->cursor(self.inner_.sink()->context, cursor);
  }

  static int warning(void* context, int severity, std::uint32_t line, tidings_str code, tidings_str message) {
    Watch& self = of(context);
    if (severity < TIDINGS_NOTE || severity > TIDINGS_ERROR) self.fault(fmt::format("gives a warning of the unknown severity {}", severity));
    if (is_off(code) || is_off(message) || message.size == 0) {
      self.fault("gives a warning without words");
      return 0;
    }
    if (severity == TIDINGS_ERROR) {
      self.has_error_ = true;
      self.last_error_.assign(message.data, message.size);
    }
    return self.inner_.sink()->warning(self.inner_.sink()->context, severity, line, code, message);
  }

  static int partial(void* context) {
    Watch& self = of(context);
    return self.inner_.sink()->partial(self.inner_.sink()->context);
  }

  Answer& answer_;
  const CallForm& form_;
  DocumentSink inner_;
  std::unique_ptr<GuardedBytes> memory_;
  int feeds_ = 0;
  bool stopped_ = false;
  bool has_error_ = false;
  std::string last_error_;
};

template <class T>
std::string_view first_bytes(const T& value, std::size_t size) {
  return {reinterpret_cast<const char*>(&value), size};
}

void add(std::string& out, const model::Date& date) {
  fmt::format_to(std::back_inserter(out), "|{}={}", date.raw, date.time ? to_micros(*date.time) : -1);
}

}  // namespace

const char* Subject::hold(std::string_view bytes, std::size_t padding) {
  return memory_.emplace_back(std::make_unique<GuardedBytes>(bytes, padding))->data();
}

tidings_str Subject::held(std::string_view text, std::size_t padding) {
  return text.data() == nullptr ? tidings_str{} : tidings_str{hold(text, padding), text.size()};
}

void Subject::forget() {
  for (; forgotten_ < memory_.size(); ++forgotten_) memory_[forgotten_]->forget();
}

Subject::Subject(const tidings_plugin& abi, std::string_view url, std::string_view options, std::size_t source_size) : abi_(abi) {
  tidings_source source{};
  source.struct_size = static_cast<std::uint32_t>(source_size);
  source.id = held("conformance");
  source.url = held(url);
  source.options = held(options);
  const auto* given = reinterpret_cast<const tidings_source*>(hold(first_bytes(source, source_size)));
  const CallForm form;
  {
    Watch watch(made_, form);
    watch.call("create", [&] { return abi_.create(given, watch.sink(), &instance_); });
  }
  if (made_.status == TIDINGS_OK && instance_ == nullptr) made_.fault = "returns TIDINGS_OK from create() and makes no instance";
  if (made_.status != TIDINGS_OK) instance_ = nullptr;
  forget();
}

Subject::~Subject() {
  if (instance_ != nullptr) abi_.destroy(instance_);
}

Answer Subject::requests(std::string_view cursor) {
  Answer answer;
  const CallForm form;
  const tidings_str given = held(cursor);
  Watch watch(answer, form);
  watch.call("requests", [&] { return abi_.requests(instance_, given, watch.sink()); });
  forget();
  return answer;
}

Answer Subject::parse(std::string_view body, const CallForm& form) {
  Answer answer;
  const tidings_header headers[] = {{held("Content-Type"), held(form.content_type)}};
  tidings_response response{};
  response.struct_size = static_cast<std::uint32_t>(form.response_size);
  response.status = form.http_status;
  response.tag = held(form.tag);
  response.url = held("https://news.test/feed");
  if (!form.content_type.empty()) {
    response.headers = reinterpret_cast<const tidings_header*>(hold(first_bytes(headers, sizeof headers)));
    response.header_count = 1;
  }
  response.body = {hold(body, TIDINGS_BODY_PADDING), body.size()};
  const auto* given = reinterpret_cast<const tidings_response*>(hold(first_bytes(response, form.response_size)));
  Watch watch(answer, form);
  watch.call("parse", [&] { return abi_.parse(instance_, given, watch.sink()); });
  forget();
  return answer;
}

Answer Subject::on_event(std::string_view type, std::string_view payload) {
  Answer answer;
  tidings_event event{};
  event.struct_size = sizeof event;
  event.type = held(type);
  event.url = held("https://news.test/stream");
  event.payload = {hold(payload, TIDINGS_BODY_PADDING), payload.size()};
  const auto* given = reinterpret_cast<const tidings_event*>(hold(first_bytes(event, sizeof event)));
  const CallForm form;
  Watch watch(answer, form);
  watch.call("on_event", [&] { return abi_.on_event(instance_, given, watch.sink()); });
  forget();
  return answer;
}

std::string picture(const Answer& answer) {
  const model::Document& document = answer.document;
  std::string out = fmt::format("{}|{}|{}|{}|{}|{}", answer.status, document.feed.format, document.feed.title.value, document.feed.link, document.cursor,
                                document.partial);
  add(out, document.feed.updated);
  for (const auto& entry : document.entries) {
    fmt::format_to(std::back_inserter(out), "\n{}|{}|{}|{}|{}|{}|{}", entry.id, entry.title.value, entry.summary.value, entry.link, entry.language, entry.line,
                   entry.extra);
    for (const auto& content : entry.content) out += "|" + content.type + "=" + content.value;
    for (const auto& author : entry.authors) out += "|" + author.name + "=" + author.email + author.uri;
    for (const auto& category : entry.categories) out += "|" + category.term;
    for (const auto& media : entry.enclosures) out += "|" + media.url;
    add(out, entry.published);
    add(out, entry.updated);
  }
  for (const auto& warning : document.warnings) out += "\n" + warning.code + "=" + warning.message;
  for (const auto& request : document.follow_ups) out += "\n" + request.url + "=" + request.tag;
  return out;
}

}  // namespace tidings::plugin
