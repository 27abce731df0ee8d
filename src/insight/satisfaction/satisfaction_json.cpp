#include <algorithm>

#include "insight/campaigns/uplift_study.hpp"
#include "insight/insight_runs.hpp"
#include "insight/satisfaction/satisfaction_words.hpp"
#include "insight/satisfaction/satisfaction_work.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

json::object range_json(const mine::RateInterval& range) {
  return {{"value", range.value}, {"lower", range.lower}, {"upper", range.upper}};
}
json::value range_json(const std::optional<mine::RateInterval>& range) {
  return range ? json::value(range_json(*range)) : json::value();
}
json::object effect_range(const mine::Effect& effect) {
  return {{"value", effect.value}, {"lower", effect.lower}, {"upper", effect.upper}};
}

/// An NPS is told from -100 to 100, as it is known.
json::object headline_json(const OpinionGroup& group) {
  mine::Interval head = group.figures.headline;
  if (group.scale == OpinionScale::nps) {
    for (double* number : {&head.value, &head.lower, &head.upper, &head.standard_error}) *number *= 100;
  }
  return interval_json(head);
}

json::object group_json(const OpinionGroup& group, double false_findings, const Voice& voice) {
  json::object told = {{"scale", opinion_scale_names[static_cast<std::size_t>(group.scale)]}};
  if (!group.by.empty()) {
    told["by"] = group.by;
    told["name"] = group.name;
  }
  told["answers"] = group.figures.answers();
  told["satisfied"] = group.figures.moods[2];
  told["neutral"] = group.figures.moods[1];
  told["dissatisfied"] = group.figures.moods[0];
  told["headline"] = headline_json(group);
  told["mean"] = interval_json(group.figures.mean);
  if (group.by.empty()) told["words"] = headline_words(group, voice);
  if (!group.contrast) return told;
  told["against_others"] = {{"delta", effect_range(group.contrast->delta)},
                            {"p_value", group.contrast->p_value},
                            {"adjusted", group.adjusted},
                            {"stands_out", group.stands_out(false_findings)}};
  return told;
}

json::object driver_json(const SatisfactionDriver& driver, double false_findings, const Voice& voice) {
  return {{"measure", driver.name},
          {"customers", driver.rows},
          {"correlation", effect_range(driver.correlation)},
          {"p_value", driver.p_value},
          {"adjusted", driver.adjusted},
          {"holds", driver.adjusted <= false_findings},
          {"split", driver.split},
          {"mean_above", driver.contrast.mean_within},
          {"mean_others", driver.contrast.mean_outside},
          {"delta", effect_range(driver.contrast.delta)},
          {"words", driver_words(driver, false_findings, voice)}};
}

json::object index_json(const OpinionOutcome& outcome) {
  const IndexJudgement& judged = outcome.judged;
  json::object told = {{"customers", outcome.index.size()},
                       {"mean", 100 * outcome.index.mean},
                       {"shrink", outcome.index.shrink},
                       {"shrink_estimated", outcome.index.fitted}};
  told["hold_out"] = judged.customers == 0 ? json::value()
                                           : json::value({{"customers", judged.customers},
                                                          {"error_of_index", 100 * judged.index},
                                                          {"error_of_last_word", 100 * judged.last_word},
                                                          {"error_of_mean", 100 * judged.mean}});
  return told;
}

json::array asking_json(const SatisfactionOutcome& outcome, const Voice& voice) {
  json::array all;
  for (const SurveyAsking& one : outcome.asking) {
    json::object told = {{"survey", one.survey},
                         {"scale", opinion_scale_names[static_cast<std::size_t>(one.scale)]},
                         {"answers", one.answers},
                         {"asked", one.asked ? json::value(*one.asked) : json::value()},
                         {"response_rate", range_json(one.rate)},
                         {"words", asking_words(one, voice)}};
    if (one.bounds) told["bounds"] = {100 * one.bounds->lower, 100 * one.bounds->upper};
    all.push_back(std::move(told));
  }
  return all;
}

