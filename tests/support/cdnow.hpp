// The CDNOW sample as histories of purchases: 2,357 customers, calibrated until 1997-09-30, in weeks.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emptor/mine/lifetime.hpp"

namespace emptor::test {

struct CdnowCustomers {
  std::vector<double> frequency, recency, age;
  std::vector<double> spend;  ///< mean of the days with a repeat purchase; 0 without one
  std::vector<double> later;  ///< purchases in the 39 weeks after
  mine::Purchases view() const noexcept { return {frequency, recency, age}; }
};
/// Nothing where the data are not there (the skip is printed).
std::optional<CdnowCustomers> cdnow_customers();

}  // namespace emptor::test
