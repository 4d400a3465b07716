#pragma once
// OPML 2.0, the format in which feed readers exchange subscriptions (http://opml.org/spec2.opml). Pure.
//
// An <outline> with an xmlUrl is a source; the outlines around it and its `category` become tags.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/source.h"

namespace tidings::config {

struct OpmlFlaw {
  std::uint32_t line = 0;
  std::string message;
};

struct Opml {
  std::string title;
  std::vector<model::Source> sources;
  std::vector<OpmlFlaw> flaws;  // entries that were left out, and why
};

// Ids come from titles, else from hosts, and are unique among themselves and `taken`; the same document gives the same
// ids. The error tells why it is no OPML; a document cut short in the middle is an error too.
Result<Opml> read_opml(std::string_view document, const std::vector<std::string>& taken = {});

// Sources without a URL have no place in OPML and are left out. The first tag is the folder.
std::string write_opml(const std::vector<model::Source>& sources, std::string_view title);

}  // namespace tidings::config
