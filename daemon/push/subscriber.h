#pragma once
// Follows the hubs that feeds name: asks for subscriptions, answers the hubs' questions, takes what they bring. The rules
// are in subscription.h and followed.h; this is their shell.

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/result.h"
#include "http/client.h"
#include "loop/task_scope.h"
#include "model/source.h"
#include "push/followed.h"
#include "push/options.h"
#include "push/taken.h"
#include "schedule/host_limiter.h"
#include "store/store.h"
#include "web/server.h"

namespace tidings::push {

// What the rest of the daemon does for it. Called on the loop.
struct Calls {
  // The source's configuration while it is followed, or null.
  std::function<const model::Source*(const std::string& source_id)> source;
  // The document takes the route of a polled one; completes when its items are committed.
  std::function<Task<Result<Taken>>(std::string source_id, http::Response document)> take;
  // The source's next poll is due now.
  std::function<void(const std::string& source_id)> poll_now;
};

// Loop thread only.
class Subscriber {
 public:
  Subscriber(asio::any_io_executor executor, http::Client& http, store::Store& store, Options options, const schedule::Options& politeness,
             Calls calls, Metrics& metrics, Log log);
  ~Subscriber();

  // Is anything subscribed to at all?
  bool is_on() const { return !options_.public_url.empty(); }
  // Takes over what the store knows; once, before apply().
  void restore(std::vector<store::ChannelState> states);
  // The sources, as Calls::source tells of them, are others now.
  void apply();
  // Asks hubs as it falls due until it is cancelled.
  Task<> run();
  // Ends the requests under way and saves what was learnt.
  Task<> stop();

  // A polled document of this source said so of its hubs.
  void heard(const std::string& source_id, Hints hints);
  // A poll of this source has ended, and found `fresh` before anybody brought them.
  void found(const std::string& source_id, const Taken& taken);
  // The share of the source's items that push has proven to bring.
  double recall(const std::string& source_id) const;
  // Its channels; null: none.
  json::value report(const std::string& source_id) const;

  // A request below /push/.
  Task<web::Response> answer(web::Request request);

 private:
  // A subscription and the source it is of; both null where the token is not known.
  struct Found {
    Followed* followed = nullptr;
    Subscription* subscription = nullptr;
  };
  Found find(std::string_view token);
  void reconcile(Followed& followed);
  void index(const Followed& followed);
  void forget(std::string_view token);
  void start_due(Time now);
  Task<> ask(std::string token);
  Task<> save(std::string source_id);
  Task<> save_all();
  web::Response question(Found found, const Form& query);
  Task<web::Response> ping(std::string token, web::Request request);
  void prompt(Found found);
  Counter& pings(std::string_view outcome);
  double count(Phase phase) const;

  asio::any_io_executor executor_;
  http::Client& http_;
  store::Store& store_;
  Options options_;
  Calls calls_;
  Metrics& metrics_;
  Log log_;
  schedule::HostLimiter hosts_;
  std::map<std::string, Followed, std::less<>> followed_;
  std::map<std::string, std::string, std::less<>> by_token_;  // the source's id
  std::set<std::pair<Time, std::string>> due_;                // of each token that is not being asked for
  std::map<std::string, Time, std::less<>> due_of_;           // where in due_ it stands
  std::set<std::string, std::less<>> asking_;
  std::set<std::string, std::less<>> waited_;   // come back at the time that the hub's limit gave them
  std::set<std::string, std::less<>> unsaved_;  // sources
  loop::TaskScope requests_;
  asio::steady_timer timer_;
  Counter& asked_;
  Counter& refused_;
  Counter& verified_;
  Counter& denied_;
  Counter& unknown_;
};

}  // namespace tidings::push
