#include "redis/url.h"

#include <gmock/gmock.h>

#include "redis/backoff.h"

namespace tidings::redis {
namespace {

TEST(RedisUrl, reads_every_part) {
  const auto url = parse_url("redis://us%65r:p%40ss:word@example.org:6380/3");
  ASSERT_TRUE(url) << url.error().message();
  EXPECT_EQ(url->user, "user");
  EXPECT_EQ(url->password, "p@ss:word");
  EXPECT_EQ(url->host, "example.org");
  EXPECT_EQ(url->port, 6380);
  EXPECT_EQ(url->db, 3u);
}

TEST(RedisUrl, fills_in_what_is_not_said) {
  const auto url = parse_url("redis://:secret@[::1]");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->host, "::1");
  EXPECT_EQ(url->port, 6379);
  EXPECT_EQ(url->user, "");
  EXPECT_EQ(to_string(*url), "[::1]:6379") << "without the password";
  EXPECT_EQ(parse_url("redis://localhost/")->db, 0u);
}

TEST(RedisUrl, reads_the_path_of_a_unix_socket) {
  const auto url = parse_url("unix:/run/redis/redis.sock?db=2");
  ASSERT_TRUE(url);
  EXPECT_EQ(url->path, "/run/redis/redis.sock");
  EXPECT_EQ(url->db, 2u);
  EXPECT_EQ(url->host, "");
}

TEST(RedisUrl, says_what_is_wrong) {
  for (const char* bad : {"", "http://a", "redis://", "redis://a:", "redis://a:0", "redis://a:65536", "redis://a:b", "redis://a/x",
                          "redis://user@a", "redis://u:%4@a", "redis://u:%zz@a", "redis://[::1", "redis://[::1]x", "unix:",
                          "unix:/s?db=x", "rediss://a"}) {
    const auto url = parse_url(bad);
    ASSERT_FALSE(url) << bad;
    EXPECT_EQ(url.error().code(), Errc::invalid);
  }
  EXPECT_THAT(parse_url("rediss://a").error().message(), testing::HasSubstr("TLS"));
}

TEST(Backoff, doubles_up_to_its_bound_with_jitter) {
  Backoff backoff(Millis(50), Millis(5000), 1);
  for (const int full : {50, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000}) {
    const auto wait = backoff.next().count();
    EXPECT_GE(wait, full / 2);
    EXPECT_LE(wait, full);
  }
  backoff.reset();
  EXPECT_LE(backoff.next(), Millis(50));
}

TEST(Backoff, differs_from_seed_to_seed) {
  Backoff one(Millis(5000), Millis(5000), 1);
  Backoff two(Millis(5000), Millis(5000), 2);
  EXPECT_NE(one.next(), two.next());
}

}  // namespace
}  // namespace tidings::redis
