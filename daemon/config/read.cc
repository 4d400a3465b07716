// Documents to Config, without files.

#include <fmt/format.h>

#include <filesystem>
#include <iterator>
#include <list>
#include <utility>

#include "base/text.h"
#include "config/alerts.h"
#include "config/load.h"
#include "config/sources.h"
#include "config/url_list.h"

namespace tidings::config {
namespace {

constexpr std::string_view kTables[] = {"source", "rule", "hook"};

class Reading {
 public:
  Reading() : options_(option_table()), sources_(source_table()), rules_(rule_table()), hooks_(hook_table()) {}

  void main(const Document& document) {
    config_.file = document.file;
    const toml::table& toml = parse(document);
    TomlReader reader(document.file, mistakes_);
    std::vector<std::string_view> sections(std::begin(kTables), std::end(kTables));
    const auto helps = section_help();
    for (const auto& section : helps) sections.push_back(section.name);
    reader.options(toml, options_, "", config_, "the configuration", sections);
    for (const auto& section : helps) {
      if (const auto* table = reader.table(toml, section.name, fmt::format("[{}]", section.name))) {
        reader.options(*table, options_, section.name, config_, fmt::format("[{}]", section.name));
      }
    }
    lists(toml, reader);
  }

  void included(const Document& document) {
    if (is_url_list(document.file)) {
      auto drafts = read_url_list(document.file, document.text, mistakes_);
      std::move(drafts.begin(), drafts.end(), std::back_inserter(drafts_));
      return;
    }
    const toml::table& toml = parse(document);
    TomlReader reader(document.file, mistakes_);
    for (auto&& [key, node] : toml) {
      if (std::find(std::begin(kTables), std::end(kTables), key.str()) != std::end(kTables)) continue;
      const auto is_option = [&, name = key.str()](const auto& option) { return option.section == name || option.path() == name; };
      if (std::any_of(options_.begin(), options_.end(), is_option)) {
        reader.mistake(key.source(), fmt::format("'{}' belongs in the main file: here stand only sources, rules and hooks", key.str()));
      } else {
        reader.unknown(key, "a file beside the main one", {std::begin(kTables), std::end(kTables)});
      }
    }
    lists(toml, reader);
  }

  void finish(const Overrides& overrides, const Checks& checks) {
    apply(overrides);
    check_sources(drafts_, mistakes_);
    if (checks.plugins) check_plugins(drafts_, checks.plugins(config_.daemon.plugin_directory), mistakes_);
    check_alerts(rule_drafts_, hook_drafts_, checks.query, mistakes_);
    for (auto& draft : drafts_) config_.sources.push_back(std::make_shared<const model::Source>(std::move(draft.source)));
    for (auto& draft : rule_drafts_) config_.rules.push_back(std::move(draft.rule));
    for (auto& draft : hook_drafts_) config_.hooks.push_back(std::move(draft.hook));
    sort(mistakes_, config_.file);
  }

  Loaded take() {
    Loaded loaded;
    if (mistakes_.empty()) loaded.config = std::move(config_);
    loaded.mistakes = std::move(mistakes_);
    return loaded;
  }

  const Config& config() const { return config_; }
  std::vector<Mistake>& mistakes() { return mistakes_; }

 private:
  const toml::table& parse(const Document& document) {
    if (!text::is_valid_utf8(document.text)) {
      mistakes_.push_back({document.file, 0, 0, "this file is not UTF-8", {}});
      return documents_.emplace_back();
    }
    return documents_.emplace_back(parse_toml(document.file, document.text, mistakes_));
  }

  void lists(const toml::table& toml, TomlReader& reader) {
    for (const auto* one : reader.tables(toml, "source")) drafts_.push_back(read_source(*one, sources_, reader));
    for (const auto* one : reader.tables(toml, "hook")) hook_drafts_.push_back(read_hook(*one, hooks_, reader));
    for (const auto* one : reader.tables(toml, "rule")) rule_drafts_.push_back(read_rule(*one, rules_, reader));
  }

  void apply(const Overrides& overrides) {
    if (!overrides.state_directory.empty()) config_.daemon.state_directory = overrides.state_directory;
    if (!overrides.plugin_directory.empty()) config_.daemon.plugin_directory = overrides.plugin_directory;
    const std::filesystem::path state(config_.daemon.state_directory);
    config_.store.path = (state / config_.store.path).string();
    if (!overrides.redis_url.empty()) config_.redis.url = overrides.redis_url;
  }

  Table<Config> options_;
  Table<model::Source> sources_;
  Table<model::Rule> rules_;
  Table<alert::Hook> hooks_;
  std::list<toml::table> documents_;  // drafts point into them
  std::vector<SourceDraft> drafts_;
  std::vector<HookDraft> hook_drafts_;
  std::vector<RuleDraft> rule_drafts_;
  Config config_;
  std::vector<Mistake> mistakes_;
};

}  // namespace

Loaded read(const Document& main, const Include& include, const Overrides& overrides, const Checks& checks) {
  Reading reading;
  reading.main(main);
  if (include) {
    for (const auto& document : include(reading.config().include, reading.mistakes())) reading.included(document);
  }
  reading.finish(overrides, checks);
  return reading.take();
}

}  // namespace tidings::config
