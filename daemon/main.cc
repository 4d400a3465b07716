// tidingsd: reads its arguments and configuration, builds the service and runs it.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "checks.h"
#include "service.h"

namespace {

struct Arguments {
  std::string config = "/etc/tidings/tidings.toml";
  std::string state;
  std::string plugins;
};

int run(const Arguments& arguments) {
  using namespace tidings;
  const Log log = Log::to_stderr(LogLevel::info);
  plugin::Plugins plugins(log.room("plugin"));
  const auto load = [&arguments, &plugins] {
    config::Overrides overrides = config::overrides_from_environment();
    if (!arguments.state.empty()) overrides.state_directory = arguments.state;
    if (!arguments.plugins.empty()) overrides.plugin_directory = arguments.plugins;
    return config::load(arguments.config, overrides, checks(plugins));
  };
  config::Loaded loaded = load();
  if (!loaded.config) {
    for (const auto& mistake : loaded.mistakes) log.room("config").error("{}", config::to_string(mistake));
    return 1;
  }
  log.set_threshold(log_level(loaded.config->daemon.log_level));
  asio::io_context context(1);
  Service service(context, std::move(*loaded.config), load, plugins, log);
  if (const auto open = service.open(); !open) {
    log.room("daemon").error("{}", open.error().message());
    return 1;
  }
  return service.run();
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("tidingsd: follows news sources and publishes every story once to Redis streams", "tidingsd");
  app.set_version_flag("--version", TIDINGS_VERSION);
  app.add_option("--config", arguments.config, "The configuration file")->capture_default_str();
  app.add_option("--state", arguments.state, "Keep the state in this folder, whatever the configuration says");
  app.add_option("--plugins", arguments.plugins, "Load plugins from this folder, whatever the configuration says");
  app.footer("Signals: SIGHUP reads the configuration again; SIGTERM stops in order, a second one at once.");
  CLI11_PARSE(app, argc, argv);
  return run(arguments);
}
