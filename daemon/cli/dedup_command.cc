// `tidings dedup`: verdicts for documents on standard input, as if they arrived one by one at their published times.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <numeric>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "cli/commands.h"
#include "cli/documents.h"
#include "dedup/deduplicator.h"

namespace tidings::cli {
namespace {

struct DedupOptions {
  dedup::Options dedup;
  bool stories = false;
  bool tally = false;
};

// Ids and stories of the items, as the documents name them.
class Names {
 public:
  void add(const model::Item& item, const std::string& id) {
    names_.emplace(item.id, id);
    names_.emplace("urn:tidings:story:" + item.id.substr(item.id.rfind(':') + 1), id);
  }
  const std::string& of(const std::string& urn) const {
    const auto found = names_.find(urn);
    return found == names_.end() ? urn : found->second;
  }

 private:
  std::unordered_map<std::string, std::string> names_;
};

json::object verdict_line(const std::string& id, const model::Verdict& verdict, const Names& names) {
  json::object out;
  out["id"] = id;
  out["verdict"] = model::name_of(verdict.kind);
  out["group"] = verdict.kind == model::VerdictKind::duplicate ? names.of(verdict.of) : id;
  out["story"] = names.of(verdict.story);
  if (!verdict.of.empty()) out["of"] = names.of(verdict.of);
  out["layer"] = verdict.layer;
  if (verdict.distance >= 0) out["distance"] = verdict.distance;
  if (verdict.similarity >= 0) out["similarity"] = verdict.similarity;
  if (!verdict.changed.empty()) out["changed"] = verdict.changed;
  out["story_size"] = verdict.story_size;
  out["story_outlets"] = verdict.story_outlets;
  return out;
}

// The lines that stand for the documents, in their order; they are decided in the order of their published times.
Result<std::string> verdicts(std::istream& in, dedup::Deduplicator& deduplicator) {
  std::vector<JsonDocument> documents;
  if (auto read = read_documents(in, [&](JsonDocument document) { documents.push_back(std::move(document)); }); !read) return read.error();
  std::vector<std::size_t> order(documents.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return documents[a].item.published.value_or(Time{}) < documents[b].item.published.value_or(Time{});
  });
  Names names;
  for (const auto& document : documents) names.add(document.item, document.id);
  std::unordered_map<std::string, dedup::Known> known;
  std::vector<std::string> lines(documents.size());
  for (const std::size_t i : order) {
    const model::Item& item = documents[i].item;
    const Time now = item.published.value_or(Time{});
    const dedup::Features features = dedup::extract(item, deduplicator.options());
    const auto before = known.find(item.id);
    auto decision = deduplicator.decide(item, features, before == known.end() ? std::nullopt : std::optional(before->second), now);
    if (decision.unchanged) {
      decision.verdict.kind = model::VerdictKind::duplicate;
      decision.verdict.of = item.id;
      decision.verdict.layer = "guid";
      decision.verdict.story = before->second.story;
    } else {
      known[item.id] = {decision.verdict.rev, features.content_hash, now, decision.verdict.story};
    }
    lines[i] = json::serialize(verdict_line(documents[i].id, decision.verdict, names));
  }
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

int run_dedup(const DedupOptions& options) {
  dedup::Deduplicator deduplicator(options.dedup);
  const auto lines = verdicts(std::cin, deduplicator);
  if (!lines) {
    fmt::print(stderr, "tidings dedup: standard input, {}\n", lines.error().message());
    return 1;
  }
  std::cout << *lines;
  if (options.tally) {
    const auto tally = deduplicator.tally();
    fmt::print(stderr, "items {}, candidates {}, verifications {}, stories live {}, bytes of the window {}\n", tally.decided,
               tally.candidates, tally.verifications, deduplicator.stories(), deduplicator.bytes());
  }
  return 0;
}

}  // namespace

CLI::App* add_dedup(CLI::App& app, Run& run) {
  auto options = std::make_shared<DedupOptions>();
  CLI::App* command = app.add_subcommand("dedup", "Read documents as JSON lines, write a verdict for each as a JSON line");
  command->add_flag("--tally", options->tally, "Close with totals on standard error");
  command->add_option("--story-similarity", options->dedup.story_similarity, "Similarity from which an item joins a story")
      ->capture_default_str();
  command->add_option("--copy-containment", options->dedup.copy_containment, "Share of the shorter text that makes a copy")
      ->capture_default_str();
  command->callback([options, &run] { run = [options] { return run_dedup(*options); }; });
  return command;
}

}  // namespace tidings::cli
