#include "cli/mistake_lines.h"

#include <fmt/format.h>

#include "base/text.h"

namespace tidings::cli {
namespace {

constexpr std::size_t kMargin = 4;

// The first so many characters of the text.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool begins_character = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
    if (begins_character && count-- == 0) break;
  }
  return text.substr(0, end);
}

// A tab is shown as a space, so that the caret stands right whatever the terminal makes of tabs.
std::string shown(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return out;
}

std::string excerpt(const config::Mistake& mistake, const Terminal& terminal, const LineOf& line_of) {
  const std::string line = line_of(mistake.file, mistake.line);
  if (text::trim(line).empty() || mistake.column == 0 || !text::is_valid_utf8(line)) return {};
  const std::size_t before = display_width(shown(first_characters(line, mistake.column - 1)));
  if (kMargin + before >= terminal.width) return {};
  return fmt::format("{:{}}{}\n{:{}}{}\n", "", kMargin, cut(shown(line), terminal.width - kMargin), "", kMargin + before,
                     terminal.paint("^", Colour::green));
}

}  // namespace

std::string mistake_lines(const std::vector<config::Mistake>& mistakes, const Terminal& terminal, const LineOf& line_of) {
  std::string out;
  for (const auto& mistake : mistakes) {
    const std::string line = config::to_string(mistake);
    const std::string place = mistake.line > 0 ? fmt::format("{}:{}:{}:", mistake.file, mistake.line, mistake.column) : mistake.file + ":";
    out += terminal.paint(place, Colour::bold) + line.substr(std::min(place.size(), line.size())) + '\n';
    if (terminal.is_terminal && mistake.line > 0) out += excerpt(mistake, terminal, line_of);
  }
  return out;
}

}  // namespace tidings::cli
