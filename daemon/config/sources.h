#pragma once
// [[source]] tables of a configuration: read into model::Source and checked against the plugins. Internal to config/.

#include <string>
#include <vector>

#include "config/option.h"
#include "config/plugin_options.h"
#include "config/toml_reader.h"
#include "model/source.h"

namespace tidings::config {

// The keys of a [[source]] but for `headers` and `options`, which are tables.
Table<model::Source> source_table();

// A source with the place it stands in, since some mistakes show only when all documents are read: a table, which lives as
// long as its document, or a line of a plain list.
struct SourceDraft {
  model::Source source;
  const toml::table* toml = nullptr;  // null: in a list
  std::string file;
  std::uint32_t line = 0;             // there
};

SourceDraft read_source(const toml::table& in, const Table<model::Source>& table, TomlReader& reader);

// Ids that occur twice, intervals that contradict each other.
void check_sources(const std::vector<SourceDraft>& drafts, std::vector<Mistake>& mistakes);
// Unknown plugins and options, missing and mistyped ones.
void check_plugins(const std::vector<SourceDraft>& drafts, const std::vector<PluginSpec>& plugins, std::vector<Mistake>& mistakes);

}  // namespace tidings::config
