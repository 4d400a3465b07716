#include "dedup/window.h"

#include <algorithm>
#include <cstring>

namespace tidings::dedup {

KeyTable::KeyTable() : slots_(64) {}

std::uint32_t KeyTable::find(std::uint32_t tag) const {
  if (tag == 0) return kNone;
  for (std::size_t i = place_of(tag); slots_[i].position != kNone; i = i + 1 == slots_.size() ? 0 : i + 1) {
    if (slots_[i].tag == tag) return slots_[i].position;
  }
  return kNone;
}

void KeyTable::put(std::uint32_t tag, std::uint32_t position) {
  if (tag == 0) return;
  if ((used_ + 1) * 100 > slots_.size() * 85) grow();
  std::size_t i = place_of(tag);
  while (slots_[i].position != kNone && slots_[i].tag != tag) i = i + 1 == slots_.size() ? 0 : i + 1;
  used_ += slots_[i].position == kNone;
  slots_[i] = {tag, position};
}

// By a third of what is live, so that little memory lies idle.
void KeyTable::grow() {
  std::vector<Slot> old = std::move(slots_);
  used_ = 0;
  for (const Slot& slot : old) used_ += slot.position != kNone && slot.position >= first_;
  slots_.assign(std::max<std::size_t>(64, used_ * 8 / 5), Slot{});
  for (const Slot& slot : old) {
    if (slot.position == kNone || slot.position < first_) continue;
    std::size_t i = place_of(slot.tag);
    while (slots_[i].position != kNone) i = i + 1 == slots_.size() ? 0 : i + 1;
    slots_[i] = slot;
  }
}

Window::Window(int max_distance, std::size_t max_items) : max_distance_(max_distance) {
  const bool many = max_items > kScanned && max_distance <= NearIndex::kMaxDistance;
  if (many || max_distance <= NearIndex::kNarrow) index_ = std::make_unique<NearIndex>();
}

std::uint32_t Window::add(const Kept& kept, const ItemKeys& keys, std::string_view copy) {
  const std::uint32_t position = next();
  kept_.push_back({kept, store(copy)});
  if (position / kBlock - first_block_ == fingerprints_.size()) fingerprints_.push_back(std::make_unique<Block>());
  (*fingerprints_.back())[position % kBlock] = keys.simhash;
  if (index_) index_->add(keys.simhash, position);
  items_.put(tag_of(kept.item.low | 1), position);
  urls_.put(tag_of(keys.url), position);
  texts_.put(tag_of(keys.text), position);
  titles_.put(tag_of(keys.title), position);
  return position;
}

std::uint32_t Window::store(std::string_view packed) {
  const auto size = static_cast<std::uint16_t>(packed.size());
  if (chunk_used_ + sizeof size + packed.size() > kChunk) {
    chunks_.push_back(std::make_unique<char[]>(kChunk));
    chunk_used_ = 0;
  }
  char* const at = chunks_.back().get() + chunk_used_;
  std::memcpy(at, &size, sizeof size);
  std::memcpy(at + sizeof size, packed.data(), packed.size());
  const auto chunk = static_cast<std::uint16_t>(first_chunk_ + chunks_.size() - 1);
  const std::uint32_t offset = std::uint32_t{chunk} << 16 | static_cast<std::uint32_t>(chunk_used_ / kAlign);
  chunk_used_ += (sizeof size + packed.size() + kAlign - 1) / kAlign * kAlign;
  return offset;
}

CopyFeatures Window::features(std::uint32_t position) const {
  CopyFeatures out = unpack(packed(position));
  out.simhash = fingerprint(position);
  return out;
}

std::string_view Window::packed(std::uint32_t position) const {
  const char* at = place(position);
  std::uint16_t size = 0;
  std::memcpy(&size, at, sizeof size);
  return {at + sizeof size, size};
}

void Window::prefetch_packed(std::uint32_t position) const {
  const char* at = place(position);
  __builtin_prefetch(at);
  __builtin_prefetch(at + 64);
}

std::vector<Near> Window::near(std::uint64_t simhash) const {
  std::vector<Near> out;
  if (index_) return index_->near(simhash, max_distance_);
  std::uint32_t at = first_;
  const std::uint32_t end = next();
  while (at < end) {
    const std::uint32_t in_block = std::min<std::uint32_t>(end - at, kBlock - at % kBlock);
    const std::span block(*fingerprints_[at / kBlock - first_block_]);
    scan(block.subspan(at % kBlock, in_block), simhash, max_distance_, at, out);
    at += in_block;
  }
  return out;
}

void Window::expire(std::uint32_t oldest, std::size_t max_items) {
  const std::uint32_t before = first_;
  while (!kept_.empty() && (kept_.front().kept.seen < oldest || kept_.size() > max_items)) {
    kept_.pop_front();
    ++first_;
  }
  if (first_ == before) return;
  for (KeyTable* table : {&items_, &urls_, &texts_, &titles_}) table->forget_before(first_);
  if (index_) index_->forget_before(first_);
  for (std::size_t gone = kept_.empty() ? chunks_.size() : chunk_of(kept_.front().offset); gone > 0; --gone) {
    chunks_.pop_front();
    ++first_chunk_;
  }
  if (chunks_.empty()) chunk_used_ = kChunk;
  for (; first_block_ < first_ / kBlock && !fingerprints_.empty(); ++first_block_) fingerprints_.pop_front();
}

std::size_t Window::bytes() const {
  return kept_.size() * sizeof(Entry) + fingerprints_.size() * sizeof(Block) + (index_ ? index_->bytes() : 0) + chunks_.size() * kChunk +
         items_.bytes() + urls_.bytes() + texts_.bytes() + titles_.bytes();
}

}  // namespace tidings::dedup
