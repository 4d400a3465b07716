#pragma once
// Reads TOML tables by an option table; what does not fit is told with its place. Internal to config/.

#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/mistake.h"
#include "config/option.h"

namespace tidings::config {

// The document as far as it reads; a line that breaks the syntax is told and left out, so that what follows it is
// looked at too, unless the line may have opened a table or a value that goes on.
toml::table parse_toml(const std::string& file, std::string text, std::vector<Mistake>& mistakes);

// The mistakes of one document go to `mistakes`, which outlives the reader.
class TomlReader {
 public:
  TomlReader(std::string file, std::vector<Mistake>& mistakes)
      : file_(std::move(file)), folder_(std::filesystem::path(file_).parent_path()), mistakes_(mistakes) {}

  const std::string& file() const { return file_; }
  // "file:line"
  std::string origin(const toml::source_region& where) const;
  void mistake(const toml::source_region& where, std::string message, std::string_view suggestion = {});

  // Where the value of a key stands, or the table itself.
  const toml::source_region& place(const toml::table& in, std::string_view key) const;

  // The value, or nothing after a mistake. `name` is how messages call the option.
  std::optional<Value> value(const toml::node& node, const Description& option, const std::string& name);

  // The node as a table (an array of tables), or null after a mistake; null too where there is none.
  const toml::table* table(const toml::table& in, std::string_view key, const std::string& name);
  std::vector<const toml::table*> tables(const toml::table& in, std::string_view key);

  // The `headers` of a table: names and values of one line.
  std::vector<std::pair<std::string, std::string>> headers(const toml::table& in);
  // An id that the table states has only the characters that ids have.
  void check_id(const toml::table& in, const std::string& id);

  // Sets the options of one section from a table. `what` names the table in messages ("[http]", "source 'bbc'"); keys
  // of `others` are left to the caller.
  template <class Root>
  void options(const toml::table& in, const Table<Root>& table, std::string_view section, Root& root, const std::string& what,
               const std::vector<std::string_view>& others = {}) {
    std::vector<std::string_view> known = others;
    for (const auto& option : table) {
      if (option.section == section) known.push_back(option.key);
    }
    for (auto&& [key, node] : in) {
      const auto same = [&, name = key.str()](const auto& option) { return option.section == section && option.key == name; };
      if (const auto option = std::find_if(table.begin(), table.end(), same); option != table.end()) {
        if (const auto read = value(node, *option, option->path())) option->set(root, *read);
      } else if (std::find(others.begin(), others.end(), key.str()) == others.end()) {
        unknown(key, what, known);
      }
    }
    for (const auto& option : table) {
      if (option.section == section && option.is_required && !in.contains(option.key)) missing(in.source(), option.key, what);
    }
  }
  // A key that is not known there.
  void unknown(const toml::key& key, const std::string& what, const std::vector<std::string_view>& known);
  void missing(const toml::source_region& where, std::string_view key, const std::string& what);

 private:
  std::optional<Value> number_in(const Value& value, double number, const toml::node& node, const Description& option, const std::string& name);
  std::optional<Value> text_value(const toml::node& node, const Description& option, const std::string& name);
  std::optional<Value> texts_value(const toml::node& node, const std::string& name);
  std::optional<Value> integers_value(const toml::node& node, const Description& option, const std::string& name);
  std::optional<Value> pairs_value(const toml::node& node, const std::string& name);

  std::string file_;
  std::filesystem::path folder_;
  std::vector<Mistake>& mistakes_;
};

}  // namespace tidings::config
