#include <algorithm>
#include <cmath>

#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/campaigns/uplift_study.hpp"
#include "insight/compute_runs.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_trial.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

struct TrialRequest {
  TrialColumnNames names;
  std::string control;
  std::vector<double> shares;
  UpliftRequest uplift;
  bool model_given = false;  ///< else responses are learnt by logistic regression, amounts by boosting
};

TrialRequest trial_request(std::string_view text) {
  const OptionReader options(compute_uplift_schema(), text);
  const json::object given = checked_options(compute_uplift_schema(), text);
  TrialRequest request;
  request.names = {options.text("customer"), options.text("treatment", "treatment"), options.text("outcome", "outcome"),
                   options.texts("covariates")};
  request.control = options.text("control");
  if (const json::value* shares = given.if_contains("shares"))
    for (const json::value& share : shares->as_array()) request.shares.push_back(share.to_number<double>());
  request.uplift = uplift_request(given);
  request.model_given = options.has("model");
  return request;
}

/// The place of the hold-out among the arms.
std::int32_t control_of(const PlainTrial& trial, const TrialRequest& request) {
  const std::string& name = request.control.empty() ? "0" : request.control;
  const auto found = std::find(trial.arms.begin(), trial.arms.end(), name);
  if (found != trial.arms.end()) return static_cast<std::int32_t>(found - trial.arms.begin());
  if (request.control.empty())
    throw Error(Problem{.code = Code::invalid,
                        .message = "which arm was left alone is not said, and no treatment is 0",
                        .field = "control",
                        .hint = "give the value of the column '" + request.names.treatment + "' that is the hold-out"});
  throw Error(Problem{
      .code = Code::not_found, .message = "no row has the treatment that is to be the hold-out", .field = "control"});
}

/// The rows of one arm and of the hold-out whose outcome is known.
struct ArmTrial {
  TrialTable table;
  std::vector<std::size_t> rows;  ///< of the plain table
};

ArmTrial trial_of(const PlainTrial& plain, std::int32_t arm, std::int32_t control) {
  ArmTrial trial;
  for (std::size_t r = 0; r < plain.arm.size(); ++r) {
    if ((plain.arm[r] != arm && plain.arm[r] != control) || std::isnan(plain.outcome[r])) continue;
    trial.rows.push_back(r);
    trial.table.y.push_back(plain.outcome[r]);
    trial.table.treated.push_back(plain.arm[r] == arm ? 1 : 0);
    trial.table.groups.push_back(plain.customer[r]);
  }
  for (const mine::TableColumn& column : plain.columns) {
    mine::TableColumn some{.name = column.name, .numbers = {}, .codes = {}, .words = column.words};
    for (const std::size_t r : trial.rows) {
      if (column.is_number()) {
        some.numbers.push_back(column.numbers[r]);
      } else {
        some.codes.push_back(column.codes[r]);
      }
    }
    trial.table.columns.push_back(std::move(some));
  }
  return trial;
}

std::uint64_t rows_of(const PlainTrial& plain, std::int32_t arm) {
  std::uint64_t rows = 0;
  for (std::size_t r = 0; r < plain.arm.size(); ++r) rows += plain.arm[r] == arm && !std::isnan(plain.outcome[r]);
  return rows;
}

/// Of all arms, as they were to be divided: evenly where no shares are given.
json::value ratio_of(const PlainTrial& plain, const TrialRequest& request) {
  std::vector<std::uint64_t> rows;
  for (std::size_t arm = 0; arm < plain.arms.size(); ++arm)
    rows.push_back(rows_of(plain, static_cast<std::int32_t>(arm)));
  const std::vector<double> shares = request.shares.empty() ? std::vector<double>(rows.size(), 1.0) : request.shares;
  return ratio_json(mine::check_sample_ratio(rows, shares));
}

/// Scores of every row by one arm's models: out of fold for the rows that they learnt from.
void add_scores(const PlainTrial& plain, const ArmTrial& trial, const UpliftStudy& study, const UpliftRequest& request,
                const std::string& arm, const mine::Run& run, NamedTable& table) {
  std::vector<double> uplift = UpliftModel(trial.table, request.model, run).uplift(plain.columns, run);
  for (std::size_t i = 0; i < trial.rows.size(); ++i) uplift[trial.rows[i]] = study.uplift[i];
  table.add("uplift_" + arm, Type::real) = real_column(uplift);
  Column& target = table.add("target_" + arm, Type::boolean);
  for (const double score : uplift) target.append(Value(score >= study.targeting.cut.threshold));
}

struct StudiedArms {
  json::array told;
  NamedTable table;
  std::string verdict = "sufficient";
};

