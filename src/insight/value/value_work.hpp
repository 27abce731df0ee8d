/// What each customer is worth, in five dimensions, whatever the lines came from; judged on the window just past.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emptor/mine/correlation.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/value/value_drivers.hpp"
#include "insight/value/value_moves.hpp"
#include "insight/value/value_score.hpp"
#include "insight/value/value_tiers.hpp"

namespace emptor {

/// Whether a driver moves what customers earn us: its rank correlation with the window just past, with an interval of
/// 95 %.
struct DriverResult {
  double rank_correlation = 0, p_value = 1;
  mine::CorrelationInterval interval;
  std::uint64_t rows = 0;

  std::string_view moves() const noexcept {
    return interval.lower > 0 ? "more" : interval.upper < 0 ? "less" : "not told from chance";
  }
};

struct ValueOutcome {
  std::optional<Date> until;  ///< nothing without purchases
  Date judged_on;
  std::string verdict;
  bool by_margin = false;  ///< what is earned are margins, not amounts
  double cost_known = 0;   ///< share of the purchases' amount that has a cost
  ValueRows rows;
  ValueMeasures measures;
  ValueJudgement judgement;
  mine::Correlations correlations;  ///< Spearman's, of the dimensions
  ValueWeights weights{};
  bool learned = false;
  std::optional<double> score_gini, contribution_gini;  ///< of what the window just past earned
  std::vector<double> score;
  std::vector<std::uint8_t> tier;  ///< places among the request's
  std::vector<std::size_t> keys;   ///< rows of key accounts, the greatest first
  ValueDrivers drivers;
  std::array<std::optional<DriverResult>, value_driver_count> driver_results;
  ValueMoves moves;
};
ValueOutcome assess_value(const ValueSource& source, const ValueRequest& request, const mine::Run& run);

/// docs/value.md has the form.
boost::json::object value_json(const ValueRequest& request, const ValueOutcome& outcome);
/// A row a customer: customer, the dimensions that are there, score, tier, key_account (its rank, where it is one), the
/// drivers that are there, and where the value moved how and by how much.
NamedTable value_table(const ValueRequest& request, const ValueOutcome& outcome, Column customers);

}  // namespace emptor
