#include "dedup/record.h"

#include <gtest/gtest.h>

#include "dedup/sketch.h"
#include "made.h"

namespace tidings::dedup {
namespace {

Remembered remembered() {
  const auto item = made::item(7, "Storm kills 3 in the north", "The storm killed 3.5 thousand of 1,200,000 birds. " + made::prose(4, 200));
  const Features features = extract(item, {});
  Remembered out;
  out.item = item_key(item.id);
  out.head = 99;
  out.story = {5, 6};
  out.merged = {7, 8};
  out.seen = made::kStart;
  out.duplicate = true;
  out.edited = true;
  out.keys = keys_of(features);
  out.source = features.source;
  out.outlet = 17;
  out.language = features.language;
  out.terms = coarsen(weigh(features.terms, {}, features.language, 32));
  out.slots = Rarity::slots_of(features.terms);
  out.copy = pack(copy_features(features));
  return out;
}

void expect_same(const Remembered& a, const Remembered& b) {
  EXPECT_EQ(a.item, b.item);
  EXPECT_EQ(a.head, b.head);
  EXPECT_EQ(a.story, b.story);
  EXPECT_EQ(a.merged, b.merged);
  EXPECT_EQ(a.seen, b.seen);
  EXPECT_EQ(a.duplicate, b.duplicate);
  EXPECT_EQ(a.edited, b.edited);
  EXPECT_EQ(a.keys.url, b.keys.url);
  EXPECT_EQ(a.keys.text, b.keys.text);
  EXPECT_EQ(a.keys.title, b.keys.title);
  EXPECT_EQ(a.keys.simhash, b.keys.simhash);
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.outlet, b.outlet);
  EXPECT_EQ(a.language, b.language);
  EXPECT_EQ(a.terms, b.terms);
  EXPECT_EQ(a.slots, b.slots);
  EXPECT_EQ(a.copy, b.copy);
}

TEST(RecordTest, comes_back_as_it_was) {
  Remembered record = remembered();
  for (const bool own : {false, true}) {
    if (own) {
      record.head = record.item.low;
      record.story = record.item;
      record.merged = {};
      record.duplicate = record.edited = false;
    }
    const auto back = decode(encode(record));
    ASSERT_TRUE(back);
    expect_same(*back, record);
  }
}

TEST(RecordTest, comes_back_empty) {
  const auto back = decode(encode({}));
  ASSERT_TRUE(back);
  expect_same(*back, {});
}

TEST(RecordTest, is_refused_where_any_bit_is_wrong_or_bytes_are_missing) {
  const std::string bytes = encode(remembered());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string broken = bytes;
      broken[i] = static_cast<char>(broken[i] ^ (1 << bit));
      EXPECT_FALSE(decode(broken)) << i;
    }
    EXPECT_FALSE(decode(std::string_view(bytes).substr(0, i)));
  }
  EXPECT_FALSE(decode(bytes + "x"));
  EXPECT_EQ(decode("").error().code(), Errc::corrupt);
}

TEST(RecordTest, is_refused_where_its_check_is_right_and_its_body_is_not) {
  made::Random random(14);
  const std::string bytes = encode(remembered());
  for (int round = 0; round < 2000; ++round) {
    std::string body = bytes.substr(0, 1 + random() % (bytes.size() - 4));
    for (int i = 0; i < 3; ++i) body[random() % body.size()] = static_cast<char>(random());
    Writer out;
    out.bytes(body);
    out.fixed(static_cast<std::uint32_t>(hash64(body)));
    if (const auto back = decode(out.view())) unpack(back->copy);  // must end, whatever it reads
  }
}

TEST(RecordTest, packs_the_features_of_copies) {
  const auto item = made::item(1, "UPDATE 2-Storm kills 3", "The storm killed -3.25 or 17 or 99,999,999,999 people. " + made::prose(5, 500));
  CopyFeatures features = copy_features(extract(item, {}));
  EXPECT_NE(features.marker, 0U);
  ASSERT_GE(features.figures.size(), 3U);
  const CopyFeatures back = unpack(pack(features));
  EXPECT_EQ(back.text_key, features.text_key);
  EXPECT_EQ(back.short_text, features.short_text);
  EXPECT_EQ(back.shingles, features.shingles);
  EXPECT_EQ(back.marker, features.marker);
  EXPECT_EQ(back.sketch, features.sketch);
  EXPECT_EQ(back.figures, features.figures);
}

// Against the full comparison of both sketches.
TEST(RecordTest, passes_no_copy_over_and_most_that_are_none) {
  constexpr double kContainment = 0.5;
  int copies = 0;
  int others = 0;
  int passed_over = 0;
  made::Random random(21);
  const auto hash = [&] { return std::uint64_t{random()} << 32 | random() | 1; };
  const auto features_of = [](const std::vector<Shingle>& all) {
    CopyFeatures out;
    out.shingles = static_cast<std::uint32_t>(all.size());
    out.sketch = make_sketch(all);
    return out;
  };
  for (unsigned round = 0; round < 1000; ++round) {
    std::vector<Shingle> one(200 + random() % 4000);
    for (auto& shingle : one) shingle = hash();
    // From none of it to all, among others.
    std::vector<Shingle> two(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(one.size() * (round % 11) / 10));
    for (unsigned more = 100 + random() % 2000; more > 0; --more) two.push_back(hash());
    const auto a = features_of(one);
    const auto b = features_of(two);
    const Overlap whole = overlap(a.sketch, a.shingles, b.sketch, b.shingles);
    const bool may = may_contain(pack(a), b, kContainment);
    if (whole.containment >= kContainment) {
      ++copies;
      EXPECT_TRUE(may) << round << ": " << whole.containment;
    } else if (whole.containment < 0.05) {
      ++others;
      passed_over += !may;
    }
  }
  EXPECT_GT(copies, 100);
  EXPECT_GT(others, 25);
  EXPECT_GE(passed_over * 2, others);
}

}  // namespace
}  // namespace tidings::dedup
