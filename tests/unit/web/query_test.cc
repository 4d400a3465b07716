#include "web/query.h"

#include <gtest/gtest.h>

namespace tidings::web {
namespace {

TEST(QueryTest, gives_the_decoded_value_of_a_name) {
  EXPECT_EQ(query_value("item=urn%3Atidings%3aitem&limit=5", "item"), "urn:tidings:item");
  EXPECT_EQ(query_value("item=a&limit=5", "limit"), "5");
  EXPECT_EQ(query_value("item=a+b%20c", "item"), "a b c");
  EXPECT_EQ(query_value("item=a=b&item=c", "item"), "a=b");
}

TEST(QueryTest, is_empty_for_what_is_not_there) {
  EXPECT_EQ(query_value("", "item"), "");
  EXPECT_EQ(query_value("items=a&item", "item"), "");
}

TEST(QueryTest, leaves_what_is_no_escape) {
  EXPECT_EQ(percent_decode("100%"), "100%");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%zz%-1"), "%zz%-1");
  EXPECT_EQ(percent_decode("%C3%A9"), "é");
}

}  // namespace
}  // namespace tidings::web
