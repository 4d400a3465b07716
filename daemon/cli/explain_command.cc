// `tidings explain` and `tidings stories`: why an item has its verdict, and which stories live.

#include <fmt/format.h>

#include <memory>

#include "cli/api_client.h"
#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/explain_text.h"
#include "cli/settings.h"

namespace tidings::cli {
namespace {

struct Question {
  std::string config;
  std::string listen;
  std::string id;
  std::string sort = "outlets";
  std::size_t limit = 20;
  bool json = false;
};

void add_shared(CLI::App& command, Question& question) {
  command.add_option("--listen", question.listen, "The daemon's address, as option web.listen; else that of the configuration");
  command.add_flag("--json", question.json, "As the daemon gives it, for a program");
  add_config_option(command, question.config);
}

int stories(const Question& question) {
  const std::string path = question.id.empty() ? fmt::format("/api/stories?sort={}&limit={}", question.sort, question.limit)
                                               : "/api/stories/" + percent_encode(question.id);
  return show_answer("stories", question.config, question.listen, path, question.json, [&](const json::object& answer, const Terminal& terminal) {
    return question.id.empty() ? story_table(answer, system_now(), terminal) : story_sheet(answer, system_now(), terminal);
  });
}

}  // namespace

CLI::App* add_explain(CLI::App& app, Run& run) {
  auto question = std::make_shared<Question>();
  auto* command = app.add_subcommand("explain", "Say why an item has its verdict: which layer decided, what is alike, what changed");
  command->add_option("ID", question->id, "The item's id, or the URL of its page")->required();
  add_shared(*command, *question);
  command->footer("Asks the running daemon.\n\n" + exit_statuses("explained", "no daemon answers, or it does not know the item"));
  command->callback([question, &run] {
    run = [question] {
      return show_answer("explain", question->config, question->listen, "/api/explain?item=" + percent_encode(question->id), question->json, explanation_text);
    };
  });
  return command;
}

CLI::App* add_stories(CLI::App& app, Run& run) {
  auto question = std::make_shared<Question>();
  auto* command = app.add_subcommand("stories", "List the live stories of the running daemon, or the items of one");
  command->add_option("ID", question->id, "This story only, with its items");
  command->add_option("--sort", question->sort, "What comes first: most outlets, most items (size), the last told, the first told")
      ->check(CLI::IsMember({"outlets", "size", "last", "first"}))
      ->capture_default_str();
  command->add_option("--limit", question->limit, "So many stories")->check(CLI::Range(1, 1000))->capture_default_str();
  add_shared(*command, *question);
  command->footer("Outlets are independent ones: copies and outlets of one owner count once.\n\n" +
                  exit_statuses("shown", "no daemon answers, or it has no such story"));
  command->callback([question, &run] { run = [question] { return stories(*question); }; });
  return command;
}

}  // namespace tidings::cli
