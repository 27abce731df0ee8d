/// Sums of money as real numbers of the currency's units, for models; figures that are told as money stay exact.
#pragma once

#include "emptor/core/decimal.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {

inline double in_currency(Wide micros) noexcept {
  return static_cast<double>(micros) / static_cast<double>(Decimal::micros_per_unit);
}

}  // namespace emptor
