#pragma once
// How HTTP is spoken: identity, limits, security. Every limit here can stop a fetch, never the daemon.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"

namespace tidings::http {

// Who turns names into addresses.
enum class Lookup : std::uint8_t {
  dns,     // /etc/hosts and the name servers, without a thread
  system,  // the C library's way, with all that /etc/nsswitch.conf names; a thread for each look-up
};

struct Options {
  // Who asks: sites block nameless clients. The contact, a URL or mail address, is appended as "(+contact)".
  std::string user_agent = "tidings/0.1";
  std::string contact;

  Lookup lookup = Lookup::dns;
  // As "address" or "address:port"; empty: those of /etc/resolv.conf.
  std::vector<std::string> name_servers;

  // Connections kept or in use, in all and per host; what is over waits for one.
  unsigned max_connections = 256;
  unsigned max_connections_per_host = 4;
  // A connection that idled for longer is not used again.
  Seconds keep_alive{120};

  // Name lookup, TCP and TLS together.
  Millis connect_timeout = std::chrono::seconds(10);
  // A whole fetch: waiting for a connection, all redirects, the last byte.
  Millis timeout = std::chrono::seconds(60);
  // A fetch that moves fewer bytes a second than this for so long is ended.
  unsigned low_speed_bytes_per_second = 64;
  Seconds low_speed_time{20};
  // A stream that says nothing for so long is ended.
  Seconds stream_idle_timeout{300};

  // The body after decompression, and as it came over the wire.
  std::size_t max_body_bytes = 16 << 20;
  std::size_t max_wire_bytes = 5 << 20;
  // A body may be this many times larger than what came over the wire, once it is past ratio_slack_bytes.
  unsigned max_ratio = 100;
  std::size_t ratio_slack_bytes = 1 << 20;
  // All header lines of one answer.
  std::size_t max_header_bytes = 64 << 10;
  // What an unread stream holds in memory before its connection is no longer read.
  std::size_t stream_buffer_bytes = 256 << 10;
  unsigned max_redirects = 5;

  // Off: libcurl 7.87 to 8.5 can crash with HTTP/2 on the multi interface (https://github.com/curl/curl/issues/10936).
  bool http2 = false;
  // A PEM file of certificate authorities; empty: the system's.
  std::string ca_file;
  // As http://host:port, socks5h://host:port; empty: none. The environment's proxy variables are not looked at.
  std::string proxy;

  // Addresses that are not public (loopback, private, link-local, ...) may be fetched from. Off, since feeds name URLs.
  // A source that allows it for itself goes before this.
  bool allow_private = false;
  // The ports that may be fetched from where private addresses may not; empty: all.
  std::vector<std::uint16_t> allowed_ports = {80, 443};
};

// The User-Agent field, with the contact.
inline std::string user_agent(const Options& options) {
  return options.contact.empty() ? options.user_agent : options.user_agent + " (+" + options.contact + ")";
}

}  // namespace tidings::http
