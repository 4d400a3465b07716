#pragma once
// A plain list of sources (*.urls): one URL a line, for those of which nothing else is to be said. Internal to config/.
//
//   https://example.org/feed.xml  science "long reads" "~The Example" id=example  # comment
//
// Words after the URL are tags, as newsboat has them; a word that begins with ~ is the name and id=... the id. Without one
// the id is made of the host and a hash of the URL, so that it stays when lines move.

#include <string>
#include <string_view>
#include <vector>

#include "config/mistake.h"
#include "config/sources.h"

namespace tidings::config {

bool is_url_list(std::string_view file);

// Every line that does not fit is told, and left out.
std::vector<SourceDraft> read_url_list(const std::string& file, std::string_view text, std::vector<Mistake>& mistakes);

}  // namespace tidings::config
