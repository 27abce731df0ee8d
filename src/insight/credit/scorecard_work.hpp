/// A scorecard learnt from a plain table, with how well such cards hold on rows that they have not seen.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/judgement.hpp"
#include "emptor/mine/run.hpp"
#include "insight/tables/plain_card.hpp"
#include "insight/tables/plain_target.hpp"

namespace emptor {

struct ScorecardRequest {
  AttributeChoice choice;
  boost::json::value positive;
  mine::ScorecardOptions card;
  std::uint32_t folds = 5;  ///< of the cross-validation; 0: none
  std::uint64_t seed = 0;
};
std::string_view scorecard_schema();
/// Throws Code::invalid with every fault, also where no target is named.
ScorecardRequest scorecard_request(std::string_view json);
boost::json::object scorecard_options_json(const ScorecardRequest& request);

/// On rows that the cards of the folds were not learnt from.
struct FoldQuality {
  mine::CrossValidation folds;
  double brier = 0, brier_of_share = 0;  ///< of all rows; the second of one chance for everybody
  double calibration_slope = 0, calibration_intercept = 0;
  mine::Calibration calibration;
  std::size_t without_card = 0;  ///< folds whose other rows gave no card: their rows have one chance for all
};

struct ScorecardOutcome {
  std::uint64_t rows = 0;  ///< of the table
  std::size_t learnt = 0, events = 0;
  std::vector<LeftOutColumn> left_out;
  PlainCard card;
  mine::ScorecardQuality fitted;  ///< on the rows learnt from: too good
  std::optional<FoldQuality> quality;
  std::string verdict;
};
/// Throws what reading and `mine::fit_scorecard` throw.
ScorecardOutcome learn_scorecard(const ArrowTable& table, const ScorecardRequest& request, const mine::Run& run);

/// docs/credit.md has the form.
boost::json::object scorecard_json(const ScorecardRequest& request, const ScorecardOutcome& outcome);
boost::json::object quality_json(const mine::ScorecardQuality& quality);

}  // namespace emptor
