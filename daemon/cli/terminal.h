#pragma once
// What commands show: colours where a person looks, columns by display width, and text that cannot move the cursor.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tidings::cli {

enum class Colour : std::uint8_t { none, dim, bold, red, green, yellow, blue, magenta, cyan };

// Standard output as it is now.
struct Terminal {
  bool is_terminal = false;
  bool has_colour = false;  // a terminal, and neither NO_COLOR (https://no-color.org) nor TERM=dumb
  std::size_t width = 0;    // columns; 0: no terminal, nothing is cut

  static Terminal of_stdout();
  std::string paint(std::string_view text, Colour colour) const;
};

// Columns that the text takes: two for wide characters of East Asia and emoji, none for marks (UAX 11).
std::size_t display_width(std::string_view text);

// One line without control characters, which could recolour or rewrite the screen: what comes from the web is shown so.
std::string printable(std::string_view text);

// The text in `columns` columns: cut with an ellipsis, or filled with spaces.
std::string cut(std::string_view text, std::size_t columns);
std::string fill(std::string_view text, std::size_t columns);

// Rows with columns as wide as their widest cell; on a terminal the columns marked elastic give way, and the last
// column is never filled.
class Columns {
 public:
  struct Cell {
    std::string text;
    Colour colour = Colour::none;
  };
  // A heading for each column; elastic ones are cut where the terminal is too narrow.
  struct Heading {
    std::string text;
    bool elastic = false;
  };
  explicit Columns(std::vector<Heading> headings) : headings_(std::move(headings)) {}

  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  std::string render(const Terminal& terminal) const;

 private:
  std::vector<std::size_t> widths(std::size_t available) const;

  std::vector<Heading> headings_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace tidings::cli
