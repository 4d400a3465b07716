// `tidings compare`: how two documents relate and why, or the relations of many pairs.

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <unordered_map>

#include "base/json.h"
#include "base/text.h"
#include "cli/api_client.h"
#include "cli/commands.h"
#include "cli/documents.h"
#include "cli/explain_text.h"
#include "cli/settings.h"
#include "dedup/compare_json.h"
#include "dedup/wording.h"

namespace tidings::cli {
namespace {

constexpr std::size_t kWords = 12;

struct CompareOptions {
  dedup::Options dedup;
  std::vector<std::string> files;
  std::string pairs;
  std::string config;
  std::string listen;
  bool json = false;
};

Result<std::unordered_map<std::string, dedup::Features>> read_features(const std::string& file, const dedup::Options& options,
                                                                       dedup::Rarity& rarity) {
  std::ifstream in(file);
  if (!in) return Error(Errc::not_found, fmt::format("{} cannot be opened", file));
  std::unordered_map<std::string, dedup::Features> out;
  const auto read = read_documents(in, [&](JsonDocument document) {
    auto features = dedup::extract_across(document.item, options);
    rarity.learn(features);
    out.insert_or_assign(std::move(document.id), std::move(features));
  });
  if (!read) return Error(read.error().code(), fmt::format("{}, {}", file, read.error().message()));
  return out;
}

Result<void> compare_pairs(const CompareOptions& options) {
  dedup::Rarity rarity;
  const auto features = read_features(options.files.front(), options.dedup, rarity);
  if (!features) return features.error();
  std::ifstream in(options.pairs);
  if (!in) return Error(Errc::not_found, fmt::format("{} cannot be opened", options.pairs));
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    const auto fields = text::split(line, '\t');
    if (fields.size() < 2 || (number == 1 && fields[0] == "id_a")) continue;
    const auto a = features->find(std::string(fields[0]));
    const auto b = features->find(std::string(fields[1]));
    if (a == features->end() || b == features->end()) {
      return Error(Errc::not_found, fmt::format("{}:{}: no document has the id '{}'", options.pairs, number,
                                                a == features->end() ? fields[0] : fields[1]));
    }
    json::object out;
    out["a"] = fields[0];
    out["b"] = fields[1];
    for (auto& member : dedup::to_json(dedup::compare(a->second, b->second, rarity, options.dedup))) out.insert(std::move(member));
    std::cout << json::serialize(out) << '\n';
  }
  return {};
}

Result<model::Item> read_one(const std::string& file) {
  std::ifstream in(file);
  if (!in) return Error(Errc::not_found, fmt::format("{} cannot be opened", file));
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  auto document = parse_document(text);
  if (!document) return Error(document.error().code(), fmt::format("{}: {}", file, document.error().message()));
  return std::move(document->item);
}

Result<void> compare_two(const CompareOptions& options) {
  const auto a = read_one(options.files[0]);
  if (!a) return a.error();
  const auto b = read_one(options.files[1]);
  if (!b) return b.error();
  const dedup::Rarity rarity;
  json::object out = dedup::to_json(dedup::compare(dedup::extract_across(*a, options.dedup), dedup::extract_across(*b, options.dedup), rarity, options.dedup));
  for (auto& member : dedup::to_json(dedup::compare_words(*a, *b, rarity, kWords))) out.insert(std::move(member));
  if (options.json) {
    std::cout << json::serialize(out) << '\n';
  } else {
    fmt::print("{}", comparison_text(out, Terminal::of_stdout()));
  }
  return {};
}

// Two items that the daemon knows, rather than files.
bool are_items(const CompareOptions& options) {
  return std::all_of(options.files.begin(), options.files.end(), [](const std::string& name) {
    return name.starts_with("urn:tidings:item:") || name.starts_with("http://") || name.starts_with("https://");
  });
}

int compare_items(const CompareOptions& options) {
  const std::string path = fmt::format("/api/compare?first={}&second={}", percent_encode(options.files[0]), percent_encode(options.files[1]));
  return show_answer("compare", options.config, options.listen, path, options.json, [](const json::object& answer, const Terminal& terminal) {
    return comparison_text(answer, terminal);
  });
}

}  // namespace

CLI::App* add_compare(CLI::App& app, Run& run) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command = app.add_subcommand("compare", "Say how two documents, or two items of the running daemon, relate, and why");
  command->add_option("files", options->files, "Two files with a JSON document each, or two items by id or URL; with --pairs, a file of JSON lines")
      ->required()
      ->expected(1, 2);
  command->add_option("--pairs", options->pairs, "A table with two ids in the first columns of each line; writes JSON lines");
  command->add_option("--copy-containment", options->dedup.copy_containment, "Share of the shorter text that makes a copy")
      ->capture_default_str();
  command->add_option("--pair-similarity", options->dedup.pair_similarity, "Similarity of words that makes one story")
      ->capture_default_str();
  command->add_flag("--json", options->json, "Write JSON");
  command->add_option("--listen", options->listen, "For items: the daemon's address, as option web.listen; else that of the configuration");
  add_config_option(*command, options->config);
  command->callback([options, &run] {
    run = [options] {
      const bool many = !options->pairs.empty();
      if (options->files.size() != (many ? 1 : 2)) {
        fmt::print(stderr, "tidings compare: give {}\n", many ? "one file of documents with --pairs" : "two files, or two items");
        return 2;
      }
      if (!many && are_items(*options)) return compare_items(*options);
      const auto done = many ? compare_pairs(*options) : compare_two(*options);
      if (!done) fmt::print(stderr, "tidings compare: {}\n", done.error().message());
      return done ? 0 : 1;
    };
  });
  return command;
}

}  // namespace tidings::cli
