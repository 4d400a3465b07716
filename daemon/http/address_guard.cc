#include "http/address_guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>

namespace tidings::http {
namespace {

using Bytes4 = std::array<std::uint8_t, 4>;
using Bytes16 = std::array<std::uint8_t, 16>;

struct Prefix4 {
  Bytes4 bytes;
  unsigned bits;
};
struct Prefix6 {
  Bytes16 bytes;
  unsigned bits;
};

constexpr Prefix4 kNotPublic4[] = {
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private use
    {{100, 64, 0, 0}, 10},    // shared by carriers
    {{127, 0, 0, 0}, 8},      // loopback
    {{169, 254, 0, 0}, 16},   // link-local, and the metadata services of clouds
    {{172, 16, 0, 0}, 12},    // private use
    {{192, 0, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 88, 99, 0}, 24},   // 6to4 relays, withdrawn
    {{192, 168, 0, 0}, 16},   // private use
    {{198, 18, 0, 0}, 15},    // benchmarks
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 4},      // multicast
    {{240, 0, 0, 0}, 4},      // reserved, and broadcast
};

constexpr Prefix6 kGlobal6 = {{0x20}, 3};  // all else is loopback, unique local, link-local, multicast or unassigned
constexpr Prefix6 kNotPublic6[] = {
    {{0x20, 0x01}, 23},              // protocol assignments, with Teredo and ORCHID
    {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
    {{0x3f, 0xff}, 20},              // documentation
};
constexpr Prefix6 kMapped = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
constexpr Prefix6 kNat64 = {{0, 0x64, 0xff, 0x9b}, 96};
constexpr Prefix6 k6to4 = {{0x20, 0x02}, 16};

bool matches(std::span<const std::uint8_t> address, std::span<const std::uint8_t> prefix, unsigned bits) {
  const std::size_t whole = bits / 8;
  if (!std::equal(prefix.begin(), prefix.begin() + static_cast<std::ptrdiff_t>(whole), address.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || ((address[whole] ^ prefix[whole]) >> (8 - rest)) == 0;
}

bool is_public(const Bytes4& address) {
  return std::none_of(std::begin(kNotPublic4), std::end(kNotPublic4),
                      [&](const Prefix4& p) { return matches(address, p.bytes, p.bits); });
}

bool within(const Bytes16& address, const Prefix6& prefix) { return matches(address, prefix.bytes, prefix.bits); }

Bytes4 inner(const Bytes16& address, std::size_t at) {
  return {address[at], address[at + 1], address[at + 2], address[at + 3]};
}

// The interface part of an ISATAP address: 0000:5efe or 0200:5efe, then the IPv4 address (RFC 5214, section 6.1).
bool is_isatap(const Bytes16& a) { return (a[8] & 0xfd) == 0 && a[9] == 0 && a[10] == 0x5e && a[11] == 0xfe; }

bool is_public(const Bytes16& address) {
  if (within(address, kMapped) || within(address, kNat64)) return is_public(inner(address, 12));
  if (within(address, k6to4)) return is_public(inner(address, 2));
  if (!within(address, kGlobal6)) return false;
  if (is_isatap(address) && !is_public(inner(address, 12))) return false;
  return std::none_of(std::begin(kNotPublic6), std::end(kNotPublic6),
                      [&](const Prefix6& p) { return within(address, p); });
}

template <class Bytes>
std::optional<Bytes> read(int family, const std::string& text) {
  Bytes bytes;
  if (inet_pton(family, text.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

std::string bare(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  return std::string(text.substr(0, text.find('%')));
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    Bytes4 bytes;
    std::memcpy(bytes.data(), reinterpret_cast<const char*>(&address) + offsetof(sockaddr_in, sin_addr), bytes.size());
    return is_public(bytes);
  }
  if (address.sa_family == AF_INET6) {
    Bytes16 bytes;
    std::memcpy(bytes.data(), reinterpret_cast<const char*>(&address) + offsetof(sockaddr_in6, sin6_addr), bytes.size());
    return is_public(bytes);
  }
  return false;
}

bool is_public_address(std::string_view text) {
  const std::string address = bare(text);
  if (const auto bytes = read<Bytes4>(AF_INET, address)) return is_public(*bytes);
  if (const auto bytes = read<Bytes16>(AF_INET6, address)) return is_public(*bytes);
  return false;
}

bool is_numeric_address(std::string_view text) {
  const std::string address = bare(text);
  return read<Bytes4>(AF_INET, address) || read<Bytes16>(AF_INET6, address);
}

}  // namespace tidings::http
