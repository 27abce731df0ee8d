/// The campaigns of a generated shop: who is in them, who is left alone, and what they bring.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "desk/generated_life.hpp"

namespace emptor {

enum class Uplift : std::uint8_t { persuadable, sure_thing, lost_cause, sleeping_dog };
std::string_view name_of(Uplift uplift);
Uplift uplift_of(const GenerateOptions& options, std::uint64_t customer);

struct CampaignPlan {
  std::uint64_t number = 0;  ///< from 1
  std::int32_t day = 0;      ///< of its mailing
};
/// As many as the watch has room for; none without campaigns.
std::vector<CampaignPlan> campaigns_of(const GenerateOptions& options);

/// A customer in a campaign.
struct CampaignPart {
  bool member = false, held_out = false;
  double chance = 0, chance_alone = 0;  ///< to order because of it, in their arm and if left alone
  double effect = 0;                    ///< by which reaching them changes their chance
  bool converts = false;
  double at = 0;  ///< when they order, units of the season
};
/// `uplift` is that of the customer.
CampaignPart part_in(const GenerateOptions& options, const Season& season, const Life& life, Uplift uplift,
                     std::uint64_t customer, const CampaignPlan& campaign);

/// What a campaign did, over its members.
struct CampaignSum {
  std::uint64_t reached = 0, held_out = 0, converted_reached = 0, converted_held_out = 0;
  double effect = 0;  ///< sum of the members' effects
};

/// Writes campaigns.csv and memberships.csv.
std::vector<CampaignSum> write_campaigns(const std::string& folder, const GenerateOptions& options,
                                         const Season& season, Generated& made);

}  // namespace emptor
