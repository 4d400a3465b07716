#include "checks.h"

#include <vector>

#include "alert/query.h"
#include "plugin/exec_source.h"

namespace tidings {
namespace {

config::PluginOption::Type type_of(int type) {
  using Type = config::PluginOption::Type;
  switch (type) {
    case TIDINGS_INTEGER: return Type::integer;
    case TIDINGS_NUMBER: return Type::number;
    case TIDINGS_BOOLEAN: return Type::boolean;
    case TIDINGS_STRINGS: return Type::strings;
    case TIDINGS_TABLE: return Type::table;
    default: return Type::string;
  }
}

std::vector<config::PluginOption> options_of(const std::vector<plugin::OptionSpec>& specs) {
  std::vector<config::PluginOption> options;
  for (const auto& spec : specs) options.push_back({spec.name, type_of(spec.type), spec.default_value, spec.help, spec.required});
  return options;
}

std::vector<config::PluginSpec> catalog(plugin::Plugins& plugins, const std::string& folder) {
  plugins.load(folder);
  std::vector<config::PluginSpec> specs;
  for (const auto* library : plugins.all()) specs.push_back({library->name(), library->summary(), true, options_of(library->options()), library->reads_streams()});
  specs.push_back({"exec", "A program in any language that prints entries as JSON lines", false, options_of(plugin::exec_options()), false});
  return specs;
}

Result<void> check_query(std::string_view query) {
  const auto parsed = alert::parse_query(query);
  if (!parsed) return parsed.error();
  return {};
}

}  // namespace

config::Checks checks(plugin::Plugins& plugins) {
  config::Checks checks;
  checks.plugins = [&plugins](const std::string& folder) { return catalog(plugins, folder); };
  checks.query = check_query;
  return checks;
}

}  // namespace tidings
