/// Replenishment: on which day a customer will want a product again, by the product's rhythm and his own.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/core/time.hpp"
#include "emptor/insight/language.hpp"
#include "emptor/mine/rhythm.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/facts/customer_lines.hpp"

namespace emptor {

struct ReplenishmentRequest {
  std::optional<Date> until = {};  ///< the last day that is seen; that of the last purchase if empty
  Purchases purchases = Purchases::positive;
  std::int32_t ahead = 14;            ///< days from then on
  double least_chance = 0.3;          ///< of being bought within them, from which a product is due
  std::uint64_t least_purchases = 3;  ///< days on which the customer bought it
  std::size_t count = 3;              ///< products a customer
  bool consent = true;                ///< whether who refused offers is left out
  Language language = Language::english;
  mine::RhythmOptions rhythm = {};
};
/// Requires options that the schema has checked.
ReplenishmentRequest replenishment_request(const boost::json::object& options, const std::optional<Date>& until);

/// Of products that a customer had bought often enough, how many were bought in the window just past.
struct DueQuality {
  std::string name;
  std::uint64_t due = 0;     ///< pairs of customer and product said to be due
  std::uint64_t bought = 0;  ///< of those
  double precision() const noexcept { return due == 0 ? 0 : static_cast<double>(bought) / static_cast<double>(due); }
};
struct ReplenishmentJudgement {
  std::uint64_t pairs = 0, bought = 0;  ///< all that were bought often enough before
  DueQuality rhythm{"rhythm"}, mean_gap{"mean_gap"}, not_due{"not_due"};
  double auc = 0, auc_of_recency = 0;     ///< of the chances, and of the days since the last purchase
  double gain = 0, lower = 0, upper = 0;  ///< precision of what was due less that of the others, 95 % interval
};

/// A product that a customer is likely to buy again.
struct DuePair {
  mine::PairRhythm rhythm;
  double chance = 0;
};
struct ReplenishmentOutcome {
  Date until;
  std::string verdict;
  ReplenishmentJudgement judgement;
  std::vector<std::int64_t> products;  ///< ids, ascending
  std::uint64_t products_with_rhythm = 0;
  std::vector<DuePair> due;     ///< by customer, the likeliest first
  std::uint64_t customers = 0;  ///< that have something due
};
/// `left_out`: customers, ascending.
ReplenishmentOutcome find_due(const CustomerLines& lines, const ReplenishmentRequest& request,
                              std::span<const std::int64_t> left_out, const mine::Run& run);

/// "bought 5 times, about every 30 days, last on 2026-01-02: due about 2026-02-01"
std::string due_reason(const DuePair& pair, Language language);
/// The last day of the interval in which it was to be expected.
Date last_due_day(const DuePair& pair) noexcept;
/// A row a customer and product: customer, product, chance, purchases, last, gap, due, from, to.
NamedTable due_table(const ReplenishmentOutcome& outcome, const Column& customers, const Column& products);
/// docs/replenishment.md has the form.
boost::json::object replenishment_json(const ReplenishmentRequest& request, const ReplenishmentOutcome& outcome);

}  // namespace emptor
