// `tidings compare`: how two documents relate and why, or the relations of many pairs.

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <unordered_map>

#include "base/json.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/documents.h"
#include "dedup/compare.h"

namespace tidings::cli {
namespace {

struct CompareOptions {
  dedup::Options dedup;
  std::vector<std::string> files;
  std::string pairs;
  bool json = false;
};

json::object as_json(const dedup::Comparison& how) {
  json::object out;
  out["relation"] = dedup::name_of(how.relation);
  out["layer"] = how.layer;
  out["distance"] = how.distance;
  out["containment"] = how.containment;
  out["jaccard"] = how.jaccard;
  out["terms"] = how.terms;
  out["shared_terms"] = how.shared_terms;
  out["same_figures"] = how.figures.same;
  if (!how.changed.empty()) out["changed"] = how.changed;
  return out;
}

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
    for (auto& member : as_json(dedup::compare(a->second, b->second, rarity, options.dedup))) out.insert(std::move(member));
    std::cout << json::serialize(out) << '\n';
  }
  return {};
}

Result<dedup::Features> read_one(const std::string& file, const dedup::Options& options) {
  std::ifstream in(file);
  if (!in) return Error(Errc::not_found, fmt::format("{} cannot be opened", file));
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto document = parse_document(text);
  if (!document) return Error(document.error().code(), fmt::format("{}: {}", file, document.error().message()));
  return dedup::extract_across(document->item, options);
}

Result<void> compare_two(const CompareOptions& options) {
  const auto a = read_one(options.files[0], options.dedup);
  if (!a) return a.error();
  const auto b = read_one(options.files[1], options.dedup);
  if (!b) return b.error();
  const auto how = dedup::compare(*a, *b, dedup::Rarity(), options.dedup);
  if (options.json) {
    std::cout << json::serialize(as_json(how)) << '\n';
    return {};
  }
  fmt::print("relation     {} (by {})\n", dedup::name_of(how.relation), how.layer);
  fmt::print("fingerprint  {} of 64 bits differ\n", how.distance);
  fmt::print("text         {:.0f} % of the shorter one is in the longer one, {:.0f} % of both is shared\n", 100 * how.containment,
             100 * how.jaccard);
  fmt::print("words        {} weighty words shared, similarity {:.2f}\n", how.shared_terms, how.terms);
  fmt::print("figures      {} the same, {}\n", how.figures.same, how.changed.empty() ? "none changed" : "changed: " + how.changed);
  return {};
}

}  // namespace

CLI::App* add_compare(CLI::App& app, Run& run) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command = app.add_subcommand("compare", "Say how two documents relate, and why");
  command->add_option("files", options->files, "Two files with a JSON document each; with --pairs, one of JSON lines")
      ->required()
      ->expected(1, 2);
  command->add_option("--pairs", options->pairs, "A table with two ids in the first columns of each line; writes JSON lines");
  command->add_option("--copy-containment", options->dedup.copy_containment, "Share of the shorter text that makes a copy")
      ->capture_default_str();
  command->add_option("--pair-similarity", options->dedup.pair_similarity, "Similarity of words that makes one story")
      ->capture_default_str();
  command->add_flag("--json", options->json, "Write JSON");
  command->callback([options, &run] {
    run = [options] {
      const bool many = !options->pairs.empty();
      if (options->files.size() != (many ? 1 : 2)) {
        fmt::print(stderr, "tidings compare: give {}\n", many ? "one file of documents with --pairs" : "two files");
        return 2;
      }
      const auto done = many ? compare_pairs(*options) : compare_two(*options);
      if (!done) fmt::print(stderr, "tidings compare: {}\n", done.error().message());
      return done ? 0 : 1;
    };
  });
  return command;
}

}  // namespace tidings::cli
