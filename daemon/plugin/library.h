#pragma once
// A plugin's shared object: loaded, checked against the ABI and never closed, since code and types of it may be in use
// until the process ends.

#include <tidings/plugin.h>

#include <string>
#include <vector>

#include "base/result.h"

namespace tidings::plugin {

// A row of a plugin's option table, as C++ values.
struct OptionSpec {
  std::string name;
  int type = TIDINGS_STRING;  // enum tidings_option_type
  std::string default_value;  // as JSON text; empty: none
  std::string help;
  bool required = false;
};

// Copied freely; the object behind it lives for ever. Immutable, so any thread may use it.
class Library {
 public:
  // Loads FILE.so. The error says in one sentence why not: no such file, not a plugin, another ABI, another build, a symbol
  // that cannot be resolved, a description that breaks the rules of plugin.h.
  static Result<Library> load(const std::string& file);

  const tidings_plugin& abi() const { return abi_; }
  const std::string& file() const { return file_; }
  std::string name() const { return abi_.name; }
  std::string version() const { return abi_.version != nullptr ? abi_.version : ""; }
  std::string summary() const { return abi_.summary != nullptr ? abi_.summary : ""; }
  bool reads_streams() const { return (abi_.kinds & TIDINGS_STREAM) != 0; }
  const std::vector<OptionSpec>& options() const { return options_; }

 private:
  std::string file_;
  tidings_plugin abi_{};  // as much as its struct_size gives, zeroed beyond
  std::vector<OptionSpec> options_;
};

}  // namespace tidings::plugin
