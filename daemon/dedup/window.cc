#include "dedup/window.h"

#include <algorithm>
#include <cstring>

#include "dedup/record.h"

namespace tidings::dedup {

KeyTable::KeyTable() : slots_(1024) {}

std::uint32_t KeyTable::find(std::uint64_t key) const {
  if (key == 0) return kNone;
  const auto tag = static_cast<std::uint32_t>(key >> 32);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = tag & mask; slots_[i].position != kNone; i = (i + 1) & mask) {
    if (slots_[i].tag == tag) return slots_[i].position;
  }
  return kNone;
}

void KeyTable::put(std::uint64_t key, std::uint32_t position) {
  if (key == 0) return;
  if ((used_ + 1) * 10 > slots_.size() * 7) grow();
  const auto tag = static_cast<std::uint32_t>(key >> 32);
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = tag & mask;
  while (slots_[i].position != kNone && slots_[i].tag != tag) i = (i + 1) & mask;
  used_ += slots_[i].position == kNone;
  slots_[i] = {tag, position};
}

void KeyTable::grow() {
  std::vector<Slot> old = std::move(slots_);
  std::size_t live = 0;
  for (const Slot& slot : old) live += slot.position != kNone && slot.position >= first_;
  std::size_t size = 1024;
  while (size * 7 < (live + live / 2 + 1) * 10) size *= 2;
  slots_.assign(size, Slot{});
  used_ = 0;
  for (const Slot& slot : old) {
    if (slot.position == kNone || slot.position < first_) continue;
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = slot.tag & mask;
    while (slots_[i].position != kNone) i = (i + 1) & mask;
    slots_[i] = slot;
    ++used_;
  }
}

std::uint32_t Window::add(const Kept& kept, const Features& features) {
  const std::uint32_t position = next();
  Writer packed;
  pack_copy_features(packed, features);
  kept_.push_back({kept, store(std::move(packed).take())});
  fingerprints_.push_back(features.simhash);
  items_.put(kept.item.low | 1, position);
  urls_.put(features.url_key, position);
  texts_.put(features.text_key, position);
  titles_.put(features.title_key, position);
  return position;
}

std::uint64_t Window::store(const std::string& packed) {
  if (chunk_used_ + sizeof(std::uint32_t) + packed.size() > kChunk) {
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(kChunk));
    chunk_used_ = 0;
  }
  char* at = chunks_.back().get() + chunk_used_;
  const auto size = static_cast<std::uint16_t>(packed.size());
  std::memcpy(at, &size, sizeof size);
  std::memcpy(at + sizeof size, packed.data(), packed.size());
  const std::uint64_t offset = (first_chunk_ + chunks_.size() - 1) * kChunk + chunk_used_;
  chunk_used_ += sizeof size + packed.size();
  return offset;
}

CopyFeatures Window::features(std::uint32_t position) const {
  const std::uint64_t offset = kept_[position - first_].offset;
  const char* at = chunks_[offset / kChunk - first_chunk_].get() + offset % kChunk;
  std::uint16_t size = 0;
  std::memcpy(&size, at, sizeof size);
  Reader packed({at + sizeof size, size});
  CopyFeatures out = unpack_copy_features(packed);
  out.simhash = fingerprints_[position - fingerprints_first_];
  return out;
}

std::vector<Near> Window::near(std::uint64_t simhash, int max_distance) const {
  const std::size_t gone = first_ - fingerprints_first_;
  std::vector<Near> out = scan(std::span(fingerprints_).subspan(gone), simhash, max_distance);
  for (Near& one : out) one.position += first_;
  return out;
}

void Window::expire(std::uint32_t oldest, std::size_t max_items) {
  while (!kept_.empty() && (kept_.front().kept.seen < oldest || kept_.size() > max_items)) {
    kept_.pop_front();
    ++first_;
  }
  for (KeyTable* table : {&items_, &urls_, &texts_, &titles_}) table->forget_before(first_);
  const std::uint64_t first_used = kept_.empty() ? first_chunk_ + chunks_.size() : kept_.front().offset / kChunk;
  for (; first_chunk_ < first_used && !chunks_.empty(); ++first_chunk_) chunks_.pop_front();
  if (chunks_.empty()) chunk_used_ = kChunk;
  // The fingerprints move together when half of them are gone: each moves once on average.
  const std::size_t gone = first_ - fingerprints_first_;
  if (gone > 4096 && gone * 2 > fingerprints_.size()) {
    fingerprints_.erase(fingerprints_.begin(), fingerprints_.begin() + static_cast<std::ptrdiff_t>(gone));
    fingerprints_first_ = first_;
  }
}

std::size_t Window::bytes() const {
  return kept_.size() * sizeof(Entry) + fingerprints_.capacity() * sizeof(std::uint64_t) + chunks_.size() * kChunk + items_.bytes() +
         urls_.bytes() + texts_.bytes() + titles_.bytes();
}

}  // namespace tidings::dedup
