/// Scores from the highest down, equal ones together, with the weights of both classes: what measures of ranking need.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "emptor/mine/judgement.hpp"

namespace emptor::mine {

struct ScoreStep {
  double score = 0;
  double ones = 0, zeros = 0;  ///< weights of the rows that have it
};

/// The weights are rounded to a scale on which their sums are exact, so that the order of rows does not matter.
struct RankedScores {
  std::vector<ScoreStep> steps;
  double ones = 0, zeros = 0;
};

/// Throws Code::invalid as judgement.hpp says; `both` where both classes must have weight.
RankedScores rank_scores(Numbers y, Numbers scores, Numbers weights, bool both);
/// The checks alone. `chances`: scores lie in [0, 1].
void check_judged(Numbers y, Numbers scores, Numbers weights, bool chances);

}  // namespace emptor::mine
