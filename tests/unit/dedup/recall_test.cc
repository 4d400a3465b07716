#include "dedup/recall.h"

#include <gtest/gtest.h>

#include "made.h"

namespace tidings::dedup {
namespace {

const std::string kText = "Police said 3 people were hurt when a bus left the road near Lindale on Monday. " + made::prose(1, 120);

bool again(const model::Item& told, const model::Item& shown) {
  made::Feed feed;
  return tells_the_same(feed.tell(told).memory, extract(shown, {}), {});
}

TEST(RecallTest, knows_the_same_text_of_the_same_source_under_another_id) {
  EXPECT_TRUE(again(made::item(1, "Bus leaves the road", kText), made::item(2, "Bus leaves the road", kText)));
  EXPECT_TRUE(again(made::item(1, "Live", ""), made::item(2, "Live", "")));
}

TEST(RecallTest, does_not_take_an_edit_or_another_source_for_it) {
  std::string later = kText;
  later.replace(later.find("3 people"), 8, "7 people");
  EXPECT_FALSE(again(made::item(1, "Bus leaves the road", kText), made::item(2, "Bus leaves the road", later)));
  EXPECT_FALSE(again(made::item(1, "Bus leaves the road", kText, "one"), made::item(2, "Bus leaves the road", kText, "two")));
  EXPECT_FALSE(again(made::item(1, "Live", kText), made::item(2, "Live", made::prose(9, 100))));
}

TEST(RecallTest, says_no_of_what_it_cannot_read) {
  EXPECT_FALSE(tells_the_same("", extract(made::item(2, "Bus", kText), {}), {}));
  EXPECT_FALSE(tells_the_same("no record", extract(made::item(2, "Bus", kText), {}), {}));
}

}  // namespace
}  // namespace tidings::dedup
