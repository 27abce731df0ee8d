// What the records of each customer come to.
#pragma once

#include <span>
#include <vector>

#include "emptor/core/wide.hpp"
#include "emptor/session/rule.hpp"
#include "emptor/store/batch.hpp"

namespace emptor::segments {

/// Its memory is kept from one measure to the next.
class Totals {
 public:
  /// One value a customer: a measure over the rows given, by their owners. Missing where there is nothing to measure,
  /// but for counts and sums, which are 0. Sums that 64 bits do not hold stand at their end; averages of integers and
  /// decimals are rounded to six digits, halves away from zero.
  void measure(RuleMeasure measure, Type type, const Column* cell, std::span<const std::uint32_t> rows,
               std::span<const std::uint32_t> owners, std::size_t customers, Column& out);

 private:
  void count(const Column* cell, std::span<const std::uint32_t> rows, std::span<const std::uint32_t> owners,
             Column& out);
  void add_up(bool mean, const Column& cell, std::span<const std::uint32_t> rows, std::span<const std::uint32_t> owners,
              Column& out);

  std::vector<Wide> sums_;
  std::vector<std::int64_t> counts_;
};

}  // namespace emptor::segments
