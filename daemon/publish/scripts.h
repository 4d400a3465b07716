#pragma once
// The two Lua scripts that run in Redis, the commands that call them, and how their replies read.
//
// Both take the stream's key and the key of its owner record, a hash {store, epoch, nonce} in the same cluster slot. A
// script runs whole or not at all: what it checks cannot change before it writes.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "redis/connection.h"
#include "store/records.h"

namespace tidings::publish {

struct Keys {
  std::string stream;
  std::string owner;
};
Keys keys_of(const std::string& prefix, const std::string& stream);

// What the owner record says of us. The nonce is drawn anew at each start of the process.
struct Ownership {
  std::string store;
  std::uint64_t epoch = 0;
  std::string nonce;
};

enum class ClaimMode : std::uint8_t {
  start,      // taken where nobody or an earlier run of this store owns it
  reconnect,  // taken again only where it is still ours, gone, or of an epoch before ours (Redis was set back)
  force,      // taken in any case
};

extern const char* const kClaimScript;
extern const char* const kAppendScript;

redis::Command claim_command(const std::string& sha, const Keys& keys, const Ownership& ours, ClaimMode mode);
// Appends rows after `previous`; their fields are moved out. All rows are intact.
redis::Command append_command(const std::string& sha, const Keys& keys, const std::string& nonce, store::StreamId previous,
                              std::uint64_t max_length, std::vector<store::OutboxRow>& rows);

struct Claim {
  enum class Outcome : std::uint8_t { taken, owned, fenced } outcome = Outcome::taken;
  std::uint64_t epoch = 0;  // taken: ours from now on; fenced: the other's
  store::StreamId last;     // taken: the stream's last ID
  std::string owner;        // owned: the other store
};
// Nothing where the reply has another shape.
std::optional<Claim> read_claim(const redis::Reply& reply);

}  // namespace tidings::publish
