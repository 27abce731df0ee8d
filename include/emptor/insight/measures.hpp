/// Measures: what each customer's purchases come to up to a day: recency, frequency and monetary value.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "emptor/core/exact_sum.hpp"
#include "emptor/insight/facts.hpp"

namespace emptor {

/// Which line items are purchases.
enum class Purchases {
  positive,      ///< amount above 0 and quantity not below 0; what is taken back is left out
  non_negative,  ///< as positive, and what was given away free counts as a purchase
  net,           ///< recency and frequency as positive; monetary is the sum of all lines, returns too
};

/// What becomes of a customer whose monetary value is zero or below.
enum class NonPositive {
  keep,     ///< scored like any other
  exclude,  ///< left out
  lowest,   ///< kept, and given the lowest monetary score
};

struct MeasureOptions {
  std::optional<Date> as_of = {};                 ///< the last day with a purchase if empty; later rows do not count
  std::optional<std::int32_t> horizon_days = {};  ///< only purchases of so many days up to as_of
  Purchases purchases = Purchases::positive;
  NonPositive non_positive = NonPositive::keep;
};

/// A row a customer with at least one purchase, ascending by id.
struct Measures {
  Date as_of;
  std::vector<std::int64_t> customer;
  std::vector<std::int64_t> recency;    ///< days from the last purchase to as_of
  std::vector<std::int64_t> frequency;  ///< distinct orders with a purchase
  std::vector<std::int64_t> monetary;   ///< micros of the base currency, exact
  IntegerSum total;                     ///< of monetary

  std::size_t size() const noexcept { return customer.size(); }
};

/// Requires nothing; no facts give no rows. Throws Code::invalid where a customer's sum passes 64 bits.
/// Linear in rows.
Measures measure_purchases(const Facts& facts, const MeasureOptions& options = {});

/// The last day with a purchase; nothing without one.
std::optional<Date> last_purchase_day(const Facts& facts, Purchases purchases = Purchases::positive);

}  // namespace emptor
