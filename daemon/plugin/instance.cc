#include "plugin/instance.h"

#include <fmt/format.h>

#include <utility>

#include "base/json.h"
#include "base/text.h"

namespace tidings::plugin {
namespace {

tidings_str str(std::string_view s) { return {s.data(), s.size()}; }

std::vector<tidings_header> abi_headers(const std::vector<model::Header>& headers) {
  std::vector<tidings_header> out;
  out.reserve(headers.size());
  for (const auto& header : headers) out.push_back({str(header.name), str(header.value)});
  return out;
}

// The plugin's own words for why it gave up, or ours where it has none.
Error complaint(const model::Document& document, int status) {
  for (auto warning = document.warnings.rbegin(); warning != document.warnings.rend(); ++warning) {
    if (warning->severity == model::Warning::Severity::error) {
      return Error(Errc::invalid, warning->line > 0 ? fmt::format("line {}: {}", warning->line, warning->message) : warning->message);
    }
  }
  switch (status) {
    case TIDINGS_NOT_MINE: return Error(Errc::invalid, "the document is of no format that the plugin reads");
    case TIDINGS_BROKEN: return Error(Errc::invalid, "the document is broken beyond reading");
    case TIDINGS_BAD_OPTIONS: return Error(Errc::invalid, "an option does not fit");
    default: return Error(Errc::invalid, fmt::format("the plugin failed with status {}", status));
  }
}

Result<void> knows(const Library& library, const std::string& option) {
  std::vector<std::string_view> names;
  for (const auto& spec : library.options()) {
    if (spec.name == option) return {};
    names.push_back(spec.name);
  }
  const std::string_view meant = text::nearest(option, names);
  return Error(Errc::invalid, fmt::format("the plugin '{}' has no option '{}'{}", library.name(), option,
                                          meant.empty() ? "" : fmt::format(": did you mean '{}'?", meant)));
}

Result<model::Document> finish(DocumentSink& sink, int status) {
  model::Document document = sink.take();
  if (status == TIDINGS_OK || status == TIDINGS_STOPPED) return document;
  if (sink.entries() == 0) return complaint(document, status);
  document.partial = true;
  return document;
}

}  // namespace

Result<Instance> Instance::create(const Library& library, const model::Source& source, const DocumentLimits& limits) {
  for (const auto& [name, value] : source.settings->options) {
    if (auto known = knows(library, name); !known) return known.error();
  }
  std::string options = "{";
  for (const auto& [name, value] : source.settings->options) {
    if (options.size() > 1) options += ',';
    options += json::serialize(json::value(name)) + ":" + value;
  }
  options += '}';
  tidings_source given{};
  given.struct_size = sizeof given;
  given.id = str(source.id);
  given.url = str(source.url);
  given.language = str(source.settings->language);
  given.options = str(options);
  DocumentSink sink(limits);
  void* instance = nullptr;
  const int status = library.abi().create(&given, sink.sink(), &instance);
  if (status != TIDINGS_OK) return complaint(sink.take(), status);
  if (instance == nullptr) return Error(Errc::invalid, fmt::format("the plugin '{}' made no instance", library.name()));
  return Instance(library.abi(), instance, limits);
}

Result<std::vector<model::PluginRequest>> Instance::requests(const std::string& cursor) {
  DocumentSink sink(limits_);
  const int status = abi_->requests(instance_.get(), cursor.empty() ? tidings_str{} : str(cursor), sink.sink());
  model::Document document = sink.take();
  if (status != TIDINGS_OK && status != TIDINGS_STOPPED) return complaint(document, status);
  return std::move(document.follow_ups);
}

Result<model::Document> Instance::parse(const Response& response) {
  DocumentSink sink(limits_);
  return parse(response, sink);
}

Result<model::Document> Instance::parse(const Response& response, const TakeEntry& take) {
  DocumentSink sink(limits_, take);
  return parse(response, sink);
}

Result<model::Document> Instance::parse(const Response& response, DocumentSink& sink) {
  const auto headers = abi_headers(response.headers);
  tidings_response given{};
  given.struct_size = sizeof given;
  given.status = response.status;
  given.tag = str(response.tag);
  given.url = str(response.url);
  given.headers = headers.data();
  given.header_count = headers.size();
  given.body = str(response.body.view());
  given.charset_hint = response.charset_hint.empty() ? tidings_str{} : str(response.charset_hint);
  return finish(sink, abi_->parse(instance_.get(), &given, sink.sink()));
}

Result<model::Document> Instance::on_event(const Event& event) {
  if (abi_->on_event == nullptr) return Error(Errc::invalid, fmt::format("the plugin '{}' takes no events", abi_->name));
  tidings_event given{};
  given.struct_size = sizeof given;
  given.type = str(event.type);
  given.id = str(event.id);
  given.payload = str(event.payload.view());
  given.url = str(event.url);
  DocumentSink sink(limits_);
  return finish(sink, abi_->on_event(instance_.get(), &given, sink.sink()));
}

}  // namespace tidings::plugin
