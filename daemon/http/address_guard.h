#pragma once
// Which addresses are public: the guard against requests that a feed, a redirect or a DNS answer would send to our own
// network (server-side request forgery). Sources: the IANA special-purpose registries of IPv4 and IPv6 (RFC 6890).
// An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4, ISATAP) is as public as that is. Pure.

#include <sys/socket.h>

#include <string_view>

namespace tidings::http {

// False for every family but IPv4 and IPv6.
bool is_public(const sockaddr& address);

// A numeric address as text; an IPv6 one may have brackets and a zone. False for anything that is not one.
bool is_public_address(std::string_view text);
bool is_numeric_address(std::string_view text);

}  // namespace tidings::http
