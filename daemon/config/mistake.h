#pragma once
// What is wrong with a configuration and where: all mistakes are gathered, none hides another.

#include <cstdint>
#include <string>
#include <vector>

namespace tidings::config {

// Line and column count from 1; 0 where a mistake belongs to no place in a file.
struct Mistake {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string message;     // one plain sentence without a full stop
  std::string suggestion;  // what was probably meant, empty: no idea

  bool operator==(const Mistake&) const = default;
};

// "config/tidings.toml:12:3: there is no option 'http.timout' (did you mean 'timeout'?)"
std::string to_string(const Mistake& mistake);

// By file, line and column, the main file's first.
void sort(std::vector<Mistake>& mistakes, const std::string& main_file);

}  // namespace tidings::config
