#pragma once
// Figures: the numbers of a text, in digits or in words, and which of them changed between two texts that are otherwise
// copies.

#include <span>
#include <string>
#include <vector>

#include "dedup/features.h"
#include "dedup/fold.h"

namespace tidings::dedup {

constexpr std::size_t kMaxFigures = 16;
constexpr unsigned kContextBits = 24;

// The first kMaxFigures of the text.
std::vector<Figure> find_figures(const Folded& text);

struct FigureChange {
  float from = 0;
  float to = 0;
};
struct FigureMatch {
  std::vector<FigureChange> changed;  // the same context, another value
  std::size_t same = 0;               // the same context, the same value
};
FigureMatch match_figures(std::span<const Figure> from, std::span<const Figure> to);

// "3 -> 7, 20 -> 21"
std::string in_words(std::span<const FigureChange> changes);

}  // namespace tidings::dedup
