#pragma once
// Sources that are listened to: server-sent events and WebSockets, connected to again from where they were left. The framing
// is http/'s, the meaning of an event its plugin's.

#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/padded.h"
#include "base/result.h"
#include "http/client.h"
#include "http/websocket.h"
#include "loop/event.h"
#include "loop/task_scope.h"
#include "model/source.h"
#include "push/options.h"
#include "push/recall.h"
#include "push/reconnect.h"
#include "push/taken.h"
#include "store/store.h"

namespace tidings::push {

struct StreamEvent {
  std::string type;
  std::string id;
  std::string payload;
  std::string url;
};

// What the rest of the daemon does for it. Called on the loop.
struct StreamCalls {
  std::function<const model::Source*(const std::string& source_id)> source;
  // The events take the route of a polled document; completes when their items and the cursor after them are committed.
  std::function<Task<Result<Taken>>(std::string source_id, std::vector<StreamEvent> events)> take;
  // Of the last event that was committed.
  std::function<Task<Result<std::string>>(std::string source_id)> cursor;
  std::function<void(const std::string& source_id)> poll_now;
};

// Loop thread only. stop() before it goes.
class Streams {
 public:
  Streams(asio::any_io_executor executor, http::Client& http, http::Options http_options, store::Store& store, Options options,
          StreamCalls calls, Metrics& metrics, Log log);
  ~Streams();

  // Rows of the store whose source_id begins so are ours.
  static constexpr std::string_view kRow = "stream:";
  // Once, before apply().
  void restore(const std::vector<store::ChannelState>& states);
  // These are the sources from now on: those with a stream are listened to. One that is as before goes on undisturbed.
  void apply(const std::vector<model::SharedSource>& sources);
  Task<> stop();

  // As of Subscriber, for streams with a URL that is polled beside them.
  void found(const std::string& source_id, const Taken& taken);
  double recall(const std::string& source_id) const;
  json::value report(const std::string& source_id) const;

 private:
  struct Live;
  // Why a connection ended.
  struct Ended {
    Error why;
    std::optional<Millis> asked;
    bool for_good = false;
  };

  Task<> follow(Live& live);
  // From the event after `cursor` on.
  Task<Ended> listen_sse(Live& live, const std::string& cursor);
  Task<Ended> listen_websocket(Live& live, const std::string& cursor);
  // A place for one more event; false: cancelled, or events could not be stored.
  Task<bool> room(Live& live);
  void add(Live& live, StreamEvent event);
  Task<> take(Live& live);
  void connected(Live& live);
  Task<> save();
  void sweep();

  asio::any_io_executor executor_;
  http::Client& http_;
  http::Options http_options_;
  store::Store& store_;
  Options options_;
  StreamCalls calls_;
  Log log_;
  std::map<std::string, Recall, std::less<>> recalls_;
  std::map<std::string, std::unique_ptr<Live>, std::less<>> live_;
  std::list<std::unique_ptr<Live>> ending_;  // no longer wanted, their tasks not yet ended
  Counter& events_;
  Counter& unreadable_;
  Counter& connections_;
  Counter& failures_;
};

}  // namespace tidings::push
