#include "redis/url.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace tidings::redis {
namespace {

template <class Integer>
bool parse_number(std::string_view text, Integer& value) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded.push_back(text[i]);
      continue;
    }
    unsigned char byte = 0;
    const auto digits = text.substr(i + 1, 2);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || read.ptr != digits.data() + 2) return std::nullopt;
    decoded.push_back(static_cast<char>(byte));
    i += 2;
  }
  return decoded;
}

bool parse_host(std::string_view text, Address& address) {
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return false;
    address.host = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (!text.empty() && !text.starts_with(':')) return false;
    port = text.empty() ? text : text.substr(1);
    if (text == ":") return false;
  } else {
    const auto colon = text.find(':');
    address.host = text.substr(0, colon);
    if (colon != std::string_view::npos) {
      port = text.substr(colon + 1);
      if (port.empty()) return false;
    }
  }
  return !address.host.empty() && (port.empty() || (parse_number(port, address.port) && address.port != 0));
}

}  // namespace

Result<Address> parse_url(std::string_view url) {
  const auto bad = [](std::string_view why) {
    return Error(Errc::invalid, fmt::format("the Redis URL {}: write redis://[user:password@]host[:port][/db] or unix:PATH", why));
  };
  Address address;
  if (url.starts_with("unix:")) {
    url.remove_prefix(5);
    if (url.starts_with("//")) url.remove_prefix(2);
    const auto query = url.find("?db=");
    address.path = url.substr(0, query);
    if (query != std::string_view::npos && !parse_number(url.substr(query + 4), address.db)) return bad("has a database that is no number");
    if (address.path.empty()) return bad("has no path");
    return address;
  }
  if (url.starts_with("rediss:")) return bad("asks for TLS, which is not supported (use a local TLS proxy)");
  if (!url.starts_with("redis://")) return bad("does not begin with redis:// or unix:");
  url.remove_prefix(8);
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    const auto login = url.substr(0, at);
    url.remove_prefix(at + 1);
    const auto colon = login.find(':');
    if (colon == std::string_view::npos) return bad("has a user without a password");
    auto user = percent_decoded(login.substr(0, colon));
    auto password = percent_decoded(login.substr(colon + 1));
    if (!user || !password) return bad("has a broken percent-encoding");
    address.user = std::move(*user);
    address.password = std::move(*password);
  }
  if (const auto slash = url.find('/'); slash != std::string_view::npos) {
    const auto db = url.substr(slash + 1);
    if (!db.empty() && !parse_number(db, address.db)) return bad("has a database that is no number");
    url = url.substr(0, slash);
  }
  if (!parse_host(url, address)) return bad("has no good host and port");
  return address;
}

std::string to_string(const Address& address) {
  if (!address.path.empty()) return "unix:" + address.path;
  const bool six = address.host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", six ? "[" : "", address.host, six ? "]" : "", address.port);
}

}  // namespace tidings::redis
