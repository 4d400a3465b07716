#include "base/shared.h"

#include <gtest/gtest.h>

#include <string>

namespace tidings {
namespace {

TEST(Shared, copies_are_one_until_one_is_changed) {
  Shared<std::string> a;
  a.edit() = "a";
  Shared<std::string> b = a;
  EXPECT_EQ(&*a, &*b);
  b.edit() += "b";
  EXPECT_EQ(*a, "a");
  EXPECT_EQ(*b, "ab");
}

TEST(Shared, the_default_stays_as_it_is) {
  Shared<std::string> first;
  first.edit() = "changed";
  EXPECT_EQ(*Shared<std::string>(), "");
  EXPECT_EQ(&*Shared<std::string>(), &*Shared<std::string>());
}

TEST(Shared, equal_is_what_has_equal_values) {
  Shared<std::string> a;
  Shared<std::string> b;
  EXPECT_EQ(a, b);
  a.edit() = "x";
  EXPECT_NE(a, b);
  b.edit() = "x";
  EXPECT_EQ(a, b);
}

}  // namespace
}  // namespace tidings
