// Texts that nobody means well with: nothing breaks, and nothing unrelated becomes one.

#include <gtest/gtest.h>


#include "made.h"

namespace tidings::dedup {
namespace {

model::VerdictKind second(const std::string& first, const std::string& then) {
  made::Feed feed;
  feed.tell(made::item(1, "", first));
  return feed.tell(made::item(2, "", then, "other")).verdict.kind;
}

TEST(HostileTextTest, of_nothing_is_new_each_time) {
  for (const char* nothing : {"", " ", "\n\n", "…", "<p></p>", "\u200b\u200b", "&nbsp;"}) EXPECT_EQ(second(nothing, nothing), model::VerdictKind::fresh);
}

TEST(HostileTextTest, of_invalid_utf8_is_read_to_its_end) {
  made::Random random(18);
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (unsigned i = 0, n = random() % 600; i < n; ++i) bytes += static_cast<char>(random());
    const Features features = extract(made::item(1, bytes.substr(0, bytes.size() / 4), bytes), {});
    EXPECT_LE(features.terms.size(), kMaxTerms);
  }
  const std::string text = made::prose(1, 80);
  EXPECT_EQ(second(text, text + "\xC3\x28\xF0\x28\x8C\xBC\xFF"), model::VerdictKind::duplicate);
}

TEST(HostileTextTest, of_one_word_of_ten_megabytes_is_one_word) {
  const std::string huge(10'000'000, 'a');
  const Features features = extract(made::item(1, huge, huge), {});
  EXPECT_LE(features.shingles, 200U);
  EXPECT_LE(features.terms.size(), 2U);
  made::Feed feed;
  EXPECT_EQ(feed.tell(made::item(1, huge, huge)).verdict.kind, model::VerdictKind::fresh);
  EXPECT_LT(feed.tell(made::item(2, "b", huge)).memory.size(), 4096U);
}

TEST(HostileTextTest, with_zero_width_and_bidirectional_controls_is_the_text_without) {
  const std::string text = made::prose(2, 80);
  std::string littered;
  for (std::size_t i = 0; i < text.size(); ++i) {
    littered += text[i];
    if (i % 5 == 0) littered += "\u200b";
    if (i % 11 == 0) littered += "\u202e\u2066\u00ad";
  }
  EXPECT_EQ(extract(made::item(1, "", text), {}).text_key, extract(made::item(1, "", littered), {}).text_key);
  EXPECT_EQ(second(text, littered), model::VerdictKind::duplicate);
}

TEST(HostileTextTest, of_numbers_alone_glues_nothing) {
  EXPECT_EQ(second("1 2 3 4 5 6 7 8 9 10 11 12", "21 22 23 24 25 26 27 28 29 30 31 32"), model::VerdictKind::fresh);
}

TEST(HostileTextTest, that_repeats_itself_costs_no_more_than_its_distinct_parts) {
  std::string text;
  while (text.size() < 1'000'000) text += "again and again ";
  const Features features = extract(made::item(1, "", text), {});
  EXPECT_LE(features.shingles, 40U);
}

TEST(HostileTextTest, of_many_copies_of_one_is_bounded_in_work) {
  made::Feed feed;
  const std::string text = made::prose(3, 60);
  for (std::uint64_t n = 1; n <= 400; ++n) feed.tell(made::item(n, "Title number " + std::to_string(n), text + " " + made::word(n * 977), "s" + std::to_string(n)));
  const Tally tally = feed.dedup().tally();
  EXPECT_LE(tally.verifications, tally.decided * 80);
}

}  // namespace
}  // namespace tidings::dedup
