#include "insight/campaigns/response_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "emptor/mine/judgement.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_of_each = 50;  // who responded, and who did not

std::vector<double> out_of_fold(const ContactedTable& contacted, std::span<const mine::TableColumn> columns,
                                const UpliftRequest& request, const mine::Run& run) {
  const std::vector<std::uint32_t> folds =
      mine::stratified_grouped_folds(contacted.y, contacted.groups, {.folds = request.folds, .seed = request.seed});
  std::vector<double> chances(contacted.y.size());
  for (std::uint32_t fold = 0; fold < request.folds; ++fold) {
    const mine::Split split = mine::split_of(folds, fold);
    const ArmModel model(request.model, true, {columns, contacted.y, {}, split.train}, run);
    const std::vector<double> expected = model.expected(columns, split.test, run);
    for (std::size_t i = 0; i < split.test.size(); ++i) chances[split.test[i]] = expected[i];
  }
  return chances;
}

ResponseQuality quality_of(std::string name, const ContactedTable& contacted, std::span<const double> scores,
                           const UpliftRequest& request, const mine::Run& run) {
  const auto measure = [](mine::Numbers y, mine::Numbers s, mine::Numbers w) { return mine::auc(y, s, w); };
  return {std::move(name),
          mine::bootstrap(contacted.y, scores, measure,
                          {.repetitions = request.repetitions, .level = request.level, .seed = request.seed},
                          contacted.groups, {}, run),
          mine::lift(contacted.y, scores).front().lift};
}

/// The more recent the higher; those who never bought come last.
std::vector<double> by_recency(const ContactedTable& contacted) {
  std::vector<double> scores;
  for (const double recency : contacted.recency) scores.push_back(std::isnan(recency) ? -1e300 : -recency);
  return scores;
}

}  // namespace

ResponseOutcome predict_responses(const ContactedTable& contacted, std::span<const mine::TableColumn> asked,
                                  const UpliftRequest& request, const mine::Run& run) {
  ResponseOutcome out;
  const auto responses = static_cast<std::size_t>(std::count(contacted.y.begin(), contacted.y.end(), 1.0));
  if (std::min(responses, contacted.y.size() - responses) < least_of_each) {
    out.verdict = "insufficient: of " + std::to_string(contacted.y.size()) + " contacts " + std::to_string(responses) +
                  " were answered; a model needs " + std::to_string(least_of_each) +
                  " that were and as many that were not";
    return out;
  }
  out.rate = static_cast<double>(responses) / static_cast<double>(contacted.y.size());
  const ColumnFilling filling(contacted.columns);
  const std::vector<mine::TableColumn> columns = filling.filled(contacted.columns);
  out.qualities.push_back(
      quality_of("response_model", contacted, out_of_fold(contacted, columns, request, run), request, run));
  out.qualities.push_back(quality_of("recency", contacted, by_recency(contacted), request, run));
  out.verdict = out.qualities[0].auc.value > out.qualities[1].auc.value
                    ? "sufficient"
                    : "no better than recency: rank customers by that";
  std::vector<std::size_t> all(contacted.y.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  out.chance =
      ArmModel(request.model, true, {columns, contacted.y, {}, all}, run).expected(filling.filled(asked), {}, run);
  return out;
}

}  // namespace emptor
