/// What counts as a purchase, and how a customer's purchases become a row of measures.
#pragma once

#include <cstdint>
#include <limits>

#include "emptor/core/wide.hpp"
#include "emptor/insight/measures.hpp"

namespace emptor {

/// Which rows count: those within the days, and of them the purchases.
struct RowRule {
  std::int32_t first_day;
  std::int32_t last_day;
  std::int64_t least;  ///< amount of a purchase
  bool net;            ///< what is taken back comes off the sum

  RowRule(const MeasureOptions& options, Date as_of);
  bool within(std::int32_t day) const noexcept { return (day >= first_day) & (day <= last_day); }
};

inline bool is_purchase(std::int64_t amount, std::int64_t quantity, std::int64_t least) {
  return (amount >= least) & (quantity >= 0);
}

std::int64_t least_amount(Purchases purchases);

/// What one customer's rows come to.
struct CustomerMeasure {
  std::int32_t last_day = std::numeric_limits<std::int32_t>::min();
  std::int64_t frequency = 0;
  Wide monetary = 0;
};

/// Requires the rows of one order together, so that distinct orders are counted by their changes.
CustomerMeasure measure_rows(const PurchaseRows& rows, const RowRule& rule);

/// Rows of customers, one after another, of those who count. Throws Code::invalid where a sum passes 64 bits.
class MeasureRows {
 public:
  MeasureRows(const MeasureOptions& options, Date as_of, std::size_t customers);
  void add(std::int64_t customer, const CustomerMeasure& one);
  Measures take() noexcept { return std::move(out_); }

 private:
  Measures out_;
  bool positive_only_;
};

}  // namespace emptor
