#include "dedup/outlet.h"

#include <gtest/gtest.h>

#include "dedup/item_id.h"
#include "made.h"

namespace tidings::dedup {
namespace {

std::string outlet(std::string url, const Options& options = {}) {
  model::Item item = made::item(1, "t", "b", "some-source");
  item.canonical_url = std::move(url);
  return outlet_of(item, options);
}

TEST(OutletTest, is_the_registrable_domain) {
  EXPECT_EQ(outlet("https://www.news.example.co.uk/a"), "example.co.uk");
  EXPECT_EQ(outlet("https://user@Sport.Example.com:8443/a?b#c"), "example.com");
}

TEST(OutletTest, is_the_host_or_the_source_where_there_is_no_domain) {
  EXPECT_EQ(outlet("http://127.0.0.1:8080/a"), "127.0.0.1");
  EXPECT_EQ(outlet("http://[::1]/a"), "[::1]");
  EXPECT_EQ(outlet(""), "some-source");
}

TEST(OutletTest, is_the_owner_of_its_group) {
  Options options;
  options.owners = {{"example.com", "Press House"}, {"some-source", "Wire"}};
  EXPECT_EQ(outlet("https://a.example.com/1", options), "press house");
  EXPECT_EQ(outlet("https://other.org/1", options), "wire");
}

TEST(ItemIdTest, goes_to_bits_and_back) {
  const std::string id = made::id_of(77);
  EXPECT_EQ(item_id(item_key(id)), id);
  const Hash128 key = item_key(id);
  EXPECT_EQ(story_key(story_id(key)), key);
}

TEST(ItemIdTest, takes_any_other_text_by_its_hash) {
  EXPECT_EQ(item_key("abc"), item_key("abc"));
  EXPECT_NE(item_key("abc"), item_key("abd"));
  EXPECT_NE(item_key("urn:tidings:item:zz"), (Hash128{}));
}

TEST(ItemIdTest, has_a_tag_that_is_never_none) {
  EXPECT_EQ(tag_of(std::uint64_t{0}), 0U);
  EXPECT_EQ(tag_of(std::uint64_t{5}), 1U);
  EXPECT_EQ(tag_of(std::uint64_t{7} << 32), 7U);
}

}  // namespace
}  // namespace tidings::dedup
