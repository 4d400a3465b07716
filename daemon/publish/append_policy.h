#pragma once
// The decisions of publication, without I/O: what a stream's last ID says about our rows, what an error reply asks for,
// and the window of batches in flight.
//
// The protocol is compare-and-append, as Raft's prevLogIndex (Ongaro and Ousterhout 2014, section 5.3): every batch names
// the ID that it must follow. An answer "equal or smaller ID" would only prove that something newer is there, not that
// this row is; comparing the last ID exactly proves the whole prefix.

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

#include "publish/options.h"
#include "store/records.h"

namespace tidings::publish {

using store::Position;
using store::StreamId;

// What R, the last ID of the stream in Redis, says.
enum class Finding : std::uint8_t {
  clean,      // R is where we are
  ahead,      // R is a later row of ours: it was appended, only the reply was lost
  tail_lost,  // R is an earlier row of ours: Redis lost its end, the rows go again under the same IDs
  reset,      // the stream is empty, or ends before all that we keep
  foreign,    // R is none of our rows: somebody else wrote, or our store was set back
};
std::string_view name_of(Finding finding);

struct Resync {
  Finding finding = Finding::clean;
  Position cursor;         // rows after it are to be appended. foreign: rows after it may be in the stream already
  std::uint64_t lost = 0;  // reset: rows that the stream no longer has and that will not come again, at the most
};

struct Known {
  Position cursor;                     // up to where we believed to have appended
  std::optional<Position> at_or_before;  // the greatest row of the outbox that is not after R
  Position purged;                     // rows up to here are no longer in the outbox
  StreamId floor;                      // a foreign ID that was dealt with before: all that was not in Redis then is after it
};
Resync judge(StreamId remote, const Known& known, OnReset on_reset);
// The same where R has the ID of a row of ours and turned out to be another's entry: Redis hands out the ID after the last
// one when its clock is behind, and so do we. `before` is the greatest row below R.
Resync judge_taken(const Known& known, std::optional<Position> before, StreamId remote);

// What to do about an error reply.
enum class Remedy : std::uint8_t {
  claim,      // claim and resync at once
  back_off,   // it passes by itself: wait, then claim and resync
  reconnect,  // the connection is of no use: a new one, then claim and resync
  stop,       // it needs an operator
};
Remedy remedy_for(std::string_view error);

// The batches in flight. Once one has failed, none is sent until begin(): all later ones fail as well, since each names
// its forerunner.
class AppendWindow {
 public:
  explicit AppendWindow(std::size_t window) : window_(window) {}

  // After a resync: nothing is in flight, the stream ends with `remote`, rows after `cursor` are next.
  void begin(StreamId remote, Position cursor);

  bool may_send() const { return !failed_ && flights_.size() < window_; }
  std::size_t in_flight() const { return flights_.size(); }
  StreamId previous() const { return sent_remote_; }          // what the next batch must follow
  const Position& read_from() const { return sent_cursor_; }  // rows after it are next to send
  // A batch went out that ends with `position`; last_id is the last that it appends.
  void sent(StreamId last_id, Position position);
  // Rows up to here are not to be appended (damaged ones).
  void skipped(Position position);

  // The reply to the oldest batch in flight: it was appended...
  void appended();
  // ... or not.
  void failed();

  const Position& cursor() const { return cursor_; }  // all rows up to here are in the stream
  StreamId remote() const { return remote_; }         // the last ID of the stream, as far as we know

 private:
  struct Flight {
    StreamId last_id;
    Position position;
  };
  std::size_t window_;
  std::deque<Flight> flights_;
  bool failed_ = false;
  StreamId remote_;
  Position cursor_;
  StreamId sent_remote_;
  Position sent_cursor_;
};

}  // namespace tidings::publish
