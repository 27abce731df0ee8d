/// Uplift of a trial: two models, one an arm, each row judged by models that never saw it; how well that ranks, and
/// which part of the rows pays to be contacted.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/targeting.hpp"
#include "insight/campaigns/arm_model.hpp"

namespace emptor {

/// The rows of a trial. Nothing in the columns may have been settled after the contact.
struct TrialTable {
  std::vector<mine::TableColumn> columns;
  std::vector<double> y, treated;
  std::vector<double> weights = {};  ///< all 1 if empty
  std::vector<std::uint64_t> groups =
      {};  ///< rows of one group (a customer) share a fold and a draw; each its own if empty
};

struct UpliftRequest {
  ArmModelKind model = ArmModelKind::logistic;
  std::uint32_t folds = 5;
  std::uint64_t seed = 0;
  std::size_t repetitions = 500;  ///< of the bootstrap
  double level = 0.95;
  mine::ContactEconomics economics = {};
};

/// A measure of the ranking: its interval with what fitting anew would change (`widen_for_folds`), and that of the
/// scores as they are, which other tools tell.
struct NamedFigure {
  std::string name;
  mine::Interval value, as_scored;
};

struct UpliftStudy {
  bool binary = false;
  std::vector<double> if_treated, uplift;  ///< of each row, out of fold
  std::vector<NamedFigure> qini;           ///< by the names of mine::QiniKind; of responses only
  std::vector<NamedFigure> at;  ///< difference of means among the tenth, three tenths, half that score highest
  mine::Targeting targeting;
  std::vector<mine::ProfitPoint> curve;  ///< of each tenth of the rows, from the highest scores down
  std::vector<std::string> unequal;      ///< columns whose arms differ by more than chance
};

/// Whether all are 0 or 1: responses, not amounts.
bool is_binary(std::span<const double> y) noexcept;
/// Empty where the rows suffice, else what they lack.
std::string lack_of_trial(std::span<const double> y, std::span<const double> treated);
/// Requires rows that suffice. Throws as the miners.
UpliftStudy study_uplift(const TrialTable& trial, const UpliftRequest& request, const mine::Run& run);

/// Both models, learnt from all rows: for customers who were not in the trial.
class UpliftModel {
 public:
  UpliftModel(const TrialTable& trial, ArmModelKind kind, const mine::Run& run);
  /// Requires the columns of the trial, by name and kind.
  std::vector<double> uplift(std::span<const mine::TableColumn> columns, const mine::Run& run) const;

 private:
  ColumnFilling filling_;
  ArmModel treated_, held_out_;
};

/// docs/uplift.md has the form.
boost::json::object study_json(const UpliftStudy& study);
boost::json::object interval_json(const mine::Interval& interval);
boost::json::object effect_json(const mine::CampaignEffect& effect);
boost::json::object ratio_json(const mine::SampleRatio& ratio);
std::string_view name_of(mine::TargetingAdvice advice) noexcept;

/// The options of models and money that studies take, as the inside of a JSON Schema; and what they say.
extern const std::string_view uplift_properties;
/// Requires options that the schema has checked.
UpliftRequest uplift_request(const boost::json::object& options);
double number_option(const boost::json::object& options, std::string_view name, double otherwise);

}  // namespace emptor
