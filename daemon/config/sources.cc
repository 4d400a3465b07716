#include "config/sources.h"

#include <boost/unordered/unordered_flat_map.hpp>
#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"
#include "config/source_id.h"

namespace tidings::config {
namespace {

using model::Source;
using model::SourceSettings;
using model::StreamKind;

json::value to_json(const toml::node& node) {
  if (const auto* text = node.as_string()) return json::value(std::string_view(text->get()));
  if (const auto* number = node.as_integer()) return json::value(number->get());
  if (const auto* number = node.as_floating_point()) return json::value(number->get());
  if (const auto* flag = node.as_boolean()) return json::value(flag->get());
  if (const auto* list = node.as_array()) {
    json::array out;
    for (const auto& element : *list) out.push_back(to_json(element));
    return out;
  }
  if (const auto* table = node.as_table()) {
    json::object out;
    for (auto&& [key, value] : *table) out[key.str()] = to_json(value);
    return out;
  }
  // Dates and times: as they are written.
  std::ostringstream out;
  node.visit([&](const auto& any) { out << any; });
  return json::value(out.str());
}

bool fits(const toml::node& node, PluginOption::Type type) {
  switch (type) {
    case PluginOption::Type::string: return node.is_string();
    case PluginOption::Type::integer: return node.is_integer();
    case PluginOption::Type::number: return node.is_number();
    case PluginOption::Type::boolean: return node.is_boolean();
    case PluginOption::Type::strings: return node.is_array() && (node.as_array()->empty() || node.as_array()->is_homogeneous<std::string>());
    case PluginOption::Type::table: return node.is_table();
  }
  return false;
}

std::string_view name_of(PluginOption::Type type) {
  switch (type) {
    case PluginOption::Type::string: return "a string";
    case PluginOption::Type::integer: return "a whole number";
    case PluginOption::Type::number: return "a number";
    case PluginOption::Type::boolean: return "true or false";
    case PluginOption::Type::strings: return "a list of strings";
    case PluginOption::Type::table: return "a table";
  }
  return "a value";
}

// Of one of its options, or of its line in a list.
toml::source_region place_of(const SourceDraft& draft, std::string_view key, const TomlReader& reader) {
  if (draft.toml != nullptr) return reader.place(*draft.toml, key);
  const toml::source_position line{draft.line, 1};
  return {line, line, nullptr};
}

void check_options(const SourceDraft& draft, const PluginSpec& plugin, TomlReader& reader) {
  const auto* options_node = draft.toml->get("options");
  const auto* options = options_node != nullptr ? options_node->as_table() : nullptr;
  std::vector<std::string_view> names;
  for (const auto& option : plugin.options) names.push_back(option.name);
  if (options != nullptr) {
    for (auto&& [key, node] : *options) {
      const auto same = [name = key.str()](const auto& option) { return option.name == name; };
      const auto known = std::find_if(plugin.options.begin(), plugin.options.end(), same);
      if (known == plugin.options.end()) {
        reader.unknown(key, fmt::format("the plugin '{}'", plugin.name), names);
      } else if (!fits(node, known->type)) {
        reader.mistake(node.source(), fmt::format("the option '{}' of the plugin '{}' must be {}", known->name, plugin.name, name_of(known->type)));
      }
    }
  }
  for (const auto& option : plugin.options) {
    if (option.required && (options == nullptr || !options->contains(option.name))) {
      reader.missing(draft.toml->source(), option.name, fmt::format("[source.options] of '{}', for the plugin '{}',", draft.source.id, plugin.name));
    }
  }
}

}  // namespace

Table<Source> source_table() {
  using std::chrono::hours;
  using std::chrono::seconds;
  Table<Source> table;
  Section<Source, Source> source(table);
  Section settings(table, "", &Source::settings);
  source.text("id", &Source::id, "The source's name for machines: small letters, digits, '.', '_' and '-'; unique, and never changed.").required();
  source.url("url", &Source::url, "What is polled; or a stream, as by `stream` or where it begins with ws:// or wss://.").or_websocket();
  settings.text("plugin", &SourceSettings::plugin, "The fetcher plugin that reads it: feed, json, exec or another that is installed.");
  source.text("name", &Source::name, "The source's name for people; empty: the title that the feed states.");
  settings.text("language", &SourceSettings::language, "Its language (BCP 47), used where an entry states none.");
  settings.text("country", &SourceSettings::country, "Its country (ISO 3166, two letters).");
  settings.text("owner", &SourceSettings::owner, "Who owns it: the outlets of one owner count once as tellers of a story.");
  settings.number("weight", &SourceSettings::weight, 0, 1000, "How much it matters against others when the request budget is short.");
  settings.texts("tags", &SourceSettings::tags, "Tags that every item of it carries.");
  settings.duration("interval", &SourceSettings::interval, seconds(1), hours(24 * 30), "A fixed poll interval, instead of the adaptive one.");
  settings.duration("min_interval", &SourceSettings::min_interval, seconds(1), hours(24 * 30), "Floor of its adaptive poll interval.");
  settings.duration("max_interval", &SourceSettings::max_interval, seconds(1), hours(24 * 30), "Ceiling of its adaptive poll interval.");
  settings.flag("allow_private", &SourceSettings::allow_private, "It may be fetched from, and redirect to, loopback and private addresses.");
  settings.text("proxy", &SourceSettings::proxy, "A proxy for it alone: http://host:port or socks5h://host:port.");
  settings.flag("push", &SourceSettings::push, "Hubs that it names are subscribed to, where push.public_url is set.");
  settings.choice("stream", &SourceSettings::stream, {{"none", StreamKind::none}, {"sse", StreamKind::sse}, {"websocket", StreamKind::websocket}},
                "Its URL is a stream that is read as it comes: sse (server-sent events) or websocket.");
  settings.texts("subscribe", &SourceSettings::subscribe, "Messages that a WebSocket stream is sent first; {cursor} in them, and in its URL, is the last event's id.");
  settings.url("backup_url", &SourceSettings::backup_url, "Of a stream: what is polled beside it, less often the more the stream has proven to bring.").or_empty();
  return table;
}

SourceDraft read_source(const toml::table& in, const Table<Source>& table, TomlReader& reader) {
  SourceDraft draft{{}, &in, reader.file(), 0};
  Source& source = draft.source;
  source.origin = reader.origin(in.source());
  reader.options(in, table, "", source, "a source", {"headers", "options"});
  reader.check_id(in, source.id);
  for (auto& [name, value] : reader.headers(in)) source.settings.edit().headers.push_back({std::move(name), std::move(value)});
  if (const auto* options = reader.table(in, "options", "options")) {
    for (auto&& [key, node] : *options) source.settings.edit().options[std::string(key.str())] = json::serialize(to_json(node));
  }
  if (text::starts_with_ignoring_case(source.url, "ws://") || text::starts_with_ignoring_case(source.url, "wss://")) source.settings.edit().stream = StreamKind::websocket;
  if (!source.settings->language.empty() && !is_language_tag(source.settings->language)) {
    reader.mistake(reader.place(in, "language"), fmt::format("'{}' is no language tag such as \"en\" or \"pt-BR\"", source.settings->language));
  }
  return draft;
}

void check_sources(const std::vector<SourceDraft>& drafts, std::vector<Mistake>& mistakes) {
  boost::unordered_flat_map<std::string_view, const SourceDraft*> first(drafts.size());
  for (const auto& draft : drafts) {
    TomlReader reader(draft.file, mistakes);
    const Source& source = draft.source;
    if (!source.id.empty()) {
      const auto [earlier, is_new] = first.emplace(source.id, &draft);
      if (!is_new) {
        reader.mistake(place_of(draft, "id", reader), fmt::format("there is already a source '{}' at {}", source.id, earlier->second->source.origin));
      }
    }
    if (source.settings->min_interval && source.settings->max_interval && *source.settings->min_interval > *source.settings->max_interval) {
      reader.mistake(place_of(draft, "min_interval", reader), fmt::format("min_interval of '{}' is longer than its max_interval", source.id));
    }
    if (source.settings->stream == StreamKind::none && !source.settings->backup_url.empty()) {
      reader.mistake(place_of(draft, "backup_url", reader), fmt::format("backup_url of '{}' is for a source with `stream`", source.id));
    }
    if (source.settings->stream != StreamKind::websocket && !source.settings->subscribe.empty()) {
      reader.mistake(place_of(draft, "subscribe", reader), fmt::format("subscribe of '{}' is for a WebSocket", source.id));
    }
  }
}

void check_plugins(const std::vector<SourceDraft>& drafts, const std::vector<PluginSpec>& plugins, std::vector<Mistake>& mistakes) {
  std::vector<std::string_view> names;
  for (const auto& plugin : plugins) names.push_back(plugin.name);
  for (const auto& draft : drafts) {
    TomlReader reader(draft.file, mistakes);
    const Source& source = draft.source;
    const auto plugin = std::find_if(plugins.begin(), plugins.end(), [&](const auto& one) { return one.name == source.settings->plugin; });
    if (plugin == plugins.end()) {
      reader.mistake(place_of(draft, "plugin", reader), fmt::format("there is no plugin '{}'", source.settings->plugin), text::nearest(source.settings->plugin, names));
      continue;
    }
    if (source.settings->stream != StreamKind::none && !plugin->reads_streams) {
      reader.mistake(place_of(draft, "stream", reader), fmt::format("the plugin '{}' reads no streams", plugin->name));
    }
    if (plugin->needs_url && draft.toml != nullptr && !draft.toml->contains("url")) {
      reader.missing(draft.toml->source(), "url", fmt::format("a source of the plugin '{}'", plugin->name));
    }
    if (draft.toml != nullptr) check_options(draft, *plugin, reader);
  }
}

}  // namespace tidings::config
