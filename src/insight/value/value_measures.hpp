/// The five dimensions of value, measured of each customer from what was known on a day, and judged by what came after.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "emptor/mine/amount_judgement.hpp"
#include "emptor/mine/base_free_change.hpp"
#include "emptor/mine/run.hpp"
#include "insight/credit/payment_behaviour.hpp"
#include "insight/value/contact_costs.hpp"
#include "insight/value/value_request.hpp"

namespace emptor {

/// What value is measured from. All but the lines may hold nothing. Views.
struct ValueSource {
  CustomerLines lines;
  const LineDetails& details;
  const Receivables& receivables;
  const ContactCosts& contacts;
};

/// What is late, and seriously so, of receivables; the window is the period.
PaymentRules payment_rules(const ValueRequest& request);

/// Of the customers of the rows; a dimension that the data do not allow is empty, NaN where nothing is known of a
/// customer.
struct ValueMeasures {
  std::array<std::vector<double>, value_dimension_count> of;
  std::array<std::string, value_dimension_count> lack;  ///< why a dimension is empty
  /// What the next window is expected to earn, in the base currency; empty without a usable lifetime model.
  std::vector<double> next_expected;
  std::optional<mine::BaseFreeChange> change;  ///< behind growth; its rows are those that are known before
  double spend_unit = 1;                       ///< spends are taken as log(1 + spend / unit) there
  std::string future_model;                    ///< of the lifetimes behind the future contribution

  const std::vector<double>& at(ValueDimension dimension) const { return of[static_cast<std::size_t>(dimension)]; }
};

ValueMeasures measure_value(const ValueSource& source, const ValueRows& rows, const ValueRequest& request,
                            const mine::Run& run);

/// judged: a criterion of its own was computed on the window just past. index: there was none to compute, the number
/// orders customers and claims no more.
enum class MeasureState : std::uint8_t { absent, index, judged };

struct DimensionJudgement {
  MeasureState state = MeasureState::absent;
  std::string why;                                            ///< not judged
  std::size_t rows = 0;                                       ///< customers it was judged on
  std::optional<double> gini;                                 ///< of what the window earned; 1 is the best order
  std::optional<mine::AmountCalibration> calibration;         ///< of the same
  std::optional<double> auc, recency_auc;                     ///< loyalty: of buying again; credit: of being late
  std::optional<double> rank_correlation, p_value, observed;  ///< growth; observed: of the change that was seen
};
using ValueJudgement = std::array<DimensionJudgement, value_dimension_count>;

inline constexpr std::size_t least_judged = 50;  // customers, and of two outcomes each

/// Requires measures of rows whose next window is over.
ValueJudgement judge_value(const ValueSource& source, const ValueRows& rows, const ValueMeasures& measures,
                           const ValueRequest& request, const mine::Run& run);

/// In the base currency.
std::vector<double> next_earned_of(const ValueRows& rows);
/// Empty where amounts can be judged by order: enough customers who earned something, and more than nothing together.
std::string lack_of_earnings(const ValueRows& rows);

}  // namespace emptor
