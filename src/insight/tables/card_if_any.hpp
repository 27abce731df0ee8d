/// Scorecards where there may be none.
#pragma once

#include <optional>

#include "emptor/mine/scorecard.hpp"

namespace emptor {

/// Nothing where the rows do not allow a card, since nothing in them tells anything: that is a result, too. Requires
/// options that are in range.
std::optional<mine::Scorecard> card_if_any(const mine::TrainingRows& rows, const mine::ScorecardOptions& options,
                                           const mine::Run& run);

}  // namespace emptor
