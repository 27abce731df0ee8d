/// Estimates with their errors and intervals, from the covariance of a fit.
#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/elementary.hpp"
#include "emptor/mine/fit_term.hpp"
#include "mine/distributions.hpp"
#include "mine/symmetric.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {

class TermBounds {
 public:
  /// The covariance is a lower triangle. Throws Code::invalid for a level outside (0, 1), Code::misuse for no covariance.
  TermBounds(std::span<const double> covariance, double level) : covariance_(covariance) {
    if (!(level > 0 && level < 1)) refuse_input("a level lies between 0 and 1", "level");
    if (covariance.empty()) throw Error(Code::misuse, "the model holds no covariance");
    bound_ = normal_bound(level);
  }
  /// Of a parameter above 0: on its logarithm.
  FitTerm positive(std::string_view name, std::size_t at, double estimate) const {
    FitTerm term{std::string(name), estimate, error(at)};
    const double factor = elementary::exp(bound_ * term.standard_error / estimate);
    term.lower = estimate / factor;
    term.upper = estimate * factor;
    return term;
  }
  FitTerm plain(std::string_view name, std::size_t at, double estimate) const {
    const double apart = bound_ * error(at);
    return {std::string(name), estimate, error(at), estimate - apart, estimate + apart};
  }

 private:
  double error(std::size_t at) const { return std::sqrt(std::max(covariance_[triangle_index(at, at)], 0.0)); }
  std::span<const double> covariance_;
  double bound_ = 0;
};

/// All parameters of a model, each above 0, by their names.
inline std::vector<FitTerm> positive_terms(std::span<const std::string_view> names, std::span<const double> estimates,
                                           std::span<const double> covariance, double level) {
  const TermBounds bounds(covariance, level);
  std::vector<FitTerm> terms;
  for (std::size_t i = 0; i < estimates.size(); ++i) terms.push_back(bounds.positive(names[i], i, estimates[i]));
  return terms;
}

}  // namespace emptor::mine
