#include "dedup/marker.h"

#include <gtest/gtest.h>

namespace tidings::dedup {
namespace {

std::uint32_t marker(std::string_view title, std::string_view body = {}) { return find_marker(fold(title, body, 1 << 16)); }

TEST(MarkerTest, is_found_at_the_head_of_title_and_text) {
  EXPECT_NE(marker("UPDATE 2-Storm kills three"), 0U);
  EXPECT_NE(marker("CORRECTED: Storm kills three"), 0U);
  EXPECT_NE(marker("Storm kills three", "Correction: an earlier version had another figure."), 0U);
  EXPECT_NE(marker("ОБНОВЛЕНО: шторм"), 0U);
  EXPECT_NE(marker("Korrektur: Sturm im Norden"), 0U);
}

TEST(MarkerTest, counts_up) {
  EXPECT_NE(marker("UPDATE 1-Storm"), marker("UPDATE 2-Storm"));
  EXPECT_EQ(marker("UPDATE 1-Storm"), marker("UPDATE 1-Flood"));
}

TEST(MarkerTest, is_no_word_of_the_sentence) {
  EXPECT_EQ(marker("Update on the talks in Geneva"), 0U);
  EXPECT_EQ(marker("Storm update brings three corrections"), 0U);
  EXPECT_EQ(marker("", ""), 0U);
}

}  // namespace
}  // namespace tidings::dedup
