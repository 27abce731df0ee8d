/// What campaigns brought: effects against the hold-out, costs, and what is left of both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/campaign_effect.hpp"
#include "insight/campaigns/campaign_trials.hpp"

namespace emptor {

enum class CampaignResponse : std::uint8_t {
  purchase,    ///< bought within the window: seen of everybody
  conversion,  ///< the membership says so; needs a host that records it of those held out, too
};

struct MeasureRequest {
  CampaignResponse response = CampaignResponse::purchase;
  double margin = 1;  ///< share of revenue that is earned
  double level = 0.95;
};

enum class CampaignVerdict : std::uint8_t {
  measured,
  no_members,
  no_first_day,  ///< neither the campaign nor its members say when it began
  not_over,      ///< the window reaches beyond the last day
  no_hold_out,   ///< nothing to compare with
  too_few,       ///< fewer than least_members_of_arm in an arm
  wrong_ratio,   ///< the arms do not have the sizes that were planned
};
inline constexpr std::size_t least_members_of_arm = 30;

/// One arm against the hold-out, of the members whose window is over.
struct ArmEffects {
  std::string variant;  ///< empty for all that were to be contacted
  std::uint64_t members = 0;
  mine::CampaignEffect response, revenue;  ///< share of responses; revenue a head, in the currency
};

struct MeasuredCampaign {
  CampaignVerdict verdict = CampaignVerdict::measured;
  std::optional<std::int32_t> first, last;         ///< days of the windows of all members
  std::uint64_t treated = 0, held_out = 0;         ///< members whose window is over
  std::uint64_t contacts = 0;                      ///< all that were made, also of those whose window is not over
  std::uint64_t responses = 0;                     ///< of the treated
  IntegerSum spent;                                ///< micros: on all members, and the cost of the campaign itself
  IntegerSum cost, revenue;                        ///< the same of those whose window is over; their revenue within it
  mine::ArmSummary rate, amount;                   ///< of the treated: responses, revenue in the currency
  std::optional<mine::SampleRatio> ratio;          ///< nothing where no hold-out was planned
  std::optional<ArmEffects> all;                   ///< nothing without a hold-out to compare with
  std::optional<mine::CampaignEffect> conversion;  ///< besides, where conversions of those held out are on record
  std::vector<ArmEffects> variants;                ///< where there are two or more
};

/// Of all campaigns of a channel together; only those with a hold-out say what it added.
struct MeasuredChannel {
  std::string channel;
  std::uint64_t campaigns = 0, compared = 0;  ///< with a hold-out that can be compared with
  std::uint64_t contacts = 0, treated = 0, responses = 0;
  IntegerSum cost, revenue;
  std::optional<mine::Interval> rate, amount;                    ///< of the treated: share of responses, revenue a head
  IntegerSum compared_cost;                                      ///< of the campaigns compared
  std::optional<mine::Interval> added_responses, added_revenue;  ///< sums over the campaigns compared
};

struct CampaignMeasures {
  bool conversions_of_held_out = false;     ///< some are on record
  std::vector<MeasuredCampaign> campaigns;  ///< of each record
  std::vector<MeasuredChannel> channels;    ///< ascending by name; empty for campaigns without one
};
CampaignMeasures measure_campaigns(const CampaignRecords& records, const CampaignTrials& trials,
                                   const MeasureRequest& request);

/// Whether a membership counts as answered: a conversion counts until the window ends.
bool responded(const MemberRecord& member, const MemberOutcome& outcome, CampaignResponse response) noexcept;

/// Of a sum over heads: an effect times their number.
mine::Interval total_of(const mine::CampaignEffect& effect);
/// What is left of added revenue after the costs, and that over the costs; nothing where nothing was spent.
mine::Interval profit_of(const mine::Interval& added_revenue, double margin, const IntegerSum& cost);
std::optional<mine::Interval> return_of(const mine::Interval& profit, const IntegerSum& cost);

}  // namespace emptor
