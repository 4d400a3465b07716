#include "config/url_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/hash.h"
#include "base/text.h"
#include "base/url.h"
#include "config/source_id.h"
#include "config/url_check.h"

namespace tidings::config {
namespace {

constexpr std::size_t kMaxLineBytes = 16 * 1024;

// The words of a line; quotes hold one together. A # that begins a word begins a comment.
class Words {
 public:
  explicit Words(std::string_view line) : line_(line) {}

  // False at the end of the line.
  bool next(std::string_view& word) {
    while (at_ < line_.size() && text::is_ascii_space(line_[at_])) ++at_;
    if (at_ == line_.size() || line_[at_] == '#') return false;
    const bool quoted = line_[at_] == '"';
    const std::size_t begin = at_ + (quoted ? 1 : 0);
    std::size_t end = begin;
    while (end < line_.size() && (quoted ? line_[end] != '"' : !text::is_ascii_space(line_[end]))) ++end;
    open_ = quoted && end == line_.size();
    word = line_.substr(begin, end - begin);
    at_ = std::min(line_.size(), end + (quoted ? 1 : 0));
    return true;
  }
  // The last word began with a quote and had none at its end.
  bool is_open() const { return open_; }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
  bool open_ = false;
};

std::string id_of(const std::string& url) {
  const auto parts = parse_url(url);
  std::string id = parts ? parts->host : std::string();
  if (id.starts_with("www.")) id.erase(0, 4);
  std::replace_if(id.begin(), id.end(), [](char c) { return !is_id({&c, 1}); }, '-');
  return fmt::format("{}-{:012x}", id, hash64(url) >> 16);
}

// What is wrong with the line, or nothing.
std::string read_line(std::string_view line, model::Source& source, std::vector<std::string>& tags) {
  if (line.size() > kMaxLineBytes) return "this line is longer than 16 KiB";
  if (!text::is_valid_utf8(line)) return "this line is not UTF-8";
  Words words(line);
  std::string_view word;
  if (!words.next(word)) return {};
  if (const auto flaw = url_flaw(word); !flaw.empty()) {
    return fmt::format("the first word of a line {}, not '{}'", flaw, text::truncate_utf8(word, 200));
  }
  source.url = word;
  while (words.next(word)) {
    if (words.is_open()) return "a quote has no end";
    if (word.starts_with('~')) {
      source.name = word.substr(1);
    } else if (word.starts_with("id=")) {
      source.id = word.substr(3);
      if (!is_id(source.id)) return fmt::format("the id '{}' must be of small letters, digits, '.', '_' and '-'", source.id);
    } else if (!word.empty() && std::find(tags.begin(), tags.end(), word) == tags.end()) {
      tags.emplace_back(word);
    }
  }
  if (source.id.empty()) source.id = id_of(source.url);
  return {};
}

}  // namespace

bool is_url_list(std::string_view file) { return file.ends_with(".urls"); }

std::vector<SourceDraft> read_url_list(const std::string& file, std::string_view text, std::vector<Mistake>& mistakes) {
  std::vector<SourceDraft> out;
  out.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  // Lines with the same tags share them.
  std::map<std::vector<std::string>, Shared<model::SourceSettings>> settings_by_tags;
  const auto settings_of = [&](std::vector<std::string> tags) {
    const auto [found, is_new] = settings_by_tags.try_emplace(std::move(tags));
    if (is_new && !found->first.empty()) found->second.edit().tags = found->first;
    return found->second;
  };
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    SourceDraft draft;
    std::vector<std::string> tags;
    if (auto wrong = read_line(line, draft.source, tags); !wrong.empty()) {
      mistakes.push_back({file, number, 1, std::move(wrong), {}});
      continue;
    }
    if (draft.source.url.empty()) continue;
    draft.source.settings = settings_of(std::move(tags));
    draft.source.origin = fmt::format("{}:{}", file, number);
    draft.file = file;
    draft.line = number;
    out.push_back(std::move(draft));
  }
  return out;
}

}  // namespace tidings::config
