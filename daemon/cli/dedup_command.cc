// `tidings dedup`: verdicts for documents on standard input, as if they arrived one by one at their published times.

#include <fmt/format.h>

#include <iostream>
#include <unordered_map>

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

int run_dedup(const DedupOptions& options) {
  std::ios::sync_with_stdio(false);
  dedup::Deduplicator deduplicator(options.dedup);
  std::unordered_map<std::string, dedup::Known> known;
  Names names;
  Time now{};
  std::string out;
  const auto read = read_documents(std::cin, [&](JsonDocument document) {
    const model::Item& item = document.item;
    names.add(item, document.id);
    if (item.published) now = std::max(now, *item.published);
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
    out += json::serialize(verdict_line(document.id, decision.verdict, names));
    out += '\n';
    if (out.size() > 1 << 16) {
      std::cout << out;
      out.clear();
    }
  });
  std::cout << out << std::flush;
  if (options.tally) {
    const auto& tally = deduplicator.tally();
    fmt::print(stderr, "items {}, candidates {}, verifications {}, stories live {}, bytes of the window {}\n", tally.decided,
               tally.candidates, tally.verifications, deduplicator.stories(), deduplicator.bytes());
  }
  if (!read) {
    fmt::print(stderr, "tidings dedup: standard input, {}\n", read.error().message());
    return 1;
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
