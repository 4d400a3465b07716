#pragma once
// The daemon as one object: builds each room from its configuration, hands it what it needs, runs them and stops them
// in order.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alert/hooks.h"
#include "alert/watch.h"
#include "base/log.h"
#include "base/metrics.h"
#include "config/config.h"
#include "config/load.h"
#include "dedup/deduplicator.h"
#include "http/client.h"
#include "ingest/conductor.h"
#include "ingest/explain.h"
#include "loop/notify.h"
#include "loop/pool.h"
#include "loop/signals.h"
#include "loop/task_scope.h"
#include "plugin/plugins.h"
#include "publish/publisher.h"
#include "push/streams.h"
#include "push/subscriber.h"
#include "store/store.h"
#include "web/server.h"

namespace tidings {

// Loop thread only. run() once.
class Service {
 public:
  using Load = std::function<config::Loaded()>;

  // `load` reads the configuration again, for a reload. `plugins` outlives the service.
  Service(asio::io_context& context, config::Config config, Load load, plugin::Plugins& plugins, Log log);
  ~Service();

  // Opens the store and the listening socket: what can fail for good. The error is one sentence.
  Result<void> open();
  // Runs until a signal ends it; the exit status.
  int run();

 private:
  Task<> start();
  Task<> stop();
  Task<> lag();
  void begin_stop();
  Result<std::string> reload();
  Result<ingest::Fetcher> make_fetcher(const model::Source& source);
  Result<void> open_push();
  void open_streams();
  void join_channels(ingest::Channels& channels);
  std::string unhealthy() const;
  json::object status() const;
  void observe();

  asio::io_context& context_;
  config::Config config_;
  Load load_;
  plugin::Plugins& plugins_;
  Log log_;
  Metrics metrics_;
  loop::Notify notify_;
  loop::TaskScope scope_;     // what runs for as long as the daemon does
  loop::TaskScope stopping_;  // the stop itself
  std::unique_ptr<loop::Signals> signals_;
  loop::Pool pool_;
  http::Client http_;
  std::unique_ptr<store::Store> store_;
  dedup::Deduplicator dedup_;
  std::unique_ptr<alert::Watch> watch_;
  std::unique_ptr<alert::Hooks> hooks_;
  loop::TaskScope publishing_;
  std::vector<std::unique_ptr<publish::Publisher>> publishers_;
  std::unique_ptr<ingest::Rooms> rooms_;
  std::unique_ptr<ingest::Conductor> conductor_;
  std::unique_ptr<push::Subscriber> subscriber_;
  std::unique_ptr<push::Streams> streams_;
  std::unique_ptr<ingest::Explainer> explainer_;
  std::unique_ptr<web::Server> web_;
  std::unique_ptr<web::Server> callbacks_;  // where hubs have an address of their own
  std::chrono::steady_clock::time_point last_tick_;
  bool ready_ = false;
  bool stopping_now_ = false;
  int exit_status_ = 0;
};

}  // namespace tidings
