#include "insight/campaigns/campaign_measures.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "insight/facts/currency_units.hpp"
#include "mine/distributions.hpp"

namespace emptor {
namespace {

/// The members of one arm whose window is over.
struct Arm {
  std::vector<double> responses, revenue, conversions;
  void add(const MemberRecord& member, const MemberOutcome& outcome, CampaignResponse response) {
    responses.push_back(responded(member, outcome, response) ? 1 : 0);
    revenue.push_back(in_currency(outcome.revenue));
    conversions.push_back(responded(member, outcome, CampaignResponse::conversion) ? 1 : 0);
  }
  std::size_t size() const noexcept { return responses.size(); }
};

struct Arms {
  Arm treated, held_out;
  std::map<std::uint32_t, Arm> variants;  ///< of the treated
};

/// What the reader's host booked for reaching them, else what a contact of the campaign costs.
std::int64_t cost_of(const MemberRecord& member, const CampaignRecord& campaign) {
  return member.cost.value_or(member.contacts * campaign.contact_cost.value_or(0));
}

void count_member(const CampaignRecord& campaign, const MemberRecord& member, const MemberOutcome& outcome,
                  MeasuredCampaign& measured) {
  if (outcome.first) measured.first = std::min(measured.first.value_or(*outcome.first), *outcome.first);
  if (outcome.last) measured.last = std::max(measured.last.value_or(*outcome.last), *outcome.last);
  if (member.held_out) return;
  measured.spent.add(cost_of(member, campaign));
  measured.contacts += static_cast<std::uint64_t>(std::max<std::int64_t>(member.contacts, 0));
  if (!outcome.over) return;
  measured.cost.add(cost_of(member, campaign));
  measured.revenue.add(outcome.revenue);
}

ArmEffects effects_of(const Arm& treated, const Arm& held_out, std::string variant, double level) {
  using mine::EffectMethod;
  return {std::move(variant), treated.size(),
          mine::compare_arms(mine::summarise_arm(treated.responses), mine::summarise_arm(held_out.responses),
                             {EffectMethod::proportions, level}),
          mine::compare_arms(mine::summarise_arm(treated.revenue), mine::summarise_arm(held_out.revenue),
                             {EffectMethod::welch, level})};
}

/// The planned share is held out, and the rest goes evenly to the variants.
std::optional<mine::SampleRatio> ratio_of(const CampaignRecord& campaign, const Arms& arms) {
  if (!campaign.hold_out || !(*campaign.hold_out > 0 && *campaign.hold_out < 1)) return std::nullopt;
  std::vector<std::uint64_t> rows{arms.held_out.size()};
  std::vector<double> shares{*campaign.hold_out};
  for (const auto& [variant, arm] : arms.variants) {
    rows.push_back(arm.size());
    shares.push_back((1 - *campaign.hold_out) / static_cast<double>(arms.variants.size()));
  }
  if (rows.size() < 2) return std::nullopt;
  return mine::check_sample_ratio(rows, shares);
}

CampaignVerdict verdict_of(const MeasuredCampaign& measured, bool any) {
  if (!any) return CampaignVerdict::no_members;
  if (!measured.first) return CampaignVerdict::no_first_day;
  if (measured.treated + measured.held_out == 0) return CampaignVerdict::not_over;
  if (measured.held_out == 0) return CampaignVerdict::no_hold_out;
  if (std::min(measured.treated, measured.held_out) < least_members_of_arm) return CampaignVerdict::too_few;
  return measured.ratio && measured.ratio->suspicious ? CampaignVerdict::wrong_ratio : CampaignVerdict::measured;
}

void compare(const CampaignRecord& campaign, const Arms& arms, const CampaignRecords& records, bool conversions,
             double level, MeasuredCampaign& measured) {
  measured.treated = arms.treated.size();
  measured.held_out = arms.held_out.size();
  if (measured.treated > 0) {
    measured.rate = mine::summarise_arm(arms.treated.responses);
    measured.amount = mine::summarise_arm(arms.treated.revenue);
    for (const double response : arms.treated.responses) measured.responses += response == 1;
  }
  if (measured.held_out > 0) measured.ratio = ratio_of(campaign, arms);
  if (std::min(measured.treated, measured.held_out) < least_members_of_arm) return;
  measured.all = effects_of(arms.treated, arms.held_out, {}, level);
  if (conversions)
    measured.conversion =
        mine::compare_arms(mine::summarise_arm(arms.treated.conversions),
                           mine::summarise_arm(arms.held_out.conversions), {mine::EffectMethod::proportions, level});
  if (arms.variants.size() < 2) return;
  for (const auto& [variant, arm] : arms.variants)
    if (arm.size() >= least_members_of_arm)
      measured.variants.push_back(effects_of(arm, arms.held_out, records.variants[variant], level));
}

/// What is summed up over the campaigns of a channel.
class ChannelSums {
 public:
  explicit ChannelSums(std::string name) { out_.channel = std::move(name); }

