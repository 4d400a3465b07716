#pragma once
// Ids for sources that come without one: from their titles, in any script, or their hosts. Pure.

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::config {

// Makes ids that differ, in the same order the same ones: "Le Monde – À la une" gives "le-monde-a-la-une", a second one
// "le-monde-a-la-une-2". Where a title gives none the URL's host does.
class SourceIds {
 public:
  explicit SourceIds(const std::vector<std::string>& taken);
  ~SourceIds();
  SourceIds(const SourceIds&) = delete;
  SourceIds& operator=(const SourceIds&) = delete;

  std::string make(std::string_view title, std::string_view url);

 private:
  class Latin;
  std::string slug(std::string_view text) const;

  std::unique_ptr<Latin> latin_;
  std::set<std::string> taken_;
};

// Small letters, digits, '.', '_' and '-', and at least one of them.
bool is_id(std::string_view id);

// Has this the shape of a BCP 47 tag ("en", "pt-BR")?
bool is_language_tag(std::string_view tag);

}  // namespace tidings::config
