#include "publish/scripts.h"

namespace tidings::publish {

// KEYS stream owner; ARGV store epoch nonce mode
const char* const kClaimScript = R"(
local held = redis.call('HMGET', KEYS[2], 'store', 'epoch', 'nonce')
local mine, stored = tonumber(ARGV[2]), tonumber(held[2]) or 0
local epoch, mode = mine, ARGV[4]
if mode == 'reconnect' then
  if held[1] and held[3] ~= ARGV[3] and stored >= mine then return {'FENCED', tostring(stored)} end
else
  if held[1] and held[1] ~= ARGV[1] and mode ~= 'force' then return {'OWNED', held[1]} end
  epoch = math.max(mine, stored) + 1
end
local last = '0-0'
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
  if not string.find(info.err, 'no such key', 1, true) then return info end
else
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
end
if held[3] ~= ARGV[3] or stored ~= epoch then
  redis.call('HSET', KEYS[2], 'store', ARGV[1], 'epoch', tostring(epoch), 'nonce', ARGV[3])
end
return {'TAKEN', tostring(epoch), last}
)";

// KEYS stream owner; ARGV nonce previous max_length, then for each row its id, the number of words that follow, the words
const char* const kAppendScript = R"(
if redis.call('HGET', KEYS[2], 'nonce') ~= ARGV[1] then return redis.status_reply('FENCED') end
local last = '0-0'
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
  if not string.find(info.err, 'no such key', 1, true) then return info end
else
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then last = info[i + 1] end
  end
end
if last ~= ARGV[2] then return redis.status_reply('MISMATCH ' .. last) end
local i, size = 4, #ARGV
while i <= size do
  local words = tonumber(ARGV[i + 1])
  redis.call('XADD', KEYS[1], ARGV[i], unpack(ARGV, i + 2, i + 1 + words))
  i = i + 2 + words
end
if ARGV[3] ~= '0' then redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[3]) end
return redis.status_reply('OK')
)";

Keys keys_of(const std::string& prefix, const std::string& stream) {
  const std::string key = prefix + ":" + stream;
  return {key, key + ":own"};
}

redis::Command claim_command(const std::string& sha, const Keys& keys, const Ownership& ours, ClaimMode mode) {
  const char* word = mode == ClaimMode::start ? "start" : mode == ClaimMode::reconnect ? "reconnect" : "force";
  return {"EVALSHA", sha, "2", keys.stream, keys.owner, ours.store, std::to_string(ours.epoch), ours.nonce, word};
}

redis::Command append_command(const std::string& sha, const Keys& keys, const std::string& nonce, store::StreamId previous,
                              std::uint64_t max_length, std::vector<store::OutboxRow>& rows) {
  redis::Command command = {"EVALSHA", sha,   "2", keys.stream, keys.owner, nonce, store::to_string(previous),
                            std::to_string(max_length)};
  std::size_t words = command.size();
  for (const auto& row : rows) words += 2 + 2 * row.fields.size();
  command.reserve(words);
  for (auto& row : rows) {
    command.push_back(store::to_string(row.id));
    command.push_back(std::to_string(2 * row.fields.size()));
    for (auto& [name, value] : row.fields) {
      command.push_back(std::move(name));
      command.push_back(std::move(value));
    }
  }
  return command;
}

std::optional<Claim> read_claim(const redis::Reply& reply) {
  if (reply.elements.size() < 2) return std::nullopt;
  const auto& word = reply.elements[0].text;
  const auto& second = reply.elements[1].text;
  Claim claim;
  if (word == "OWNED") {
    claim.outcome = Claim::Outcome::owned;
    claim.owner = second;
    return claim;
  }
  claim.epoch = std::strtoull(second.c_str(), nullptr, 10);
  if (word == "FENCED") {
    claim.outcome = Claim::Outcome::fenced;
    return claim;
  }
  const auto last = reply.elements.size() == 3 ? store::parse_stream_id(reply.elements[2].text) : std::nullopt;
  if (word != "TAKEN" || !last) return std::nullopt;
  claim.last = *last;
  return claim;
}

}  // namespace tidings::publish
