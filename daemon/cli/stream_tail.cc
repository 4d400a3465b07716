#include "cli/stream_tail.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "loop/timeout.h"

namespace tidings::cli {
namespace {

constexpr std::string_view kBlockMs = "1000";
constexpr std::string_view kCount = "200";
constexpr std::chrono::seconds kRetry(1);

std::string stream_of(std::string_view key) { return std::string(key.substr(key.rfind(':') + 1)); }

// The entries of one stream, as XRANGE and XREAD give them.
std::vector<StreamEntry> entries_of(const std::string& stream, const redis::Reply& list) {
  std::vector<StreamEntry> out;
  for (const auto& one : list.elements) {
    if (one.elements.size() != 2) continue;
    StreamEntry entry{stream, one.elements[0].text, {}};
    const auto& fields = one.elements[1].elements;
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2) entry.fields.emplace_back(fields[i].text, fields[i + 1].text);
    out.push_back(std::move(entry));
  }
  return out;
}

Error redis_error(const redis::Reply& reply) { return Error(Errc::unavailable, fmt::format("Redis says: {}", reply.text)); }

}  // namespace

bool is_position(std::string_view text) {
  if (text == "$") return true;
  const auto is_number = [](std::string_view part) {
    return !part.empty() && part.size() <= 20 && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const auto dash = text.find('-');
  return is_number(text.substr(0, dash)) && (dash == std::string_view::npos || is_number(text.substr(dash + 1)));
}

bool StreamTail::show(std::vector<StreamEntry> entries) {
  std::stable_sort(entries.begin(), entries.end(), comes_before);
  for (const auto& entry : entries) {
    last_[entry.stream] = entry.id;
    if (!show_(entry)) return false;
  }
  return true;
}

// Where each stream is followed from. "$" is settled now: asked anew at each read it would miss what comes between.
Task<Result<void>> StreamTail::begin() {
  for (const auto& stream : plan_.streams) {
    last_[stream] = plan_.from;
    if (plan_.from != "$" && plan_.newest == 0) continue;
    redis::Command command = {"XREVRANGE", key(stream), "+", "-", "COUNT", "1"};
    const auto reply = co_await connection_.command(std::move(command));
    if (!reply) co_return reply.error();
    if (reply->is_error()) co_return redis_error(*reply);
    const auto entries = entries_of(stream, *reply);
    last_[stream] = entries.empty() ? "0-0" : entries.front().id;
  }
  co_return Result<void>();
}

Task<Result<void>> StreamTail::show_newest() {
  std::vector<StreamEntry> newest;
  for (const auto& stream : plan_.streams) {
    redis::Command command = {"XREVRANGE", key(stream), last_[stream], "-", "COUNT", std::to_string(plan_.newest)};
    const auto reply = co_await connection_.command(std::move(command));
    if (!reply) co_return reply.error();
    if (reply->is_error()) co_return redis_error(*reply);
    for (auto& entry : entries_of(stream, *reply)) newest.push_back(std::move(entry));
  }
  std::stable_sort(newest.begin(), newest.end(), comes_before);
  if (newest.size() > plan_.newest) newest.erase(newest.begin(), newest.end() - static_cast<std::ptrdiff_t>(plan_.newest));
  if (!show(std::move(newest))) plan_.follow = false;
  co_return Result<void>();
}

// One XREAD; false: nobody reads any more, or there was nothing and nothing is waited for.
Task<Result<bool>> StreamTail::read() {
  redis::Command command = {"XREAD", "COUNT", std::string(kCount)};
  if (plan_.follow) {
    command.emplace_back("BLOCK");
    command.emplace_back(kBlockMs);
  }
  command.emplace_back("STREAMS");
  for (const auto& stream : plan_.streams) command.push_back(key(stream));
  for (const auto& stream : plan_.streams) command.push_back(last_[stream]);
  const auto reply = co_await connection_.command(std::move(command));
  if (!reply) co_return reply.error();
  if (reply->is_error()) co_return redis_error(*reply);
  std::vector<StreamEntry> entries;
  for (const auto& stream : reply->elements) {
    if (stream.elements.size() != 2) continue;
    for (auto& entry : entries_of(stream_of(stream.elements[0].text), stream.elements[1])) entries.push_back(std::move(entry));
  }
  const bool was_empty = entries.empty();
  if (!show(std::move(entries))) co_return false;
  co_return plan_.follow || !was_empty;
}

// True when it is back; false when the task was cancelled.
Task<bool> StreamTail::reconnect() {
  for (;;) {
    const auto cut_short = co_await loop::sleep_for(kRetry);
    if (cut_short) co_return false;
    const auto connected = co_await connection_.connect();
    if (connected) {
      note_("Redis is back");
      co_return true;
    }
    if (connected.error().code() == Errc::cancelled) co_return false;
  }
}

Task<Result<void>> StreamTail::run() {
  if (const auto connected = co_await connection_.connect(); !connected) co_return connected.error();
  if (const auto begun = co_await begin(); !begun) co_return begun.error();
  if (plan_.newest > 0) {
    const bool follow = plan_.follow;
    if (const auto shown = co_await show_newest(); !shown) co_return shown.error();
    if (!follow || !plan_.follow) co_return Result<void>();
  }
  for (;;) {
    const auto goes_on = co_await read();
    if (goes_on && !*goes_on) co_return Result<void>();
    if (goes_on) continue;
    const Errc code = goes_on.error().code();
    if (code == Errc::cancelled) co_return Result<void>();
    if (code != Errc::network && code != Errc::timeout) co_return goes_on.error();
    note_(goes_on.error().message() + "; waiting");
    const bool connected = co_await reconnect();
    if (!connected) co_return Result<void>();
  }
}

}  // namespace tidings::cli
