/// Composition: which share of the customers each group is, what it brings, how that moves, whether it brings more or
/// less than others, and how much hangs on few.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emptor/core/exact_sum.hpp"
#include "emptor/insight/language.hpp"
#include "emptor/mine/rates.hpp"
#include "insight/composition/composition_rows.hpp"
#include "insight/composition/concentration.hpp"

namespace emptor {

struct CompositionRequest {
  std::int32_t window_days = 365;
  std::size_t least_cell = 5;    ///< customers, and buyers where there are any, below which a group is not told alone
  std::size_t most_groups = 50;  ///< of a dimension, the largest; the others are told together
  std::size_t postal_characters = 2;
  double false_findings = 0.05;
  std::vector<std::string> by;
  std::optional<Date> until = {};
  Language language = Language::english;
};
CompositionRequest composition_request(const boost::json::object& options, const std::optional<Date>& until);

struct CompositionGroup {
  std::string name;
  bool unknown = false;
  std::size_t merged = 0;  ///< groups that are told together, as they are too small; 0: this is one of its own
  std::size_t customers = 0, buyers = 0, buyers_before = 0;
  std::uint64_t orders = 0, orders_before = 0;
  IntegerSum revenue, before, margin;
  mine::RateInterval share;                                      ///< of the customers (Wilson)
  std::optional<mine::RateInterval> revenue_share, growth = {};  ///< linearised; nothing of too few buyers
  double delta = 0, p_value = 1, adjusted = 1;  ///< Cliff's delta of a customer's revenue against all others'
  std::int32_t last_day = CompositionRows::never;

  /// 1: its customers bring more than others, -1: less, chance aside.
  int stands_out(double false_findings) const noexcept { return adjusted > false_findings ? 0 : delta > 0 ? 1 : -1; }
};

struct CompositionPart {
  std::string name;
  bool place = false;
  std::vector<CompositionGroup> groups;  ///< by customers, the most first; then what is told together
  double herfindahl = 0;                 ///< of the groups' revenue, each by itself
  std::vector<std::size_t> white_spots;  ///< groups of places with customers, none of whom bought
};

struct CompositionOutcome {
  std::optional<Date> until;
  std::string verdict;
  std::size_t customers = 0, buyers = 0, tests = 0;
  std::uint64_t orders = 0;
  IntegerSum revenue, before, margin;
  bool by_margin = false, has_before = false;
  std::optional<mine::RateInterval> growth;
  Concentration concentration;
  std::vector<CompositionPart> parts;
};
CompositionOutcome compose(const CompositionRows& rows, const CompositionRequest& request);

}  // namespace emptor
