#include "ingest/seen.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/hash.h"

namespace tidings::ingest {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kRecord = 4 * sizeof(std::uint64_t);
constexpr std::int64_t kNoDate = INT64_MIN;

std::uint64_t hash_or_none(std::string_view text) { return text.empty() ? 0 : hash64(text); }

// Folds each part in with its length, so that "ab","c" and "a","bc" differ.
class Fold {
 public:
  void add(std::string_view text) { value_ = hash64(text, value_ + text.size()); }
  void add(const model::Text& text) { add(text.value), add(text.src); }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace

schedule::EntryKeys keys_of(const model::Entry& entry) {
  schedule::EntryKeys keys;
  keys.guid = hash_or_none(entry.id);
  keys.url = hash_or_none(entry.link);
  if (keys.guid == 0 && keys.url == 0) {
    Fold fold;
    fold.add(entry.title);
    fold.add(entry.summary);
    keys.guid = fold.value();
  }
  keys.published = entry.published.time;
  return keys;
}

std::uint64_t content_of(const model::Entry& entry) {
  Fold fold;
  fold.add(entry.title);
  fold.add(entry.summary);
  for (const auto& content : entry.content) fold.add(content);
  fold.add(entry.link);
  fold.add(entry.published.raw);
  fold.add(entry.updated.raw);
  for (const auto& author : entry.authors) fold.add(author.name);
  for (const auto& category : entry.categories) fold.add(category.term);
  for (const auto& enclosure : entry.enclosures) fold.add(enclosure.url);
  fold.add(entry.deleted ? "deleted" : "");
  return fold.value();
}

void Seen::add(const Seen& other) {
  keys_.insert(keys_.end(), other.keys_.begin(), other.keys_.end());
  contents_.insert(contents_.end(), other.contents_.begin(), other.contents_.end());
}

void Seen::keep_first(std::size_t most) {
  if (size() <= most) return;
  keys_.resize(most);
  contents_.resize(most);
}

bool Seen::lists(const schedule::EntryKeys& wanted) const {
  return std::any_of(keys_.begin(), keys_.end(), [&](const auto& keys) { return keys.guid == wanted.guid && keys.url == wanted.url; });
}

bool Seen::holds(const Entry& entry) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].guid == entry.keys.guid && keys_[i].url == entry.keys.url && contents_[i] == entry.content) return true;
  }
  return false;
}

std::string Seen::save() const {
  std::string out(1, kVersion);
  out.reserve(1 + size() * kRecord);
  for (std::size_t i = 0; i < size(); ++i) {
    const std::int64_t published = keys_[i].published ? to_micros(*keys_[i].published) : kNoDate;
    const std::array<std::uint64_t, 4> record = {keys_[i].guid, keys_[i].url, static_cast<std::uint64_t>(published), contents_[i]};
    out.append(reinterpret_cast<const char*>(record.data()), kRecord);
  }
  return out;
}

bool Seen::load(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kVersion || (bytes.size() - 1) % kRecord != 0) return false;
  clear();
  for (bytes.remove_prefix(1); !bytes.empty(); bytes.remove_prefix(kRecord)) {
    std::array<std::uint64_t, 4> record{};
    std::memcpy(record.data(), bytes.data(), kRecord);
    Entry entry;
    entry.keys.guid = record[0];
    entry.keys.url = record[1];
    if (const auto published = static_cast<std::int64_t>(record[2]); published != kNoDate) entry.keys.published = from_micros(published);
    entry.content = record[3];
    add(entry);
  }
  return true;
}

}  // namespace tidings::ingest
