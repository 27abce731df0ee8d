/// What the insight `value` is asked: windows, weights, tiers, and how its words are told.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/decimal.hpp"
#include "emptor/insight/language.hpp"
#include "emptor/insight/value_class.hpp"
#include "emptor/mine/lifetime.hpp"
#include "emptor/mine/rhythm.hpp"
#include "insight/value/value_rows.hpp"

namespace emptor {

enum class ValueDimension : std::uint8_t { contribution, future, loyalty, credit, growth };
inline constexpr std::size_t value_dimension_count = 5;
inline constexpr std::array<std::string_view, value_dimension_count> value_dimension_names = {
    "contribution", "future", "loyalty", "credit", "growth"};

enum class ValueCombine : std::uint8_t { weights, learned };

/// By what customers are put into tiers.
enum class TierMeasure : std::uint8_t { score, spend, contribution, future, loyalty, credit, growth };

/// One tier: the share of the customers it holds, or the least value, or the least of several measures together. The
/// last one takes the rest and has none of these.
struct TierRule {
  std::string name;
  std::optional<Decimal> share = {}, least = {};
  std::vector<std::pair<TierMeasure, Decimal>> at_least = {};
};

struct ValueRequest {
  ValueRowOptions rows;
  std::optional<Date> until = {};
  std::optional<mine::LifetimeKind> model = {};  ///< BG/NBD if empty, and where that has no estimate NBD
  std::int32_t horizon_days = 365;               ///< that the future contribution covers
  double discount = 0.1;                         ///< a year
  std::int32_t grace = 7;                        ///< days after a due day that are still in time
  std::array<double, value_dimension_count> weights = {0.3, 0.3, 0.2, 0.1, 0.1};
  ValueCombine combine = ValueCombine::weights;
  TierMeasure tier_by = TierMeasure::score;
  std::vector<TierRule> tiers;  ///< from the best down
  BorderTies ties = BorderTies::split;
  Decimal key_share = Decimal::of(2, 1);  ///< of all that is earned and expected, which key accounts make together
  std::int64_t most_key_accounts = 20;
  mine::ChangeOptions changes;  ///< how sure a move must be
  std::string group;            ///< whose portrait is drawn: "tier:NAME", on a store "tag:NAME" and "score:NAME=LABEL"
  Language language = Language::english;
};

std::string_view name_of_model(mine::LifetimeKind kind);
/// Requires options that the schema has checked. Throws Code::invalid for weights without a sum and tiers that do not
/// fit together.
ValueRequest value_request(const boost::json::object& options, const std::optional<Date>& until);
boost::json::object value_options_json(const ValueRequest& request);

}  // namespace emptor
