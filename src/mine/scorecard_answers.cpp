// What a scorecard answers, by the names that all models have.
#include <algorithm>

#include "mine/algorithm_answers.hpp"

namespace emptor::mine {

std::size_t width_of(const Scorecard& model, Answer answer) noexcept {
  if (answer == Answer::value || answer == Answer::scores) return 1;
  if (answer == Answer::probabilities) return 2;
  return answer == Answer::contributions ? model.columns.size() + 1 : 0;
}
/// Contributions are counted from each column's mean, so that the base is the mean score.
void answer_of(const Scorecard& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run) {
  if (answer == Answer::value || answer == Answer::scores) {
    const std::vector<double> points = score(model, x, run);
    std::copy(points.begin(), points.end(), out.begin());
    return;
  }
  if (answer == Answer::probabilities) {
    const std::vector<double> points = score(model, x, run);
    for (std::size_t row = 0; row < points.size(); ++row) {
      out[2 * row + 1] = chance_of(model, points[row]);
      out[2 * row] = 1 - out[2 * row + 1];
    }
    return;
  }
  const std::size_t columns = model.columns.size();
  const std::vector<std::uint32_t> bins = bins_of(model.binning, x, run);
  for (std::size_t row = 0; row < x.rows(); ++row) {
    double base = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      const ScorecardColumn& column = model.columns[c];
      out[row * (columns + 1) + c] = column.points[bins[row * columns + c]] - column.mean;
      base += column.mean;
    }
    out[row * (columns + 1) + columns] = base;
  }
}

}  // namespace emptor::mine
