/// One line of the table of a fit that statisticians read.
#pragma once

#include <string>

namespace emptor::mine {

/// Intervals are Wald's on the logarithm of what is above 0, so that they never reach below it.
struct FitTerm {
  std::string name;  ///< "r"
  double estimate = 0, standard_error = 0, lower = 0, upper = 0;

  friend bool operator==(const FitTerm&, const FitTerm&) = default;
};

}  // namespace emptor::mine
