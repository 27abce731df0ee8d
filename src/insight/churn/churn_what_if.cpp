#include "insight/churn/churn_what_if.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "insight/churn/churn_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view about[] = {
    "about the model, not the world: what it says of customers who are so, not what would become of those made so",
    "仅说明模型，而非现实：这是模型对此类客户的判断，并不表示采取措施后客户就会如此"};

/// Shares are at most 1.
double most_of(ChurnFeature feature) {
  const bool share =
      feature == ChurnFeature::returned || feature == ChurnFeature::satisfaction || feature == ChurnFeature::discount;
  return share ? 1 : std::numeric_limits<double>::infinity();
}

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Error(
      Problem{.code = Code::invalid, .message = std::move(message), .field = "what_if", .hint = std::move(hint)});
}

WhatIf what_if_of(const json::object& given) {
  WhatIf change;
  const json::value* feature = given.if_contains("feature");
  if (feature == nullptr) refuse("a change names no feature", "give its \"feature\"");
  const auto found =
      std::find(churn_feature_names.begin(), churn_feature_names.end(), std::string_view(feature->as_string()));
  change.feature = static_cast<ChurnFeature>(found - churn_feature_names.begin());
  if (const json::value* set = given.if_contains("set")) change.set = set->to_number<double>();
  if (const json::value* factor = given.if_contains("factor")) change.factor = factor->to_number<double>();
  if (const json::value* add = given.if_contains("add")) change.add = add->to_number<double>();
  if (!change.set && change.factor == 1 && change.add == 0)
    refuse("a change changes nothing", "give \"set\", \"factor\" or \"add\"");
  return change;
}

json::object change_json(const WhatIf& change) {
  json::object told = {{"feature", churn_feature_names[static_cast<std::size_t>(change.feature)]}};
  if (change.set) {
    told["set"] = *change.set;
  } else {
    told["factor"] = change.factor;
    told["add"] = change.add;
  }
  return told;
}

/// Sums of a group, before and after.
struct Effect {
  std::size_t customers = 0;
  DoubleSum before, after, loss_before, loss_after;

  json::object told(const json::value& group, bool has_value) const {
    const auto count = static_cast<double>(customers);
    json::object one = {{"group", group},
                        {"customers", customers},
                        {"mean_chance", before.value() / count},
                        {"mean_chance_then", after.value() / count},
                        {"change", (after.value() - before.value()) / count},
                        {"change_of_expected_loss", nullptr}};
    if (has_value) one["change_of_expected_loss"] = loss_after.value() - loss_before.value();
    return one;
  }
};

json::array effects_of(const ChurnOutcome& outcome, const std::vector<double>& then, const CustomerGroups& groups) {
  std::vector<Effect> effects(groups.names.size() + 1);  // the last is of all
  const auto add = [&](Effect& effect, std::size_t row) {
    ++effect.customers;
    effect.before.add(outcome.chance[row]);
    effect.after.add(then[row]);
    if (outcome.value.empty()) return;
    effect.loss_before.add(outcome.chance[row] * outcome.value[row]);
    effect.loss_after.add(then[row] * outcome.value[row]);
  };
  for (std::size_t row = 0; row < then.size(); ++row) {
    add(effects.back(), row);
    const std::uint32_t group = groups.of(outcome.rows.customer[row]);
    if (group != CustomerGroups::none) add(effects[group], row);
  }
  json::array told = {effects.back().told(nullptr, !outcome.value.empty())};
  for (std::size_t i = 0; i < groups.names.size(); ++i)
    if (effects[i].customers > 0) told.push_back(effects[i].told(json::value(groups.names[i]), !outcome.value.empty()));
  return told;
}

}  // namespace

std::vector<WhatIf> what_if_options(const json::object& options) {
  std::vector<WhatIf> changes;
  if (const json::value* given = options.if_contains("what_if"))
    for (const json::value& one : given->as_array()) changes.push_back(what_if_of(one.as_object()));
  return changes;
}

json::array what_if_json(const std::vector<WhatIf>& changes) {
  json::array told;
  for (const WhatIf& change : changes) told.push_back(change_json(change));
  return told;
}

ChurnRows changed_rows(const ChurnRows& rows, const WhatIf& change) {
  ChurnRows changed = rows;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    double& value = changed.x[row * churn_feature_count + static_cast<std::size_t>(change.feature)];
    const double wanted = change.set ? *change.set : value * change.factor + change.add;
    if (!std::isnan(wanted)) value = std::clamp(wanted, 0.0, most_of(change.feature));
  }
  return changed;
}

json::object what_if_answers(const std::vector<WhatIf>& changes, const ChurnOutcome& outcome,
                             const CalibratedChurnModel& model, const CustomerGroups& groups, Language language,
                             const mine::Run& run) {
  json::array answers;
  for (const WhatIf& change : changes) {
    if (!outcome.rows.touched && static_cast<std::size_t>(change.feature) >= churn_purchase_feature_count)
      refuse("nothing but purchases is on record", "change a feature of purchases, or use a store");
    const std::vector<double> then = model.chances(changed_rows(outcome.rows, change), run);
    json::object one = change_json(change);
    one["groups"] = effects_of(outcome, then, groups);
    answers.push_back(std::move(one));
  }
  return {{"about", about[static_cast<std::size_t>(language)]}, {"changes", std::move(answers)}};
}

}  // namespace emptor
