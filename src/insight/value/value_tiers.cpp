#include "insight/value/value_tiers.hpp"

#include <algorithm>
#include <limits>

#include "emptor/core/exact_sum.hpp"
#include "insight/value/tiers.hpp"

namespace emptor {
namespace {

constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();

/// Numbers as micros, nearest; what is not known is least of all.
std::vector<std::int64_t> in_micros(const std::vector<double>& numbers) {
  std::vector<std::int64_t> result;
  for (const double number : numbers) {
    const std::optional<Decimal> decimal = Decimal::from_double(number);
    result.push_back(decimal && decimal->fits_micros() ? decimal->micros() : unknown);
  }
  return result;
}

std::vector<std::int64_t> values_of(TierMeasure by, const ValueRows& rows, const ValueMeasures& measures,
                                    const std::vector<double>& score) {
  if (by == TierMeasure::score) return in_micros(score);
  if (by == TierMeasure::spend) return rows.spend;
  const auto dimension = static_cast<std::size_t>(by) - static_cast<std::size_t>(TierMeasure::contribution);
  const std::vector<double>& of = measures.of[dimension];
  return of.empty() ? std::vector<std::int64_t>(rows.size(), unknown) : in_micros(of);
}

/// The first tier all of whose conditions hold.
std::vector<std::uint8_t> by_conditions(const ValueRows& rows, const ValueMeasures& measures,
                                        const std::vector<double>& score, const std::vector<TierRule>& tiers) {
  std::vector<std::uint8_t> of(rows.size(), static_cast<std::uint8_t>(tiers.size() - 1));
  for (std::size_t tier = tiers.size() - 1; tier-- > 0;) {
    std::vector<std::uint8_t> holds(rows.size(), 1);
    for (const auto& [measure, least] : tiers[tier].at_least) {
      const std::vector<std::int64_t> values = values_of(measure, rows, measures, score);
      for (std::size_t row = 0; row < values.size(); ++row) holds[row] &= values[row] >= least.micros();
    }
    for (std::size_t row = 0; row < of.size(); ++row)
      if (holds[row]) of[row] = static_cast<std::uint8_t>(tier);
  }
  return of;
}

}  // namespace

std::vector<std::uint8_t> tiers_of(const ValueRows& rows, const ValueMeasures& measures,
                                   const std::vector<double>& score, const ValueRequest& request) {
  const std::vector<TierRule>& tiers = request.tiers;
  if (!tiers.front().at_least.empty()) return by_conditions(rows, measures, score, tiers);
  const std::vector<std::int64_t> values = values_of(request.tier_by, rows, measures, score);
  const std::vector<std::uint32_t> order = best_first(rows.customer, values);
  std::vector<Decimal> cuts;
  for (std::size_t i = 0; i + 1 < tiers.size(); ++i) cuts.push_back(tiers[i].share ? *tiers[i].share : *tiers[i].least);
  const std::vector<std::size_t> ends =
      tiers.front().share ? tiers_by_share(values, order, cuts, request.ties) : tiers_by_least(values, order, cuts);
  std::vector<std::uint8_t> of(rows.size());
  for (std::size_t place = 0, tier = 0; place < order.size(); ++place) {
    while (tier < ends.size() && place >= ends[tier]) ++tier;
    of[order[place]] = static_cast<std::uint8_t>(tier);
  }
  return of;
}

std::vector<std::size_t> key_accounts(const ValueRows& rows, const ValueMeasures& measures,
                                      const ValueRequest& request) {
  std::vector<double> worth = measures.at(ValueDimension::contribution);
  const std::vector<double>& future = measures.at(ValueDimension::future);
  DoubleSum sum;
  for (std::size_t row = 0; row < worth.size(); ++row) {
    if (!future.empty()) worth[row] += future[row];
    if (worth[row] > 0) sum.add(worth[row]);
  }
  const double wanted = request.key_share.to_double() * sum.value();
  std::vector<std::size_t> keys;
  double so_far = 0;
  for (const std::uint32_t row : best_first(rows.customer, in_micros(worth))) {
    if (so_far >= wanted || !(worth[row] > 0)) break;
    if (keys.size() >= static_cast<std::size_t>(request.most_key_accounts)) break;
    keys.push_back(row);
    so_far += worth[row];
  }
  return keys;
}

}  // namespace emptor
