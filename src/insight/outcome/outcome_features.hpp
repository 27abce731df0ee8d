/// The columns that an outcome is learnt from, and rows of them as numbers.
#pragma once

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"
#include "insight/outcome/outcome_work.hpp"

namespace emptor {

/// Sets features, unused columns and suspects. Requires an answer and at least one answered row.
void choose_features(const AnswerTable& table, const OutcomeRequest& request, const std::vector<std::size_t>& answered,
                     const mine::Run& run, OutcomeResult& out);

/// Some rows as a model takes them: features, answers, ids.
struct FeatureRows {
  std::vector<double> x, y;
  std::vector<std::uint64_t> ids;
  std::size_t columns = 0;

  FeatureRows(const AnswerTable& table, const OutcomeResult& out, const std::vector<std::size_t>& rows);
  mine::NumberView view() const noexcept { return {x.data(), ids.size(), columns, columns, 1}; }
  mine::TrainingRows training() const noexcept { return {view(), y, {}, ids}; }
};
/// Which of the features are words.
std::vector<std::size_t> word_features(const AnswerTable& table, const std::vector<std::size_t>& features);

}  // namespace emptor
