#pragma once
// Entries of the streams as lines: for people with columns and colours, for programs as JSON. Pure, but for what it
// remembers of the items it has shown.

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json.h"
#include "cli/terminal.h"

namespace tidings::cli {

struct StreamEntry {
  std::string stream;  // items, duplicates, alerts, sources, stories
  std::string id;      // MS-SEQ
  std::vector<std::pair<std::string, std::string>> fields;

  std::string_view field(std::string_view name) const;
};

// Orders entries of several streams by their IDs; an ID that is none comes first.
bool comes_before(const StreamEntry& a, const StreamEntry& b);

// stream, entry and fields as one JSON object; `data` is the object that it holds.
std::string as_json_line(const StreamEntry& entry);

class TailLines {
 public:
  explicit TailLines(Terminal terminal) : terminal_(terminal) {}

  // time, source, verdict (of what), story, headline. Of what: the source of that item where it was shown, else the end
  // of its id.
  std::string line(const StreamEntry& entry);

 private:
  struct Verdict {
    std::string text;
    Colour colour = Colour::none;
  };
  Verdict verdict(const StreamEntry& entry) const;
  std::string subject(std::string_view item_id) const;
  void remember(const StreamEntry& entry);

  Terminal terminal_;
  std::unordered_map<std::string, std::string> source_of_;  // of items shown, the newest 10,000
  std::deque<std::string> shown_;
};

}  // namespace tidings::cli
