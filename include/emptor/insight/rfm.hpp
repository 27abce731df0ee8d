/// RFM: recency, frequency and monetary value of each customer, scored and named.
///
///     const RfmTable table = score_rfm(read_facts(session), {.measures = {.as_of = Date::of(2011, 12, 10)}});
///
/// Conventions differ between tools and change who is called what, so each is an option here and is
/// reproduced cell for cell, in exact arithmetic: docs/rfm.md compares them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emptor/insight/measures.hpp"
#include "emptor/insight/segment_map.hpp"

namespace emptor {

/// How a measure becomes a score of 1 (worst) to `bins` (best).
enum class RfmScoring {
  quantile,          ///< type-7 quantiles plus one unit, bins closed on the left (R's rfm package)
  rank_first,        ///< ranks in order of appearance (customer id), cut into equal parts (pandas: rank, qcut)
  ntile,             ///< as SQL's and dplyr's ntile, from worst to best, ties by customer id
  fixed_cuts,        ///< given cut points
  spss_independent,  ///< SPSS RANK NTILES of each measure
  spss_nested,       ///< frequency within each recency bin, monetary within each of both
};

/// What SPSS's ranks do with equal values.
enum class RfmTies {
  together,  ///< mean rank: one bin
  spread,    ///< apart, in an order drawn from the seed and the customer's id
};

/// Cut points for RfmScoring::fixed_cuts, ascending, bins - 1 of them each. A recency of at most the
/// first cut is best; a frequency or monetary value of at least the last cut is best.
struct RfmCuts {
  std::vector<std::int64_t> recency;
  std::vector<std::int64_t> frequency;
  std::vector<Decimal> monetary;
};

struct RfmOptions {
  MeasureOptions measures = {};
  RfmScoring scoring = RfmScoring::quantile;
  int bins = 5;  ///< 2 to 9
  RfmTies ties = RfmTies::together;
  std::uint64_t seed = 0;                   ///< of RfmTies::spread
  RfmCuts cuts = {};                        ///< of RfmScoring::fixed_cuts
  std::optional<SegmentMap> segments = {};  ///< the ten names if empty and bins is 5; else no names
};

/// A row a customer. Where scoring cuts at values (quantile, fixed_cuts), `cuts` holds the first value
/// of every bin but the lowest, in days, orders and micros.
struct RfmTable {
  Measures measures;
  int bins = 5;
  std::vector<std::uint8_t> r, f, m;  ///< 1 to bins
  std::vector<std::uint8_t> segment;  ///< index into names; empty without a map
  std::vector<std::string> names;
  std::array<std::vector<std::int64_t>, 3> cuts;
  std::int64_t data_version = 0;

  std::size_t size() const noexcept { return measures.size(); }
};

/// Throws Code::invalid for options that contradict each other. The same table for the same facts on
/// every machine. O(rows + customers); rank methods sort, O(customers log customers).
RfmTable score_rfm(const Facts& facts, const RfmOptions& options = {});
/// The same from measures that stand already.
RfmTable score_rfm(Measures measures, const RfmOptions& options = {});

}  // namespace emptor
