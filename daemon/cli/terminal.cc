#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "base/text.h"

namespace tidings::cli {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kMinElastic = 8;
constexpr std::size_t kUsualWidth = 80;

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::none: return "";
    case Colour::dim: return "\x1b[2m";
    case Colour::bold: return "\x1b[1m";
    case Colour::red: return "\x1b[31m";
    case Colour::green: return "\x1b[32m";
    case Colour::yellow: return "\x1b[33m";
    case Colour::blue: return "\x1b[34m";
    case Colour::magenta: return "\x1b[35m";
    case Colour::cyan: return "\x1b[36m";
  }
  return "";
}

std::size_t width_of(UChar32 c) {
  const auto type = u_charType(c);
  if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
  const auto width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

// Calls f(code point, byte offset of its end) until f says false.
template <class F>
void each_character(std::string_view text, F f) {
  const auto size = static_cast<std::int32_t>(text.size());
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (!f(c < 0 ? 0xFFFD : c, static_cast<std::size_t>(i))) return;
  }
}

}  // namespace

Terminal Terminal::of_stdout() {
  Terminal terminal;
  terminal.is_terminal = ::isatty(STDOUT_FILENO) != 0;
  if (!terminal.is_terminal) return terminal;
  const char* no_colour = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  terminal.has_colour = (no_colour == nullptr || *no_colour == '\0') && (term == nullptr || std::string_view(term) != "dumb");
  winsize size{};
  terminal.width = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualWidth;
  return terminal;
}

std::string Terminal::paint(std::string_view text, Colour colour) const {
  if (!has_colour || colour == Colour::none || text.empty()) return std::string(text);
  return std::string(code_of(colour)).append(text).append("\x1b[0m");
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  each_character(text, [&](UChar32 c, std::size_t) {
    width += width_of(c);
    return true;
  });
  return width;
}

std::string printable(std::string_view text) {
  std::string out;
  each_character(text, [&](UChar32 c, std::size_t) {
    const auto type = u_charType(c);
    // Format characters can turn the direction of what follows.
    if (type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR) {
      out += ' ';
    } else if (type != U_FORMAT_CHAR || c == 0x200D || c == 0x200C) {
      text::append_utf8(out, static_cast<char32_t>(c));
    }
    return true;
  });
  return text::collapse_space(out);
}

std::string cut(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  std::size_t width = 0;
  std::size_t end = 0;
  each_character(text, [&](UChar32 c, std::size_t after) {
    width += width_of(c);
    if (width > columns - 1) return false;
    end = after;
    return true;
  });
  return std::string(text.substr(0, end)) + "…";
}

std::string fill(std::string_view text, std::size_t columns) {
  std::string out = cut(text, columns);
  out.append(columns - std::min(columns, display_width(out)), ' ');
  return out;
}

std::vector<std::size_t> Columns::widths(std::size_t available) const {
  std::vector<std::size_t> widths;
  for (const auto& heading : headings_) widths.push_back(display_width(heading.text));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i].text));
  }
  if (available == 0) return widths;
  const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), kGap * (widths.size() - 1)); };
  while (total() > available) {
    // The widest of those that give way.
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (headings_[i].elastic && widths[i] > kMinElastic && (widest == widths.size() || widths[i] > widths[widest])) widest = i;
    }
    if (widest == widths.size()) break;
    --widths[widest];
  }
  return widths;
}

std::string Columns::render(const Terminal& terminal) const {
  const auto columns = widths(terminal.width);
  std::string out;
  const auto line = [&](std::size_t i, std::string_view text, Colour colour) {
    const bool is_last = i + 1 == columns.size();
    out += terminal.paint(is_last ? cut(text, columns[i]) : fill(text, columns[i]), colour);
    out.append(is_last ? 0 : kGap, ' ');
  };
  for (std::size_t i = 0; i < columns.size(); ++i) line(i, headings_[i].text, Colour::bold);
  out += '\n';
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < columns.size(); ++i) line(i, row[i].text, row[i].colour);
    out += '\n';
  }
  return out;
}

}  // namespace tidings::cli
