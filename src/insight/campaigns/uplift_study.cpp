#include "insight/campaigns/uplift_study.hpp"

#include <algorithm>

#include "emptor/mine/splits.hpp"

namespace emptor {
namespace {

using mine::QiniKind;

constexpr std::size_t least_of_each = 30;     // responses and others, in each arm; a third of that a fold
constexpr double least_p_of_unequal = 0.001;  // shared by all columns

std::vector<std::size_t> rows_of_arm(std::span<const double> treated, bool arm) {
  std::vector<std::size_t> rows;
  for (std::size_t r = 0; r < treated.size(); ++r)
    if ((treated[r] == 1) == arm) rows.push_back(r);
  return rows;
}

std::vector<std::uint32_t> folds_of(const TrialTable& trial, const UpliftRequest& request) {
  std::vector<double> strata;
  for (std::size_t r = 0; r < trial.y.size(); ++r) strata.push_back(2 * trial.treated[r] + (trial.y[r] > 0 ? 1 : 0));
  const mine::FoldOptions options{.folds = request.folds, .seed = request.seed};
  if (trial.groups.empty()) return mine::stratified_folds(strata, options);
  std::vector<std::uint64_t> sorted = trial.groups;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end())
    return mine::stratified_folds(strata, options, trial.groups);
  return mine::stratified_grouped_folds(strata, trial.groups, options);
}

void score_out_of_fold(const TrialTable& trial, const UpliftRequest& request, std::span<const std::uint32_t> folds,
                       const mine::Run& run, UpliftStudy& study) {
  const std::vector<mine::TableColumn> columns = ColumnFilling(trial.columns).filled(trial.columns);
  study.if_treated.resize(trial.y.size());
  study.uplift = mine::out_of_fold_uplift(
      folds, trial.treated,
      [&](std::span<const std::size_t> train, bool treated, std::span<const std::size_t> test) {
        const ArmModel model(request.model, study.binary, {columns, trial.y, trial.weights, train}, run);
        std::vector<double> expected = model.expected(columns, test, run);
        if (treated)
          for (std::size_t i = 0; i < test.size(); ++i) study.if_treated[test[i]] = expected[i];
        return expected;
      },
      run);
}

mine::BootstrapOptions bootstrap_of(const UpliftRequest& request) {
  return {.repetitions = request.repetitions, .level = request.level, .seed = request.seed};
}

constexpr std::pair<QiniKind, const char*> qini_kinds[] = {
    {QiniKind::radcliffe, "radcliffe"},
    {QiniKind::radcliffe_zero_downlift, "radcliffe_zero_downlift"},
    {QiniKind::scikit_uplift, "scikit_uplift"}};
constexpr std::pair<double, const char*> shares[] = {{0.1, "0.1"}, {0.3, "0.3"}, {0.5, "0.5"}};
constexpr double least_rows_of_share = 20;  // of each arm, among those that score highest

/// Measures of a ranking, by name.
struct RankingMeasures {
  std::vector<std::string> names;
  std::vector<mine::UpliftMeasure> measures;

