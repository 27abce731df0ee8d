#include "insight/value/value_request.hpp"

#include <algorithm>

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/taken_number.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view model_texts[] = {"auto", "bg-nbd", "mbg-nbd", "pareto-nbd", "nbd"};
constexpr std::optional<mine::LifetimeKind> models[] = {std::nullopt, mine::LifetimeKind::bg_nbd,
                                                        mine::LifetimeKind::mbg_nbd, mine::LifetimeKind::pareto_nbd,
                                                        mine::LifetimeKind::nbd};
constexpr std::string_view combine_texts[] = {"weights", "learned"};
constexpr std::string_view measure_texts[] = {"score",   "spend",  "contribution", "future",
                                              "loyalty", "credit", "growth"};
constexpr std::string_view tie_texts[] = {"split", "upward"};
constexpr std::string_view control_texts[] = {"benjamini_hochberg", "each"};
constexpr std::string_view language_texts[] = {"en", "zh"};

[[noreturn]] void refuse(std::string message, std::string field, std::string hint = {}) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

std::vector<TierRule> usual_tiers() {
  return {{"platinum", Decimal::of(5, 2)}, {"gold", Decimal::of(15, 2)}, {"silver", Decimal::of(3, 1)}, {"bronze"}};
}

TierRule tier_of(const json::object& given) {
  TierRule tier;
  if (const json::value* name = given.if_contains("name")) tier.name = name->as_string();
  if (tier.name.empty()) refuse("a tier has a name", "tiers.name");
  if (const json::value* share = given.if_contains("share")) tier.share = decimal_option(*share, "tiers.share");
  if (const json::value* least = given.if_contains("least")) tier.least = decimal_option(*least, "tiers.least");
  if (const json::value* all = given.if_contains("at_least"))
    for (std::size_t i = 0; i < std::size(measure_texts); ++i)
      if (const json::value* least = all->as_object().if_contains(measure_texts[i]))
        tier.at_least.emplace_back(static_cast<TierMeasure>(i), decimal_option(*least, "tiers.at_least"));
  return tier;
}

/// Every tier but the last is cut in the same way, and ways do not contradict themselves.
void check_tiers(const std::vector<TierRule>& tiers) {
  constexpr std::size_t most_tiers = 100;
  if (tiers.size() < 2 || tiers.size() > most_tiers) refuse("there are two tiers or more, at most 100", "tiers");
  if (tiers.back().share || tiers.back().least || !tiers.back().at_least.empty())
    refuse("the last tier takes the rest and has no cut of its own", "tiers");
  const auto way = [](const TierRule& tier) {
    return (tier.share ? 1 : 0) + (tier.least ? 2 : 0) + (tier.at_least.empty() ? 0 : 4);
  };
  Decimal sum = 0;
  for (std::size_t i = 0; i + 1 < tiers.size(); ++i) {
    const int own = way(tiers[i]);
    if (own != 1 && own != 2 && own != 4) refuse("a tier has either a share, a least value or at_least", "tiers");
    if (own != way(tiers.front())) refuse("all tiers are cut in the same way", "tiers");
    if (tiers[i].share) sum = sum + *tiers[i].share;
    if (tiers[i].share && *tiers[i].share < Decimal(0)) refuse("a share is at least 0", "tiers.share");
    if (tiers[i].least && i > 0 && *tiers[i - 1].least < *tiers[i].least)
      refuse("least values descend from the best tier", "tiers.least");
  }
  if (sum > Decimal(1)) refuse("the shares are more than 1 together", "tiers.share");
}

void take_weights(const json::object& given, std::array<double, value_dimension_count>& weights) {
  weights = {};
  double sum = 0;
  for (std::size_t i = 0; i < value_dimension_count; ++i) {
    take_number(given, value_dimension_names[i], weights[i]);
    sum += weights[i];
  }
  if (!(sum > 0)) refuse("one weight or more is above 0", "weights");
}

void take_tiers(const json::object& options, ValueRequest& request) {
  request.tier_by = choice_option<TierMeasure>(options, "tier_by", measure_texts);
  request.ties = choice_option<BorderTies>(options, "ties", tie_texts);
  request.tiers = usual_tiers();
  if (const json::value* given = options.if_contains("tiers")) {
    request.tiers.clear();
    for (const json::value& tier : given->as_array()) request.tiers.push_back(tier_of(tier.as_object()));
  }
  check_tiers(request.tiers);
}

json::object tier_json(const TierRule& tier) {
  json::object told = {{"name", tier.name}};
  if (tier.share) told["share"] = tier.share->to_string();
  if (tier.least) told["least"] = tier.least->to_string();
  json::object at_least;
  for (const auto& [measure, least] : tier.at_least)
    at_least[measure_texts[static_cast<std::size_t>(measure)]] = least.to_string();
  if (!at_least.empty()) told["at_least"] = std::move(at_least);
  return told;
}

}  // namespace

