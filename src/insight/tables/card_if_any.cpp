#include "insight/tables/card_if_any.hpp"

#include "emptor/core/error.hpp"

namespace emptor {

std::optional<mine::Scorecard> card_if_any(const mine::TrainingRows& rows, const mine::ScorecardOptions& options,
                                           const mine::Run& run) {
  try {
    return mine::fit_scorecard(rows, options, run);
  } catch (const Error& error) {
    if (error.code() != Code::invalid) throw;
    return std::nullopt;
  }
}

}  // namespace emptor
