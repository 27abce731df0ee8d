#include "insight/campaigns/campaign_words.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace emptor {
namespace {

/// Whole units of the currency.
std::string shown_amount(double amount) {
  return with_thousands(static_cast<std::int64_t>(std::llround(std::clamp(amount, -9e15, 9e15))));
}

std::string rows_text(std::uint64_t rows) { return with_thousands(static_cast<std::int64_t>(rows)); }

std::string effect_words(const MeasuredCampaign& measured, double margin, const Voice& voice) {
  const mine::CampaignEffect& effect = measured.all->response;
  std::string text =
      voice.say(words::effect_response, {shown_percent(effect.treated.mean), rows_text(effect.treated.rows),
                                         shown_percent(effect.held_out.mean), rows_text(effect.held_out.rows),
                                         shown_percent(effect.difference, true), shown_percent(effect.lower, true),
                                         shown_percent(effect.upper, true)});
  const words::Text& told = effect.lower > 0   ? words::effect_gains
                            : effect.upper < 0 ? words::effect_harms
                                               : words::effect_none;
  const mine::Interval added = total_of(measured.all->revenue), profit = profit_of(added, margin, measured.cost);
  text += " " + std::string(voice.say(told)) + " ";
  return text + voice.say(words::effect_money,
                          {shown_amount(added.value), shown_amount(added.lower), shown_amount(added.upper),
                           voice.amount(measured.cost), shown_amount(profit.value), shown_amount(profit.lower),
                           shown_amount(profit.upper)});
}

std::string verdict_words(const MeasuredCampaign& measured, double margin, const Voice& voice) {
  switch (measured.verdict) {
    case CampaignVerdict::measured:
      return effect_words(measured, margin, voice);
    case CampaignVerdict::no_members:
      return std::string(voice.say(words::no_members));
    case CampaignVerdict::no_first_day:
      return std::string(voice.say(words::no_first_day));
    case CampaignVerdict::not_over:
      return voice.say(words::not_over, {to_string(Date{*measured.last})});
    case CampaignVerdict::no_hold_out:
      return voice.say(words::no_hold_out, {shown_percent(measured.rate.mean), rows_text(measured.treated)});
    case CampaignVerdict::too_few:
      return voice.say(words::too_few,
                       {rows_text(measured.treated), rows_text(measured.held_out), rows_text(least_members_of_arm)});
    case CampaignVerdict::wrong_ratio:
      return voice.say(words::wrong_ratio, {shown_number(measured.ratio->p_value, 6)});
  }
  return {};
}

}  // namespace

std::string shown_number(double number, int digits) {
  char buffer[400];  // no double is longer
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), number, std::chars_format::fixed, digits).ptr;
  return {buffer, end};
}

std::string shown_percent(double share, bool sign) {
  return (sign && share >= 0 ? "+" : "") + shown_number(100 * share, 1) + " %";
}

std::string campaign_words(const CampaignRecord& campaign, const MeasuredCampaign& measured, double margin,
                           const Voice& voice) {
  std::string text = verdict_words(measured, margin, voice);
  if (campaign.budget && measured.spent.value() > *campaign.budget)
    text += " " + voice.say(words::over_budget, {voice.amount(*campaign.budget)});
  return text;
}

std::string targeting_words(const mine::Targeting& targeting, std::size_t customers, const Voice& voice) {
  const auto head = [](double amount) { return shown_number(amount, 4); };
  const mine::Interval& all = targeting.profit_of_all;
  switch (targeting.advice()) {
    case mine::TargetingAdvice::chosen:
      return voice.say(words::contact_chosen,
                       {rows_text(customers), head(targeting.profit.value), head(targeting.profit.lower),
                        head(targeting.profit.upper), head(all.value)});
    case mine::TargetingAdvice::everybody:
      return voice.say(words::contact_everybody, {head(all.value), head(all.lower), head(all.upper)});
    case mine::TargetingAdvice::nobody:
      return voice.say(words::contact_nobody, {head(all.value), head(all.lower), head(all.upper)});
    case mine::TargetingAdvice::undecided:
      return voice.say(words::contact_undecided, {head(all.value), head(all.lower), head(all.upper)});
  }
  return {};
}

}  // namespace emptor