/// Throws Code::invalid where the model that was asked for knows no amounts.
UpliftRequest request_for(const TrialRequest& request, bool binary) {
  UpliftRequest uplift = request.uplift;
  if (binary) return uplift;
  if (!request.model_given) uplift.model = ArmModelKind::boosting;
  if (uplift.model == ArmModelKind::logistic)
    throw Error(Problem{.code = Code::invalid,
                        .message = "logistic regression is of outcomes of 0 and 1, and these are amounts",
                        .field = "model",
                        .hint = "choose gradient_boosting"});
  return uplift;
}

std::string verdict_of(const UpliftStudy& study) {
  if (study.unequal.empty()) return "sufficient";
  return "doubtful: the arms differ in " + std::to_string(study.unequal.size()) +
         " columns (unequal_columns), so something but chance divided the customers, or a column was settled after the "
         "contact";
}

void study_arm(const PlainTrial& plain, std::int32_t arm, std::int32_t control, const TrialRequest& request,
               const mine::Run& run, StudiedArms& out) {
  const std::string& name = plain.arms[static_cast<std::size_t>(arm)];
  const ArmTrial trial = trial_of(plain, arm, control);
  const bool binary = is_binary(trial.table.y);
  const mine::EffectOptions options{.method = binary ? mine::EffectMethod::proportions : mine::EffectMethod::welch,
                                    .level = request.uplift.level};
  json::object told = {{"arm", name}, {"outcome", binary ? "response" : "amount"}};
  told["effect"] = effect_json(mine::campaign_effect(trial.table.y, trial.table.treated, options));
  std::string verdict = plain.columns.empty() ? "no covariates: nothing to tell customers apart by"
                                              : lack_of_trial(trial.table.y, trial.table.treated);
  if (verdict.empty()) {
    const UpliftRequest uplift = request_for(request, binary);
    const UpliftStudy study = study_uplift(trial.table, uplift, run);
    told["model"] = arm_model_names[static_cast<std::size_t>(uplift.model)];
    told["uplift"] = study_json(study);
    verdict = verdict_of(study);
    add_scores(plain, trial, study, uplift, name, run, out.table);
  }
  if (verdict != "sufficient") out.verdict = verdict;
  told["verdict"] = verdict;
  out.told.push_back(std::move(told));
}

StudiedArms study_arms(const PlainTrial& plain, std::int32_t control, const TrialRequest& request,
                       const mine::Run& run) {
  StudiedArms out;
  out.table.add("customer", plain.customers.type) = plain.customers;
  Column& arms = out.table.add("arm", Type::text);
  for (const std::int32_t arm : plain.arm)
    arms.append(arm == PlainTrial::no_arm ? Value()
                                          : Value(std::string_view(plain.arms[static_cast<std::size_t>(arm)])));
  for (std::size_t arm = 0; arm < plain.arms.size(); ++arm)
    if (static_cast<std::int32_t>(arm) != control)
      study_arm(plain, static_cast<std::int32_t>(arm), control, request, run, out);
  return out;
}

}  // namespace

std::string_view compute_uplift_schema() {
  static const std::string text =
      R"({"type":"object","properties":{
"customer":{"type":"string","description":"column of who it was: whole numbers or texts; without it rows are numbered"},
"treatment":{"type":"string","description":"column of the arm: whole numbers, texts, or true and false; rows without one are scored, not learnt from"},
"outcome":{"type":"string","description":"column of what came of it: 0 and 1, true and false, or amounts"},
"control":{"type":"string","description":"the arm that was left alone; 0 without it"},
"covariates":{"type":"array","items":{"type":"string"},"description":"columns of what was known before the contact; without any there is an effect and no uplift"},
"shares":{"type":"array","items":{"type":"number"},"description":"how the arms were to be divided, ascending by their names; evenly without it"},
)" + std::string(uplift_properties) +
      "}}";
  return text;
}

ComputedResult compute_uplift(const PlainData& data) {
  const TrialRequest request = trial_request(data.json);
  const ArrowTable table(data.stream);
  const PlainTrial plain = plain_trial(table, request.names);
  const std::int32_t control = control_of(plain, request);
  if (plain.arms.size() < 2)
    throw Error(Problem{.code = Code::invalid,
                        .message = "all rows have the same treatment",
                        .field = request.names.treatment,
                        .hint = "an effect is measured against those who were left alone"});
  StudiedArms studied = study_arms(plain, control, request, {data.executor, data.progress});
  std::uint64_t known = 0;
  for (std::size_t r = 0; r < plain.arm.size(); ++r)
    known += plain.arm[r] != PlainTrial::no_arm && !std::isnan(plain.outcome[r]);
  const json::object summary = {{"computation", "uplift"},
                                {"rows", plain.arm.size()},
                                {"skipped", plain.arm.size() - known},
                                {"control", plain.arms[static_cast<std::size_t>(control)]},
                                {"value", request.uplift.economics.value},
                                {"cost", request.uplift.economics.cost},
                                {"sample_ratio", ratio_of(plain, request)},
                                {"arms", std::move(studied.told)},
                                {"verdict", studied.verdict}};
  return {json::serialize(summary), std::move(studied.table)};
}

}  // namespace emptor
