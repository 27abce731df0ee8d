#include "insight/satisfaction/satisfaction_sequel.hpp"

#include <algorithm>
#include <set>

#include "emptor/mine/false_discovery.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

/// What a customer spent within a horizon before and after a day.
struct Around {
  bool before_any = false, after_any = false;
  double before = 0, after = 0;
};

Around around(const Facts& facts, std::int64_t customer, std::int32_t day, std::int32_t horizon) {
  Around found;
  const std::optional<std::size_t> place = facts.find(Id{customer});
  if (!place) return found;
  const PurchaseRows rows = facts.of(*place);
  Wide before = 0, after = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!is_purchase(rows.amount[i], rows.quantity[i], 1)) continue;
    const std::int32_t since = rows.day[i] - day;
    if (since > 0 && since <= horizon) {
      found.after_any = true;
      after += rows.amount[i];
    } else if (since <= 0 && since > -horizon) {
      found.before_any = true;
      before += rows.amount[i];
    }
  }
  found.before = static_cast<double>(before) / Decimal::micros_per_unit;
  found.after = static_cast<double>(after) / Decimal::micros_per_unit;
  return found;
}

/// The answers and what came of them, a customer each.
struct Followed {
  std::vector<double> dissatisfied, again, spend, change;
};

mine::CampaignEffect effect_of(const std::vector<double>& y, const Followed& rows, mine::EffectMethod method,
                               double level) {
  return mine::campaign_effect(y, rows.dissatisfied, {.method = method, .level = level});
}

/// Any answer to any survey.
std::vector<std::int64_t> who_answered(const OpinionRecords& opinions) {
  std::set<std::int64_t> customers;
  for (const AnswerRecord& one : opinions.answers)
    if (one.customer != 0) customers.insert(one.customer);
  return {customers.begin(), customers.end()};
}

std::vector<std::int64_t> who_was_asked(const OpinionRecords& opinions) {
  std::set<std::int64_t> customers;
  for (const SurveyRecord& one : opinions.surveys) customers.insert(one.asked.begin(), one.asked.end());
  return {customers.begin(), customers.end()};
}

}  // namespace

SatisfactionSequel follow_up(const Opinions& opinions, std::span<const std::size_t> rows, const Facts& facts,
                             std::int32_t horizon, double level) {
  Followed followed;
  for (const std::size_t row : rows) {
    const Opinion& one = opinions.rows[row];
    const Around bought = around(facts, one.customer, one.day, horizon);
    if (!bought.before_any) continue;
    followed.dissatisfied.push_back(one.mood() == Mood::dissatisfied ? 1 : 0);
    followed.again.push_back(bought.after_any ? 1 : 0);
    followed.spend.push_back(bought.after);
    followed.change.push_back(bought.after - bought.before);
  }
  SatisfactionSequel sequel;
  sequel.dissatisfied =
      static_cast<std::size_t>(std::count(followed.dissatisfied.begin(), followed.dissatisfied.end(), 1.0));
  sequel.others = followed.dissatisfied.size() - sequel.dissatisfied;
  if (std::min(sequel.dissatisfied, sequel.others) < least_followed) return sequel;
  sequel.again = effect_of(followed.again, followed, mine::EffectMethod::proportions, level);
  sequel.spend = effect_of(followed.spend, followed, mine::EffectMethod::welch, level);
  sequel.change = effect_of(followed.change, followed, mine::EffectMethod::welch, level);
  const double p_values[] = {sequel.again->p_value, sequel.spend->p_value, sequel.change->p_value};
  const std::vector<double> adjusted = mine::false_discovery(p_values);
  std::copy(adjusted.begin(), adjusted.end(), sequel.adjusted.begin());
  return sequel;
}

std::vector<SurveyAsking> count_asked(const OpinionRecords& opinions, double level) {
  std::vector<SurveyAsking> all;
  std::vector<mine::PromoterCounts> of_named(opinions.surveys.size());
  std::vector<std::set<std::int64_t>> seen(opinions.surveys.size());
  for (const SurveyRecord& survey : opinions.surveys)
    all.push_back({.survey = survey.name, .scale = survey.scale, .asked = {}, .rate = {}, .bounds = {}});
  for (auto one = opinions.answers.rbegin(); one != opinions.answers.rend(); ++one) {  // of each customer the last
    ++all[one->survey].answers;
    if (one->customer == 0 || !seen[one->survey].insert(one->customer).second) continue;
    const Mood mood = mood_of(all[one->survey].scale, one->score);
    mine::PromoterCounts& counts = of_named[one->survey];
    ++(mood == Mood::satisfied ? counts.promoters : mood == Mood::neutral ? counts.passives : counts.detractors);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SurveyRecord& survey = opinions.surveys[i];
    if (survey.asked.empty()) continue;
    all[i].asked = survey.asked.size();
    const auto asked = static_cast<double>(survey.asked.size());
    all[i].rate = mine::share_interval(static_cast<double>(of_named[i].all()), asked, level);
    if (survey.scale == OpinionScale::nps) all[i].bounds = mine::bound_net_promoter(of_named[i], survey.asked.size());
  }
  return all;
}

std::vector<AnswerBias> compare_answering(const OpinionRecords& opinions, const Measures& measures, double level) {
  const std::vector<std::int64_t> answered = who_answered(opinions), asked = who_was_asked(opinions);
  const std::pair<const char*, const std::vector<std::int64_t>*> columns[] = {
      {"recency", &measures.recency}, {"orders", &measures.frequency}, {"spend", &measures.monetary}};
  std::vector<AnswerBias> all;
  std::vector<double> p_values;
  for (const auto& [name, column] : columns) {
    std::vector<double> within, outside;
    for (std::size_t i = 0; i < measures.size(); ++i) {
      const bool said = std::binary_search(answered.begin(), answered.end(), measures.customer[i]);
      if (!asked.empty() && !said && !std::binary_search(asked.begin(), asked.end(), measures.customer[i])) continue;
      const double value = static_cast<double>((*column)[i]);
      (said ? within : outside).push_back(column == &measures.monetary ? value / Decimal::micros_per_unit : value);
    }
    if (std::min(within.size(), outside.size()) < least_followed) return {};
    all.push_back({!asked.empty(), name, mine::contrast_numbers(within, outside, level)});
    p_values.push_back(all.back().contrast.p_value);
  }
  const std::vector<double> adjusted = mine::false_discovery(p_values);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].adjusted = adjusted[i];
  return all;
}

}  // namespace emptor
