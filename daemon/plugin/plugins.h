#pragma once
// The plugins of a folder, by name, each loaded when it is first asked for.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "model/source.h"
#include "plugin/document_limits.h"
#include "plugin/instance.h"
#include "plugin/library.h"

namespace tidings::plugin {

// Loop thread only.
class Plugins {
 public:
  explicit Plugins(Log log, DocumentLimits limits = {});

  // Loads every FILE.so of the folder. What cannot be loaded is said in the log, once, and left out. Plugins that were
  // loaded before stay.
  void load(const std::string& folder);

  const Library* find(std::string_view name) const;
  std::vector<const Library*> all() const;

  // An instance for this source by its plugin. The error names what the plugin has against it.
  Result<Instance> create(const model::Source& source) const;

 private:
  Log log_;
  DocumentLimits limits_;
  std::map<std::string, Library, std::less<>> by_name_;
  std::map<std::string, bool, std::less<>> tried_;  // files
};

}  // namespace tidings::plugin
