// `tidings parse`: what a feed says, how it was read and what is wrong with it.

#include <cstdio>
#include <iostream>
#include <memory>

#include "base/clock.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/fetch.h"
#include "cli/lint.h"
#include "cli/parse_document.h"
#include "cli/parse_json.h"
#include "cli/parse_text.h"

namespace tidings::cli {
namespace {

struct Options {
  std::string from;
  std::string url;
  std::string content_type;
  std::string content_location;
  std::string content_language;
  bool json = false;
  bool json_lines = false;
  bool lint = false;
};

void write(std::string_view s) { std::fwrite(s.data(), 1, s.size(), stdout); }

void add_header(ParseInput& input, const char* name, const std::string& value) {
  if (!value.empty()) input.headers.push_back({name, value});
}

bool is_url(std::string_view s) {
  return text::starts_with_ignoring_case(s, "http://") || text::starts_with_ignoring_case(s, "https://");
}

// One request a line, {"file", "url", "headers"}; one answer a line, empty where it could not be read.
int answer_lines() {
  std::string line;
  while (std::getline(std::cin, line)) {
    const auto request = json::parse(line);
    if (!request || !request->is_object()) {
      write("\n");
      continue;
    }
    const json::object& object = request->get_object();
    auto input = read_input(std::string(json::string_at(object, "file")));
    if (!input) {
      write("\n");
      continue;
    }
    input->url = json::string_at(object, "url");
    if (const auto* headers = object.if_contains("headers"); headers && headers->is_object()) {
      for (const auto& header : headers->get_object()) {
        if (header.value().is_string()) input->headers.push_back({std::string(header.key()), std::string(header.value().get_string())});
      }
    }
    const Parsed parsed = parse_document(*input);
    if (parsed.plugin.empty()) {
      write("\n");
    } else {
      write_json(parsed, true, write);
    }
    std::fflush(stdout);
  }
  return 0;
}

// A person who names an address may mean one of this machine.
Result<ParseInput> input_of(const Options& options) {
  if (!is_url(options.from)) return read_input(options.from);
  http::Options http;
  http.allow_private = true;
  return fetch_url(options.from, http);
}

int parse(const Options& options) {
  if (options.json_lines) return answer_lines();
  auto input = input_of(options);
  if (!input) {
    std::cerr << "tidings parse: " << input.error().message() << '\n';
    return 1;
  }
  if (!options.url.empty()) input->url = options.url;
  add_header(*input, "content-type", options.content_type);
  add_header(*input, "content-location", options.content_location);
  add_header(*input, "content-language", options.content_language);
  Parsed parsed = parse_document(*input);
  const bool is_good = !parsed.plugin.empty();
  if (options.lint) {
    std::vector<model::Warning>& warnings = parsed.document.warnings;
    if (is_good) {
      for (model::Warning& w : lint(parsed.document, system_now())) warnings.push_back(std::move(w));
    }
    sort_by_line(warnings);
  }
  if (options.json) {
    write_json(parsed, !options.lint, write);
  } else if (options.lint) {
    write(lint_text(parsed, options.from));
  } else if (is_good) {
    write(document_text(parsed, options.from));
  } else {
    for (const model::Warning& w : parsed.document.warnings) {
      if (w.severity == model::Warning::Severity::error) std::cerr << options.from << ": " << w.message << '\n';
    }
  }
  return is_good ? 0 : 1;
}

}  // namespace

CLI::App* add_parse(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("parse", "Show what a feed says, how it was read and what is wrong with it");
  auto options = std::make_shared<Options>();
  options->from = "-";
  command->add_option("from", options->from, "A file, a URL, or - for standard input")->capture_default_str();
  command->add_flag("--json", options->json, "One JSON object");
  command->add_flag("--json-lines", options->json_lines, "Answer requests {\"file\", \"url\", \"headers\"}, one JSON object a line each");
  command->add_flag("--lint", options->lint, "Only what is wrong, with line numbers");
  command->add_option("--url", options->url, "Read it as if it came from there");
  command->add_option("--content-type", options->content_type, "Read it as if this header came with it");
  command->add_option("--content-location", options->content_location, "The same");
  command->add_option("--content-language", options->content_language, "The same");
  command->callback([&run, options] { run = [options] { return parse(*options); }; });
  return command;
}

}  // namespace tidings::cli
