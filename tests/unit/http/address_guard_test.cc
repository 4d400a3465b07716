#include "http/address_guard.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <cstring>
#include <string>

#include "http/options.h"
#include "http/route.h"
#include "http/target.h"

namespace tidings::http {
namespace {

// Addresses that must not be reached, as numbers.
constexpr const char* kNotPublic[] = {
    "0.0.0.0", "0.1.2.3", "0.255.255.255", "10.0.0.0", "10.1.2.3", "10.255.255.255", "100.64.0.0", "100.100.100.200",
    "100.127.255.255", "127.0.0.1", "127.1.2.3", "127.255.255.255", "169.254.0.1", "169.254.169.254", "169.254.170.2",
    "169.254.255.255", "172.16.0.0", "172.17.0.1", "172.31.255.255", "192.0.0.0", "192.0.0.192", "192.0.0.255",
    "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.1.1", "192.168.255.255", "198.18.0.0", "198.19.255.255",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "250.1.1.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::127.0.0.1", "::10.0.0.1", "::8.8.8.8", "::ffff:0:0", "::ffff:127.0.0.1",
    "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:192.168.1.1", "::ffff:0.0.0.0",
    "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8",
    "64:ff9b:1::7f00:1", "100::1", "100:0:0:1::1", "2001::1", "2001:0:7f00:1::", "2001:2::1", "2001:10::1", "2001:20::1",
    "2001:1ff:ffff::1", "2001:db8::1", "2001:db8:ffff::1", "2002:7f00:1::", "2002:7f00:0001::1", "2002:a00:1::",
    "2002:c0a8:101::1", "2002:a9fe:a9fe::", "2002:e000:1::", "2a00:1450:4001::5efe:127.0.0.1",
    "2a00:1450:4001::200:5efe:10.0.0.1", "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd00::1",
    "fd00:ec2::254", "fdff:ffff::1", "fe80::1", "fe80::1%lo", "febf::1", "fec0::1", "feff::1", "ff00::1", "ff02::1",
    "ff0e::1", "1::1", "8000::1", "e000::1",
};

constexpr const char* kPublic[] = {
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
    "198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "2001:200::1", "2001:4860:4860::8888",
    "2001:db7:ffff::1", "2001:db9::1", "2606:4700::1111", "2a00:1450:4001:800::200e", "3ffe::1", "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8", "2002:808:808::1", "2a00:1450:4001::5efe:8.8.8.8",
};

// URLs that name such an address in ways that have fooled filters. Each must be refused before a name is looked up, or
// be no URL at all.
constexpr const char* kBypassUrls[] = {
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
    "http://0x7f.0x0.0x0.0x1/", "http://0177.0.0.1/", "http://0177.1/", "http://017700000001/", "http://127.0.0.1./",
    "http://000177.0.0.1/", "http://127.000.000.001/", "http://0/", "http://0.0.0.0/", "http://0x0/", "http://00/",
    "http://127.0.0.1:80/", "http://127.0.0.1:443/", "https://127.0.0.1/", "HTTP://127.0.0.1/", "http://user@127.0.0.1/",
    "http://example.org@127.0.0.1/", "http://example.org:80@127.0.0.1/", "http://127.0.0.1#@example.org/",
    "http://127.0.0.1?@example.org/", "http://127.0.0.1/@example.org", "http://example.org%40127.0.0.1/",
    "http://127%2e0%2e0%2e1/", "http://%31%32%37.0.0.1/", "http://localhost/", "http://LOCALHOST/", "http://localhost./",
    "http://a.localhost/", "http://localhost:80/", "http://user:pw@localhost/", "http://[::1]/", "http://[::]/",
    "http://[0:0:0:0:0:0:0:1]/", "http://[0000::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/", "http://[2002:7f00:1::]/",
    "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fd00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/",
    "http://[::1", "http://::1/", "http://169.254.169.254/latest/meta-data/", "http://2852039166/", "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/", "http://169.254.43518/", "http://169.16689662/", "http://[::ffff:169.254.169.254]/",
    "http://10.0.0.1/", "http://10.1/", "http://0xa000001/", "http://012.1/", "http://192.168.1.1/", "http://192.168.257/",
    "http://3232235777/", "http://172.16.0.1/", "http://100.64.0.1/", "http://198.18.0.1/", "http://224.0.0.1/",
    "http://255.255.255.255/", "http://4294967295/", "http://example.org:22/", "http://example.org:6379/",
    "http://example.org:25/", "http://example.org:65535/", "http://example.org:0/", "http://example.org:65616/",
    "http:127.0.0.1/", "http:/127.0.0.1/", "http:///127.0.0.1/", "http:\\\\127.0.0.1\\",
    "//127.0.0.1/", "127.0.0.1", "localhost", "file:///etc/passwd", "file://localhost/etc/passwd", "ftp://127.0.0.1/",
    "gopher://127.0.0.1:6379/_PING", "dict://127.0.0.1:6379/info", "ldap://127.0.0.1/", "tftp://127.0.0.1/x",
    "smb://127.0.0.1/x", "telnet://127.0.0.1", "ws://127.0.0.1/", "jar:http://127.0.0.1!/", "data:text/plain,x",
    "javascript:alert(1)", "unix:/run/redis.sock", "http://\t127.0.0.1/", "http://127.0.0.1\n/", "http://127.0.0.1\r\nHost: x/",
    "http:// 127.0.0.1/", " http://127.0.0.1/", "http://127.0.0.1 /", "http://\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1:22/",
};

TEST(AddressGuard, nothing_private_is_public) {
  for (const char* address : kNotPublic) {
    EXPECT_FALSE(is_public_address(address)) << address;
    EXPECT_TRUE(is_numeric_address(address)) << address;
  }
}

TEST(AddressGuard, the_edges_of_the_ranges_are_public) {
  for (const char* address : kPublic) EXPECT_TRUE(is_public_address(address)) << address;
}

TEST(AddressGuard, what_is_no_address_is_not_public) {
  for (const char* text : {"", "example.org", "1.2.3", "1.2.3.4.5", "256.1.1.1", ":::", "[", "[]", "8.8.8.8 "}) {
    EXPECT_FALSE(is_public_address(text)) << text;
    EXPECT_FALSE(is_numeric_address(text)) << text;
  }
  EXPECT_TRUE(is_public_address("[2606:4700::1111]"));
}

TEST(AddressGuard, socket_addresses_are_judged_as_their_text_is) {
  const auto judge = [](const char* text) {
    sockaddr_storage storage{};
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    const std::string bare = std::string(text).substr(0, std::string_view(text).find('%'));
    storage.ss_family = AF_INET;
    if (inet_pton(AF_INET, bare.c_str(), &v4->sin_addr) != 1) {
      storage.ss_family = AF_INET6;
      EXPECT_EQ(inet_pton(AF_INET6, bare.c_str(), &v6->sin6_addr), 1) << text;
    }
    return is_public(reinterpret_cast<const sockaddr&>(storage));
  };
  for (const char* address : kNotPublic) EXPECT_FALSE(judge(address)) << address;
  for (const char* address : kPublic) EXPECT_TRUE(judge(address)) << address;
}

TEST(AddressGuard, other_families_are_not_public) {
  sockaddr address{};
  address.sa_family = AF_UNIX;
  EXPECT_FALSE(is_public(address));
}

TEST(AddressGuard, no_url_passes_that_names_a_private_address) {
  static_assert(std::size(kBypassUrls) + std::size(kNotPublic) >= 190);
  const Options options;
  for (const char* url : kBypassUrls) {
    const auto target = parse_target(url);
    if (!target) continue;
    EXPECT_TRUE(objection(*target, options, false)) << url << " became " << target->url;
  }
}

TEST(AddressGuard, the_same_holds_for_redirects) {
  const Options options;
  for (const char* url : kBypassUrls) {
    Request request;
    request.url = "http://example.org/feed";
    auto route = Route::begin(request, options);
    ASSERT_TRUE(route);
    const auto followed = route->follow(302, url);
    // What is read as a path stays at the origin.
    EXPECT_TRUE(!followed || route->target().host == "example.org") << url << " led to " << route->target().url;
  }
}

}  // namespace
}  // namespace tidings::http