json::array bias_json(const SatisfactionOutcome& outcome, double false_findings, const Voice& voice) {
  json::array all;
  for (const AnswerBias& one : outcome.bias)
    all.push_back({{"measure", one.measure},
                   {"others", one.of_asked ? "asked" : "buyers"},
                   {"answered", one.contrast.within},
                   {"silent", one.contrast.outside},
                   {"median_answered", one.contrast.median_within},
                   {"median_silent", one.contrast.median_outside},
                   {"delta", effect_range(one.contrast.delta)},
                   {"p_value", one.contrast.p_value},
                   {"adjusted", one.adjusted},
                   {"words", bias_words(one, false_findings, voice)}});
  return all;
}

json::array complaints_json(const SatisfactionOutcome& outcome) {
  json::array all;
  for (const ComplaintGroup& one : outcome.complaints) {
    json::object told;
    if (!one.by.empty()) told = {{"by", one.by}, {"name", one.name}};
    told["complaints"] = one.complaints;
    told["open"] = one.days.open;
    told["days_to_resolution"] = waits_json(one.days);
    if (one.per_order) {
      told["customers"] = one.customers;
      told["orders"] = one.orders;
      told["per_customer"] = range_json(one.per_customer);
      told["per_order"] = range_json(one.per_order);
    }
    all.push_back(std::move(told));
  }
  return all;
}

json::array signs_json(const SatisfactionOutcome& outcome, double false_findings, const Voice& voice) {
  json::array all;
  for (const DissatisfactionSign& one : outcome.signs)
    all.push_back({{"words", sign_words(one, outcome.topics, voice)},
                   {"dissatisfied_with", one.contrast.within.having},
                   {"dissatisfied", one.contrast.within.all},
                   {"others_with", one.contrast.outside.having},
                   {"others", one.contrast.outside.all},
                   {"log_lift", effect_range(one.contrast.log_lift)},
                   {"p_value", one.contrast.p_value},
                   {"adjusted", one.adjusted},
                   {"holds", one.adjusted <= false_findings && one.contrast.log_lift.value > 0}});
  return all;
}

json::object sequel_json(const SatisfactionRequest& request, const SatisfactionSequel& sequel, const Voice& voice) {
  const double false_findings = request.drivers.false_findings;
  json::object told = {{"dissatisfied", sequel.dissatisfied},
                       {"others", sequel.others},
                       {"horizon_days", request.problems.horizon},
                       {"verdict", !sequel.again                  ? "too few"
                                   : sequel.shows(false_findings) ? "evidence"
                                                                  : "no evidence"},
                       {"words", sequel_words(sequel, false_findings, request.problems.horizon, voice)}};
  if (!sequel.again) return told;
  told["bought_again"] = effect_json(*sequel.again);
  told["spend_a_head"] = effect_json(*sequel.spend);
  told["change_of_spend"] = effect_json(*sequel.change);
  told["adjusted"] = {sequel.adjusted[0], sequel.adjusted[1], sequel.adjusted[2]};
  return told;
}

json::object problems_json(const SatisfactionRequest& request, const SatisfactionOutcome& outcome, const Voice& voice) {
  const auto count = [&](bool ProblemCustomer::*sign) {
    return std::count_if(outcome.problems.begin(), outcome.problems.end(),
                         [&](const ProblemCustomer& one) { return one.*sign; });
  };
  const ProblemHoldOut& seen = outcome.hold_out;
  const std::optional<double>& asked = request.problems.false_alarms;
  return {{"rule", rule_words(voice)},
          {"customers", outcome.problems.size()},
          {"low_answer", count(&ProblemCustomer::low_answer)},
          {"open_complaint", count(&ProblemCustomer::open_complaint)},
          {"complained_again", count(&ProblemCustomer::complained_again)},
          {"asked_rate", asked ? json::value(*asked) : json::value()},
          {"threshold", seen.threshold ? json::value(*seen.threshold) : json::value()},
          {"alerts", outcome.alerted.size()},
          {"hold_out",
           {{"flagged", seen.flagged},
            {"others", seen.others},
            {"flagged_false_alarms", range_json(seen.flagged_quiet)},
            {"others_quiet", range_json(seen.others_quiet)},
            {"alerted_false_alarms", range_json(seen.alerted_quiet)}}}};
}