  void add(std::string name, mine::UpliftMeasure measure) {
    names.push_back(std::move(name));
    measures.push_back(std::move(measure));
  }
};

void add_qini(const mine::UpliftRows& rows, const UpliftRequest& request, RankingMeasures& out) {
  // Radcliffe's q0 divides by the overall effect: where that may be 0 it has no interval.
  const bool gains = mine::campaign_effect(rows.y, rows.treated, {.level = request.level}).lower > 0;
  for (const auto& [kind, name] : qini_kinds)
    if (kind != QiniKind::radcliffe_zero_downlift || gains)
      out.add(name, [kind = kind](const mine::UpliftCurve& curve) { return mine::qini(curve, kind).value; });
}

void add_shares(const mine::UpliftRows& rows, RankingMeasures& out) {
  const auto treated = static_cast<double>(std::count(rows.treated.begin(), rows.treated.end(), 1.0));
  const double smaller_arm = std::min(treated, static_cast<double>(rows.treated.size()) - treated);
  for (const auto& [share, name] : shares)
    if (share * smaller_arm >= least_rows_of_share)
      out.add(name, [share = share](const mine::UpliftCurve& curve) { return mine::uplift_at(curve, share); });
}

void judge(const mine::UpliftRows& rows, const UpliftRequest& request, const mine::Run& run, UpliftStudy& study) {
  RankingMeasures all;
  if (study.binary) add_qini(rows, request, all);
  const std::size_t first_share = all.names.size();
  add_shares(rows, all);
  const std::vector<mine::Interval> as_scored = mine::uplift_intervals(rows, all.measures, bootstrap_of(request), run);
  for (std::size_t i = 0; i < as_scored.size(); ++i)
    (i < first_share ? study.qini : study.at)
        .push_back({all.names[i], mine::widen_for_folds(as_scored[i], request.folds), as_scored[i]});
}

/// The columns as models see them, one for each category, whose means differ between the arms. Arms that were drawn by
/// chance have the same customers in them; what differs was settled after the contact, or chose who was contacted.
std::vector<std::string> unequal_columns(const TrialTable& trial) {
  const std::vector<mine::TableColumn> columns = ColumnFilling(trial.columns).filled(trial.columns);
  const mine::DesignMatrix design = mine::fit_design_matrix(columns, {}, {.least_rows = least_rows_of_category});
  const std::vector<double> x = mine::matrix_of(design, columns);
  const std::size_t width = design.names.size();
  std::vector<std::string> unequal;
  std::vector<double> column(trial.y.size());
  for (std::size_t c = 0; c < width; ++c) {
    for (std::size_t r = 0; r < column.size(); ++r) column[r] = x[r * width + c];
    if (mine::campaign_effect(column, trial.treated).p_value < least_p_of_unequal / static_cast<double>(width))
      unequal.push_back(design.names[c]);
  }
  return unequal;
}

/// Ten points of equal weight, where rows of equal scores do not stand in the way.
std::vector<mine::ProfitPoint> tenths(const mine::UpliftCurve& curve, const mine::ContactEconomics& economics) {
  const std::vector<mine::ProfitPoint> all = mine::profit_curve(curve, economics);
  std::vector<mine::ProfitPoint> some;
  double wanted = 0.1;
  for (const mine::ProfitPoint& point : all) {
    if (point.share < wanted - 1e-9) continue;
    some.push_back(point);
    while (wanted <= point.share + 1e-9) wanted += 0.1;
  }
  return some;
}

}  // namespace

bool is_binary(std::span<const double> y) noexcept {
  return std::all_of(y.begin(), y.end(), [](double value) { return value == 0 || value == 1; });
}

std::string lack_of_trial(std::span<const double> y, std::span<const double> treated) {
  for (const bool arm : {true, false}) {
    const std::vector<std::size_t> rows = rows_of_arm(treated, arm);
    const auto responses =
        static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](std::size_t row) { return y[row] != 0; }));
    if (std::min(responses, rows.size() - responses) >= least_of_each) continue;
    return "insufficient: of the " + std::to_string(rows.size()) +
           (arm ? " that were contacted " : " that were held out ") + std::to_string(responses) +
           " responded; a model needs " + std::to_string(least_of_each) + " who did and as many who did not";
  }
  return {};
}

UpliftStudy study_uplift(const TrialTable& trial, const UpliftRequest& request, const mine::Run& run) {
  UpliftStudy study;
  study.binary = is_binary(trial.y);
  const std::vector<std::uint32_t> folds = folds_of(trial, request);
  score_out_of_fold(trial, request, folds, run, study);
  const mine::UpliftRows rows{trial.y, study.uplift, trial.treated, trial.weights, trial.groups};
  judge(rows, request, run, study);
  study.targeting = mine::choose_targets(rows, folds, {request.economics, bootstrap_of(request)}, run);
  study.curve = tenths(mine::uplift_curve(rows), request.economics);
  study.unequal = unequal_columns(trial);
  return study;
}

namespace {

ArmModel model_of_arm(const TrialTable& trial, ArmModelKind kind, const ColumnFilling& filling, bool arm,
                      const mine::Run& run) {
  const std::vector<std::size_t> rows = rows_of_arm(trial.treated, arm);
  const std::vector<mine::TableColumn> columns = filling.filled(trial.columns);
  return ArmModel(kind, is_binary(trial.y), {columns, trial.y, trial.weights, rows}, run);
}

}  // namespace

UpliftModel::UpliftModel(const TrialTable& trial, ArmModelKind kind, const mine::Run& run)
    : filling_(trial.columns),
      treated_(model_of_arm(trial, kind, filling_, true, run)),
      held_out_(model_of_arm(trial, kind, filling_, false, run)) {}

std::vector<double> UpliftModel::uplift(std::span<const mine::TableColumn> columns, const mine::Run& run) const {
  const std::vector<mine::TableColumn> filled = filling_.filled(columns);
  return mine::two_model_uplift(treated_.expected(filled, {}, run), held_out_.expected(filled, {}, run));
}

}  // namespace emptor