const std::string_view value_schema = R"({"type":"object","properties":{
"period_days":{"type":"integer","minimum":14,"maximum":3650,"description":"days of a window: contribution counts the last, the measures are judged on it; 90 without it"},
"horizon_days":{"type":"integer","minimum":1,"maximum":36500,"description":"days ahead that the future contribution covers; 365 without it"},
"purchases":{"type":"string","enum":["positive","non_negative","net"],"description":"which line items are purchases"},
"model":{"type":"string","enum":["auto","bg-nbd","mbg-nbd","pareto-nbd","nbd"],"description":"of the lifetimes behind the future contribution; auto: bg-nbd, and where that has no estimate nbd"},
"discount":{"type":"number","minimum":0,"maximum":10,"description":"a year; .1 without it"},
"grace_days":{"type":"integer","minimum":0,"maximum":3650,"description":"days after a due day that are still in time; 7 without it"},
"weights":{"type":"object","description":"of the dimensions in the score; what is not named weighs nothing","properties":{
"contribution":{"type":"number","minimum":0},"future":{"type":"number","minimum":0},"loyalty":{"type":"number","minimum":0},"credit":{"type":"number","minimum":0},"growth":{"type":"number","minimum":0}}},
"combine":{"type":"string","enum":["weights","learned"],"description":"weights as given, or those that best told what the window just past earned"},
"tier_by":{"type":"string","enum":["score","spend","contribution","future","loyalty","credit","growth"],"description":"what shares and least values of tiers are of"},
"tiers":{"type":"array","description":"from the best down; the last takes the rest","items":{"type":"object","properties":{
"name":{"type":"string"},"share":{"type":["number","string"]},"least":{"type":["number","string"]},
"at_least":{"type":"object","properties":{"score":{"type":["number","string"]},"spend":{"type":["number","string"]},"contribution":{"type":["number","string"]},"future":{"type":["number","string"]},"loyalty":{"type":["number","string"]},"credit":{"type":["number","string"]},"growth":{"type":["number","string"]}}}}}},
"ties":{"type":"string","enum":["split","upward"],"description":"equal values at the border of two tiers"},
"key_share":{"type":["number","string"],"description":"of all that is earned and expected, which key accounts make together; .2 without it"},
"most_key_accounts":{"type":"integer","minimum":0,"maximum":100000,"description":"20 without it"},
"false_alarms":{"type":"number","minimum":0,"exclusiveMaximum":1,"description":"of customers whose value moved: the share of alarms that may be false; .05 without it, 0: no alarms"},
"alarm_control":{"type":"string","enum":["benjamini_hochberg","each"],"description":"the share of all alarms, or of all tests without a change"},
"group":{"type":"string","description":"whose portrait is drawn: tier:NAME, and on a store tag:NAME or score:NAME=LABEL; the best tier without it"},
"language":{"type":"string","enum":["en","zh"],"description":"of the words"}}})";

std::string_view name_of_model(mine::LifetimeKind kind) {
  return model_texts[std::find(std::begin(models), std::end(models), std::optional(kind)) - std::begin(models)];
}

ValueRequest value_request(const json::object& options, const std::optional<Date>& until) {
  ValueRequest request;
  request.until = until;
  request.rows.purchases = measure_options(options, {}).purchases;
  take_number(options, "period_days", request.rows.period);
  take_number(options, "horizon_days", request.horizon_days);
  take_number(options, "discount", request.discount);
  take_number(options, "grace_days", request.grace);
  take_number(options, "most_key_accounts", request.most_key_accounts);
  take_number(options, "false_alarms", request.changes.false_alarms);
  if (request.changes.false_alarms >= 1) refuse("a share of false alarms is below 1", "false_alarms");
  request.model = models[choice_option<std::size_t>(options, "model", model_texts)];
  request.combine = choice_option<ValueCombine>(options, "combine", combine_texts);
  request.changes.control = choice_option<mine::AlarmControl>(options, "alarm_control", control_texts);
  request.language = choice_option<Language>(options, "language", language_texts);
  if (const json::value* weights = options.if_contains("weights")) take_weights(weights->as_object(), request.weights);
  if (const json::value* share = options.if_contains("key_share"))
    request.key_share = decimal_option(*share, "key_share");
  if (const json::value* group = options.if_contains("group")) request.group = group->as_string();
  take_tiers(options, request);
  return request;
}

json::object value_options_json(const ValueRequest& request) {
  json::object weights;
  for (std::size_t i = 0; i < value_dimension_count; ++i) weights[value_dimension_names[i]] = request.weights[i];
  json::array tiers;
  for (const TierRule& tier : request.tiers) tiers.push_back(tier_json(tier));
  return {{"period_days", request.rows.period},
          {"horizon_days", request.horizon_days},
          {"purchases", measure_options_json({.purchases = request.rows.purchases}).at("purchases")},
          {"model", request.model ? name_of_model(*request.model) : "auto"},
          {"discount", request.discount},
          {"grace_days", request.grace},
          {"weights", std::move(weights)},
          {"combine", combine_texts[static_cast<std::size_t>(request.combine)]},
          {"tier_by", measure_texts[static_cast<std::size_t>(request.tier_by)]},
          {"tiers", std::move(tiers)},
          {"ties", tie_texts[static_cast<std::size_t>(request.ties)]},
          {"key_share", request.key_share.to_string()},
          {"most_key_accounts", request.most_key_accounts},
          {"false_alarms", request.changes.false_alarms},
          {"alarm_control", control_texts[static_cast<std::size_t>(request.changes.control)]},
          {"group", request.group},
          {"language", language_texts[static_cast<std::size_t>(request.language)]}};
}

}  // namespace emptor
