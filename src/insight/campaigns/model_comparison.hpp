/// The marketing model beside the churn model: they ask different questions of the same customers, and whoever is on
/// the one list need not be on the other.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "insight/report/report_page.hpp"

namespace emptor {

/// The chances of one customer, by both models.
struct BothChances {
  std::int64_t customer = 0;
  double response = 0;  ///< to respond if contacted
  double silence = 0;   ///< to leave
};

struct ComparisonOptions {
  double likely_response = 0;  ///< at or above: likely to respond
  double likely_silence = 0;   ///< at or above: likely to leave
  double list_share = 0.1;     ///< of all customers, on each list: those of the highest chance
};

/// How many, and what is expected of them.
struct ComparedGroup {
  std::uint64_t customers = 0;
  double responses = 0, leavers = 0;  ///< sums of chances
};

struct ModelComparison {
  std::uint64_t customers = 0;
  double rank_correlation = 0, p_value = 1;  ///< Spearman's
  /// [likely to respond][likely to leave]
  std::array<std::array<ComparedGroup, 2>, 2> cells{};
  ComparedGroup response_list, churn_list, both_lists;
};
/// Throws Code::invalid for a share outside (0, 1].
ModelComparison compare_models(std::span<const BothChances> chances, const ComparisonOptions& options);

/// What it says, in sentences.
std::vector<std::string> comparison_words(const ModelComparison& comparison, const Voice& voice);
boost::json::object comparison_json(const ModelComparison& comparison, const Voice& voice);

}  // namespace emptor
