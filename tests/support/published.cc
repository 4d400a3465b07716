#include "support/published.h"

#include <map>
#include <ostream>
#include <set>

namespace tidings::test {
namespace {

// Reads one RESP value of nested arrays and strings.
struct Parser {
  const std::string& bytes;
  std::size_t at = 0;

  long header(char kind) {
    if (bytes.at(at) != kind) throw std::runtime_error("unexpected reply: " + bytes.substr(at, 100));
    const auto end = bytes.find("\r\n", at);
    const long value = std::stol(bytes.substr(at + 1, end - at - 1));
    at = end + 2;
    return value;
  }
  std::string string() {
    const auto size = static_cast<std::size_t>(header('$'));
    std::string text = bytes.substr(at, size);
    at += size + 2;
    return text;
  }
};

}  // namespace

std::string Entry::at(const std::string& name) const {
  for (const auto& [field, value] : fields) {
    if (field == name) return value;
  }
  return {};
}

store::StreamId last_id(const RedisServer& server, const std::string& key) {
  const std::string reply = server.command({"XINFO", "STREAM", key});
  const std::string name = "last-generated-id\r\n";
  const auto at = reply.find(name);
  if (at == std::string::npos) return {};
  Parser parser{reply, at + name.size()};
  return store::parse_stream_id(parser.string()).value();
}

std::vector<Entry> read_stream(const RedisServer& server, const std::string& key) {
  const std::string reply = server.command({"XRANGE", key, "-", "+"});
  Parser parser{reply};
  std::vector<Entry> entries(static_cast<std::size_t>(parser.header('*')));
  for (auto& entry : entries) {
    parser.header('*');
    entry.id = store::parse_stream_id(parser.string()).value();
    const long words = parser.header('*');
    for (long i = 0; i < words; i += 2) {
      auto& [name, value] = entry.fields.emplace_back();
      name = parser.string();
      value = parser.string();
    }
  }
  return entries;
}

Comparison compare(const std::vector<store::OutboxRow>& rows, const std::vector<Entry>& entries) {
  Comparison result;
  std::map<std::string, const store::OutboxRow*> by_key;
  for (const auto& row : rows) by_key.emplace(row.key, &row);
  std::set<std::string> seen;
  std::uint64_t last_n = 0;
  for (const auto& entry : entries) {
    const auto row = by_key.find(entry.at("id"));
    if (row == by_key.end()) continue;
    if (!seen.insert(row->first).second) {
      ++result.repeated;
      continue;
    }
    if (row->second->n < last_n) ++result.misplaced;
    last_n = row->second->n;
    if (entry.id != row->second->id || entry.fields != row->second->fields) ++result.changed;
  }
  result.lost = by_key.size() - seen.size();
  return result;
}

std::ostream& operator<<(std::ostream& out, const Comparison& c) {
  return out << "lost " << c.lost << ", repeated " << c.repeated << ", misplaced " << c.misplaced << ", changed " << c.changed;
}

}  // namespace tidings::test
