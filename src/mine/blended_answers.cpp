// What a blend answers, by the names that all models have.
#include <algorithm>

#include "mine/algorithm_answers.hpp"

namespace emptor::mine {

std::size_t width_of(const BlendedBoosting& model, Answer answer) noexcept {
  if (answer == Answer::value || answer == Answer::scores) return 1;
  if (answer == Answer::probabilities) return 2;
  if (answer == Answer::leaves) return model.trees.trees.size();
  return answer == Answer::contributions ? model.features() + 1 : 0;
}

void answer_of(const BlendedBoosting& model, const NumberView& x, Answer answer, std::span<double> out,
               const Run& run) {
  if (answer == Answer::leaves) {
    const std::vector<std::uint32_t> leaves = leaves_of(model.trees, x, run);
    std::copy(leaves.begin(), leaves.end(), out.begin());
    return;
  }
  const std::vector<double> told = answer == Answer::contributions   ? explain(model, x, run)
                                   : answer == Answer::probabilities ? predict(model, x, run)
                                                                     : log_odds(model, x, run);
  if (answer != Answer::value) {
    std::copy(told.begin(), told.end(), out.begin());
    return;
  }
  // The likelier class, the lower of equals.
  std::transform(told.begin(), told.end(), out.begin(), [](double score) { return score > 0 ? 1.0 : 0.0; });
}

}  // namespace emptor::mine
