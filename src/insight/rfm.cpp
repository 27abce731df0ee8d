#include "emptor/insight/rfm.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "insight/rfm/rank_bins.hpp"

namespace emptor {
namespace {

using Scores = std::vector<std::uint8_t>;

[[noreturn]] void refuse(std::string message, std::string field) {
  throw Error(Problem{.code = Code::invalid, .message = std::move(message), .field = std::move(field)});
}

/// Recency is better the smaller it is.
void reverse_scores(Scores& scores, int bins) {
  for (std::uint8_t& score : scores) score = static_cast<std::uint8_t>(bins + 1 - score);
}

std::vector<std::int64_t> negated(std::span<const std::int64_t> values) {
  std::vector<std::int64_t> out(values.begin(), values.end());
  for (std::int64_t& value : out) value = -value;
  return out;
}

void score_by_quantiles(RfmTable& table) {
  const Measures& measures = table.measures;
  table.r = quantile_bins(measures.recency, table.bins, 1, table.cuts[0]);
  reverse_scores(table.r, table.bins);
  table.f = quantile_bins(measures.frequency, table.bins, 1, table.cuts[1]);
  table.m = quantile_bins(measures.monetary, table.bins, Decimal::micros_per_unit, table.cuts[2]);
}

/// pandas bins recency upwards and turns the labels round, so ties favour the customer met first.
void score_by_first_ranks(RfmTable& table) {
  table.r = rank_first_bins(table.measures.recency, table.bins);
  reverse_scores(table.r, table.bins);
  table.f = rank_first_bins(table.measures.frequency, table.bins);
  table.m = rank_first_bins(table.measures.monetary, table.bins);
}

void score_by_ntile(RfmTable& table) {
  table.r = ntile_bins(negated(table.measures.recency), table.bins);
  table.f = ntile_bins(table.measures.frequency, table.bins);
  table.m = ntile_bins(table.measures.monetary, table.bins);
}

void check_cuts(std::span<const std::int64_t> cuts, int bins, const char* name) {
  if (cuts.size() + 1 != static_cast<std::size_t>(bins)) {
    refuse("so many cut points as bins less one are needed", name);
  }
  if (std::adjacent_find(cuts.begin(), cuts.end(), std::greater_equal<>()) != cuts.end()) {
    refuse("cut points must ascend", name);
  }
}

/// A recency of at most the first cut is best, so its bins are closed on the right.
void score_by_cuts(RfmTable& table, const RfmCuts& cuts) {
  table.cuts[0] = cuts.recency;
  table.cuts[1] = cuts.frequency;
  for (const Decimal& cut : cuts.monetary) table.cuts[2].push_back(cut.micros());
  check_cuts(table.cuts[0], table.bins, "cuts.recency");
  check_cuts(table.cuts[1], table.bins, "cuts.frequency");
  check_cuts(table.cuts[2], table.bins, "cuts.monetary");
  for (std::int64_t& cut : table.cuts[0]) ++cut;
  table.r = bins_between(table.measures.recency, table.cuts[0]);
  reverse_scores(table.r, table.bins);
  table.f = bins_between(table.measures.frequency, table.cuts[1]);
  table.m = bins_between(table.measures.monetary, table.cuts[2]);
}

/// The group of each customer for the next measure: its bins so far.
Scores nested_groups(const Scores& r, const Scores& f, int bins) {
  Scores groups(r.size());
  for (std::size_t i = 0; i < r.size(); ++i) {
    groups[i] = static_cast<std::uint8_t>((r[i] - 1) * bins + (f.empty() ? 0 : f[i] - 1));
  }
  return groups;
}

void score_like_spss(RfmTable& table, const RfmOptions& options) {
  std::vector<std::uint64_t> ties;
  if (options.ties == RfmTies::spread) {
    for (const std::int64_t id : table.measures.customer) ties.push_back(hash_of(options.seed, id));
  }
  const bool nested = options.scoring == RfmScoring::spss_nested;
  const Measures& measures = table.measures;
  table.r = spss_bins(negated(measures.recency), {}, table.bins, ties);
  table.f = spss_bins(measures.frequency, nested ? nested_groups(table.r, {}, table.bins) : Scores(), table.bins, ties);
  table.m =
      spss_bins(measures.monetary, nested ? nested_groups(table.r, table.f, table.bins) : Scores(), table.bins, ties);
}

void score(RfmTable& table, const RfmOptions& options) {
  switch (options.scoring) {
    case RfmScoring::quantile:
      return score_by_quantiles(table);
    case RfmScoring::rank_first:
      return score_by_first_ranks(table);
    case RfmScoring::ntile:
      return score_by_ntile(table);
    case RfmScoring::fixed_cuts:
      return score_by_cuts(table, options.cuts);
    case RfmScoring::spss_independent:
    case RfmScoring::spss_nested:
      return score_like_spss(table, options);
  }
  throw Error(Code::misuse, "not a way of scoring");
}

void give_names(RfmTable& table, const SegmentMap& map) {
  table.names.assign(map.names().begin(), map.names().end());
  table.segment.resize(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    table.segment[i] = static_cast<std::uint8_t>(map.at(table.r[i], table.f[i], table.m[i]));
  }
}

void lower_what_is_not_positive(RfmTable& table) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table.measures.monetary[i] <= 0) table.m[i] = 1;
  }
}

void check(const RfmOptions& options) {
  if (options.bins < 2 || options.bins > 9) refuse("2 to 9 bins are possible", "bins");
  if (options.segments && options.segments->bins() != options.bins) {
    refuse("the segment rules are for another number of bins", "segments");
  }
}

}  // namespace

RfmTable score_rfm(Measures measures, const RfmOptions& options) {
  check(options);
  RfmTable table;
  table.bins = options.bins;
  table.measures = std::move(measures);
  score(table, options);
  if (options.measures.non_positive == NonPositive::lowest) lower_what_is_not_positive(table);
  if (options.segments) {
    give_names(table, *options.segments);
  } else if (options.bins == 5) {
    give_names(table, ten_segments());
  }
  return table;
}

RfmTable score_rfm(const Facts& facts, const RfmOptions& options) {
  RfmTable table = score_rfm(measure_purchases(facts, options.measures), options);
  table.data_version = facts.data_version;
  return table;
}

}  // namespace emptor