  void add(const MeasuredCampaign& one) {
    ++out_.campaigns;
    out_.contacts += one.contacts;
    out_.treated += one.treated;
    out_.responses += one.responses;
    out_.cost.add(one.cost);
    out_.revenue.add(one.revenue);
    if (one.verdict != CampaignVerdict::measured) return;
    ++out_.compared;
    out_.compared_cost.add(one.cost);
    add_total(one.all->response, responses_);
    add_total(one.all->revenue, revenue_);
  }
  MeasuredChannel finish(const Arm& treated, double level) {
    if (treated.size() >= 2) {
      out_.rate = mine::arm_interval(mine::summarise_arm(treated.responses), {mine::EffectMethod::proportions, level});
      out_.amount = mine::arm_interval(mine::summarise_arm(treated.revenue), {mine::EffectMethod::welch, level});
    }
    if (out_.compared > 0) {
      out_.added_responses = interval_of(responses_, level);
      out_.added_revenue = interval_of(revenue_, level);
    }
    return std::move(out_);
  }

 private:
  struct Total {
    double value = 0, variance = 0;
  };
  static void add_total(const mine::CampaignEffect& effect, Total& total) {
    const double error = effect.standard_error * static_cast<double>(effect.treated.rows);
    total.value += effect.incremental_total();
    total.variance += error * error;
  }
  static mine::Interval interval_of(const Total& total, double level) {
    const double error = std::sqrt(total.variance), reach = mine::normal_bound(level) * error;
    return {total.value, total.value - reach, total.value + reach, error};
  }

  MeasuredChannel out_;
  Total responses_, revenue_;
};

std::vector<MeasuredChannel> channels_of(const CampaignRecords& records, const CampaignTrials& trials,
                                         const std::vector<MeasuredCampaign>& campaigns,
                                         const MeasureRequest& request) {
  std::map<std::string, ChannelSums> sums;
  std::map<std::string, Arm> treated;
  for (std::size_t i = 0; i < campaigns.size(); ++i) {
    const std::string& channel = records.campaigns[i].channel;
    sums.try_emplace(channel, channel).first->second.add(campaigns[i]);
  }
  for (std::size_t i = 0; i < records.members.size(); ++i) {
    const MemberRecord& member = records.members[i];
    if (trials.outcomes[i].over && !member.held_out)
      treated[records.campaigns[member.campaign].channel].add(member, trials.outcomes[i], request.response);
  }
  std::vector<MeasuredChannel> channels;
  for (auto& [name, sum] : sums) channels.push_back(sum.finish(treated[name], request.level));
  return channels;
}

}  // namespace

bool responded(const MemberRecord& member, const MemberOutcome& outcome, CampaignResponse response) noexcept {
  if (response == CampaignResponse::purchase) return outcome.bought;
  return member.converted && !(member.converted_on && outcome.last && *member.converted_on > *outcome.last);
}

mine::Interval total_of(const mine::CampaignEffect& effect) {
  const auto rows = static_cast<double>(effect.treated.rows);
  return {effect.difference * rows, effect.lower * rows, effect.upper * rows, effect.standard_error * rows};
}

mine::Interval profit_of(const mine::Interval& added, double margin, const IntegerSum& cost) {
  const double spent = in_currency(cost.value());
  return {added.value * margin - spent, added.lower * margin - spent, added.upper * margin - spent,
          added.standard_error * margin};
}

std::optional<mine::Interval> return_of(const mine::Interval& profit, const IntegerSum& cost) {
  const double spent = in_currency(cost.value());
  if (!(spent > 0)) return std::nullopt;
  return mine::Interval{profit.value / spent, profit.lower / spent, profit.upper / spent,
                        profit.standard_error / spent};
}

CampaignMeasures measure_campaigns(const CampaignRecords& records, const CampaignTrials& trials,
                                   const MeasureRequest& request) {
  CampaignMeasures out;
  out.campaigns.resize(records.campaigns.size());
  std::vector<Arms> arms(records.campaigns.size());
  std::vector<bool> any(records.campaigns.size());
  for (std::size_t i = 0; i < records.members.size(); ++i) {
    const MemberRecord& member = records.members[i];
    any[member.campaign] = true;
    out.conversions_of_held_out = out.conversions_of_held_out || (member.held_out && member.converted);
    count_member(records.campaigns[member.campaign], member, trials.outcomes[i], out.campaigns[member.campaign]);
    if (!trials.outcomes[i].over) continue;
    Arms& of = arms[member.campaign];
    (member.held_out ? of.held_out : of.treated).add(member, trials.outcomes[i], request.response);
    if (!member.held_out) of.variants[member.variant].add(member, trials.outcomes[i], request.response);
  }
  for (std::size_t i = 0; i < arms.size(); ++i) {
    MeasuredCampaign& measured = out.campaigns[i];
    measured.spent.add(records.campaigns[i].cost.value_or(0));
    measured.cost.add(records.campaigns[i].cost.value_or(0));
    compare(records.campaigns[i], arms[i], records, out.conversions_of_held_out, request.level, measured);
    measured.verdict = verdict_of(measured, any[i]);
  }
  out.channels = channels_of(records, trials, out.campaigns, request);
  return out;
}

}  // namespace emptor
