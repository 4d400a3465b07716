#pragma once
// Follows streams of Redis, several as one, in the order of their IDs.

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/tail_line.h"
#include "redis/connection.h"

namespace tidings::cli {

struct TailPlan {
  std::string prefix = "{tidings}";
  std::vector<std::string> streams = {"items", "duplicates", "alerts"};
  std::string from = "$";  // an ID, exclusive; "0": all that is there; "$": only what comes
  std::size_t newest = 0;  // first so many of the newest entries; goes before `from`
  bool follow = true;
};

// Is this what TailPlan::from takes: MS, MS-SEQ or "$"?
bool is_position(std::string_view text);

// Loop thread only.
class StreamTail {
 public:
  // False ends the tail: nobody reads any more.
  using Show = std::function<bool(const StreamEntry&)>;

  // The connection outlives the tail. What Redis says when it goes away and comes back goes to `note`.
  StreamTail(redis::Connection& connection, TailPlan plan, Show show, std::function<void(const std::string&)> note)
      : connection_(connection), plan_(std::move(plan)), show_(std::move(show)), note_(std::move(note)) {}

  // Until it is cancelled, show() says false or, without `follow`, all was shown. An error: Redis was not there at the
  // start, or does not take the commands. Later losses are waited out.
  Task<Result<void>> run();

 private:
  Task<Result<void>> begin();
  Task<Result<void>> show_newest();
  Task<Result<bool>> read();
  Task<bool> reconnect();
  bool show(std::vector<StreamEntry> entries);
  std::string key(const std::string& stream) const { return plan_.prefix + ":" + stream; }

  redis::Connection& connection_;
  TailPlan plan_;
  Show show_;
  std::function<void(const std::string&)> note_;
  std::map<std::string, std::string> last_;  // stream: the ID of the entry shown last
};

}  // namespace tidings::cli