json::object options_json(const SatisfactionRequest& request) {
  constexpr std::string_view period_names[] = {"month", "quarter", "year"};
  return {{"period", period_names[static_cast<std::size_t>(request.period)]},
          {"tiers", request.tiers},
          {"window_days", request.drivers.window_days},
          {"half_life_days", request.half_life},
          {"horizon_days", request.problems.horizon},
          {"fresh_days", request.problems.fresh},
          {"false_alarms", request.problems.false_alarms ? json::value(*request.problems.false_alarms) : json::value()},
          {"most_alerts", request.most_alerts},
          {"level", request.drivers.level},
          {"false_findings", request.drivers.false_findings},
          {"language", code_of(request.language)}};
}

}  // namespace

json::object opinions_json(const SatisfactionRequest& request, const OpinionOutcome& outcome) {
  const Voice voice(request.language, 2);
  const double false_findings = request.drivers.false_findings;
  json::object told = {{"until", outcome.until ? json::value(to_string(*outcome.until)) : json::value()}};
  told["main_scale"] =
      outcome.main ? json::value(opinion_scale_names[static_cast<std::size_t>(*outcome.main)]) : json::value();
  json::array groups, drivers;
  for (const OpinionGroup& group : outcome.groups) groups.push_back(group_json(group, false_findings, voice));
  for (const SatisfactionDriver& driver : outcome.drivers)
    drivers.push_back(driver_json(driver, false_findings, voice));
  told["groups"] = std::move(groups);
  told["drivers"] = std::move(drivers);
  told["index"] = index_json(outcome);
  return told;
}

json::object satisfaction_json(const SatisfactionRequest& request, const SatisfactionOutcome& outcome) {
  const Voice voice(request.language, 2);
  const double false_findings = request.drivers.false_findings;
  json::object told = opinions_json(request, outcome.opinions);
  told["options"] = options_json(request);
  told["verdict"] = satisfaction_verdict_names[static_cast<std::size_t>(outcome.verdict)];
  told["words"] = verdict_words(outcome, voice);
  told["off_scale"] = outcome.off_scale;
  told["surveys_not_read"] = outcome.unread;
  told["feedback"] = outcome.remarks;
  told["surveys"] = asking_json(outcome, voice);
  told["who_answers"] = bias_json(outcome, false_findings, voice);
  told["complaints"] = complaints_json(outcome);
  told["signs_of_dissatisfaction"] = signs_json(outcome, false_findings, voice);
  told["afterwards"] = sequel_json(request, outcome.sequel, voice);
  told["problem_customers"] = problems_json(request, outcome, voice);
  return told;
}

NamedTable satisfaction_table(const SatisfactionRequest& request, const OpinionOutcome& outcome, Column customers) {
  constexpr std::size_t reasons = 3;
  const Voice voice(request.language, 2);
  NamedTable table;
  table.add("customer", customers.type) = std::move(customers);
  table.add("index", Type::real) = real_column(outcome.index.index);
  table.add("weight", Type::real) = real_column(outcome.index.weight);
  for (std::size_t reason = 0; reason < reasons; ++reason) {
    Column& column = table.add("reason_" + std::to_string(reason + 1), Type::text);
    for (const std::vector<std::size_t>& of : outcome.index.reasons)
      column.append(reason < of.size()
                        ? Value(std::string_view(word_in_words(outcome.words[of[reason]], outcome.until->days, voice)))
                        : Value());
  }
  return table;
}

}  // namespace emptor
