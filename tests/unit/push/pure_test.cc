// Forms, signatures, discovery, recall and reconnecting: what needs neither a clock nor a socket.
#include <gmock/gmock.h>

#include "push/discovery.h"
#include "push/form.h"
#include "push/recall.h"
#include "push/reconnect.h"
#include "push/signature.h"

namespace tidings::push {
namespace {

using std::chrono::minutes;
using testing::ElementsAre;

const Time kNow = from_micros(1'800'000'000'000'000);

TEST(FormTest, says_what_it_reads) {
  const Form form = {{"hub.topic", "http://a.example/f?x=1&y=%20 ü"}, {"empty", ""}};
  EXPECT_EQ(decode_form(encode_form(form)), form);
  EXPECT_EQ(encode_form({{"a b", "c&d=e"}}), "a+b=c%26d%3De");
}

TEST(FormTest, keeps_broken_escapes_and_lone_names) {
  EXPECT_EQ(decode_form("a=%&b=%4&c=%zz&d&&=e"), (Form{{"a", "%"}, {"b", "%4"}, {"c", "%zz"}, {"d", ""}, {"", "e"}}));
  EXPECT_EQ(value_of(decode_form("x=1&x=2"), "x"), "1");
}

TEST(SignatureTest, agrees_with_published_values) {
  // RFC 2202, case 2, and RFC 4231, case 2.
  const std::string_view key = "Jefe";
  const std::string_view body = "what do ya want for nothing?";
  EXPECT_EQ(sign("sha1", key, body), "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(sign("sha256", key, body), "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(sign("sha384", key, body), "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649");
  EXPECT_EQ(sign("sha512", key, body),
            "sha512=164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

TEST(SignatureTest, takes_each_method_and_refuses_all_else) {
  for (const char* method : {"sha1", "sha256", "sha384", "sha512"}) {
    const std::string good = sign(method, "secret", "body");
    EXPECT_EQ(check_signature(good, "secret", "body"), Signature::good) << method;
    EXPECT_EQ(check_signature(good, "Secret", "body"), Signature::wrong) << method;
    EXPECT_EQ(check_signature(good, "secret", "body "), Signature::wrong) << method;
    EXPECT_EQ(check_signature(good.substr(0, good.size() - 2), "secret", "body"), Signature::wrong) << method;
  }
  EXPECT_EQ(check_signature("", "secret", "body"), Signature::missing);
  for (const char* other : {"sha1", "=", "md5=00", "sha256=", "sha224=00"}) EXPECT_EQ(check_signature(other, "secret", "body"), Signature::wrong) << other;
}

TEST(DiscoveryTest, reads_links_as_they_are_written) {
  const auto links = read_links(R"(<hub>; rel="Hub alternate"; title="a, \"b\"; c", </f>;rel=self , <x>; anchor="/y"; rel=hub, <z>)", "http://a.example/d/f");
  ASSERT_EQ(links.size(), 3U);
  EXPECT_EQ(links[0].rel + " " + links[0].url, "hub http://a.example/d/hub");
  EXPECT_EQ(links[1].rel, "alternate");
  EXPECT_EQ(links[2].rel + " " + links[2].url, "self http://a.example/f");
}

TEST(DiscoveryTest, is_not_led_astray_by_broken_links) {
  for (const char* broken : {"", "<", "<a", "a>; rel=hub", "<a>;;;", "<a>; rel", "<a>; rel=\"hub", ",,,;"}) {
    const auto links = read_links(broken, "http://a.example/");
    EXPECT_LE(links.size(), 1U) << broken;
  }
}

TEST(DiscoveryTest, takes_headers_before_the_document) {
  model::Feed feed;
  feed.self = "http://a.example/self";
  feed.hubs = {"http://h.example/one", "javascript:x", "http://h.example/one"};
  const Hints document = discover("http://a.example/f", {}, feed);
  EXPECT_EQ(document.topic, "http://a.example/self");
  EXPECT_THAT(document.hubs, ElementsAre("http://h.example/one"));
  const Hints headers = discover("http://a.example/f", {"<http://h.example/two>; rel=hub", "</canonical>; rel=self"}, feed);
  EXPECT_EQ(headers.topic, "http://a.example/canonical");
  EXPECT_THAT(headers.hubs, ElementsAre("http://h.example/two"));
}

TEST(DiscoveryTest, takes_the_feeds_own_address_where_it_names_none) {
  model::Feed feed;
  feed.hubs = {"/hub"};
  EXPECT_EQ(discover("http://a.example/f", {}, feed).topic, "http://a.example/f");
  EXPECT_THAT(discover("http://a.example/f", {}, feed).hubs, ElementsAre("http://a.example/hub"));
  EXPECT_TRUE(discover("http://a.example/f", {}, {}).empty());
}

std::vector<std::uint64_t> keys(std::uint64_t from, std::uint64_t to) {
  std::vector<std::uint64_t> out;
  for (auto key = from; key < to; ++key) out.push_back(key);
  return out;
}

TEST(RecallTest, proves_nothing_at_first_and_more_with_each_item) {
  Recall recall;
  EXPECT_LT(recall.proven(), 0.1);
  double last = recall.proven();
  for (std::uint64_t n = 0; n < 5; ++n) {
    recall.brought(keys(n * 20, n * 20 + 20), keys(n * 20, n * 20 + 20));
    EXPECT_GT(recall.proven(), last);
    last = recall.proven();
  }
  EXPECT_GT(last, 0.95);
}

TEST(RecallTest, counts_as_missed_only_what_does_not_come_in_time) {
  Recall recall;
  recall.expect(keys(1, 5), kNow);
  recall.brought(keys(1, 3), {});
  recall.settle(kNow + minutes(4), minutes(5));
  EXPECT_EQ(recall.misses(), 0);
  recall.settle(kNow + minutes(5), minutes(5));
  EXPECT_EQ(recall.hits(), 2);
  EXPECT_EQ(recall.misses(), 2);
  recall.settle(kNow + minutes(50), minutes(5));
  EXPECT_EQ(recall.misses(), 2);
}

TEST(RecallTest, gives_no_credit_for_what_was_shown_before) {
  Recall recall;
  recall.brought(keys(0, 10), keys(0, 1));
  EXPECT_EQ(recall.hits(), 1);
}

TEST(RecallTest, notices_a_hub_that_breaks) {
  Recall recall;
  recall.brought({}, keys(0, 5000));
  EXPECT_GT(recall.proven(), 0.97);
  for (std::uint64_t n = 0; n < 200; ++n) recall.expect({n}, kNow);
  recall.settle(kNow + minutes(10), minutes(5));
  EXPECT_LT(recall.proven(), 0.6);
}

TEST(RecallTest, takes_no_nonsense_from_the_store) {
  for (const auto& [hits, misses] : {std::pair(-1.0, 0.0), std::pair(0.0, std::numeric_limits<double>::quiet_NaN())}) {
    EXPECT_EQ(Recall(hits, misses).hits(), 0);
  }
  EXPECT_LE(Recall(1e9, 0).hits(), 1000);
}

TEST(ReconnectTest, waits_longer_after_each_failure_and_is_quick_after_a_good_connection) {
  Options options;
  Reconnect policy("wire", options);
  Millis last(0);
  for (int n = 0; n < 5; ++n) {
    const Millis wait = policy.ended(false, std::nullopt);
    EXPECT_GE(wait, options.stream_backoff_base * (1 << n) / 2);
    EXPECT_LE(wait, options.stream_backoff_base * (1 << n));
    last = wait;
  }
  for (int n = 0; n < 40; ++n) last = policy.ended(false, std::nullopt);
  EXPECT_LE(last, options.stream_backoff_max);
  EXPECT_LE(policy.ended(true, std::nullopt), options.stream_backoff_base);
}

TEST(ReconnectTest, never_comes_earlier_than_asked) {
  Reconnect policy("wire", {});
  for (int n = 0; n < 10; ++n) EXPECT_GE(policy.ended(true, minutes(7)), minutes(7));
}

}  // namespace
}  // namespace tidings::push
