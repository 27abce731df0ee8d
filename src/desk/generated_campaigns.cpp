#include "desk/generated_campaigns.hpp"

#include <algorithm>
#include <array>

#include "desk/generated_file.hpp"
#include "desk/generated_people.hpp"
#include "desk/generated_plan.hpp"
#include "desk/generated_progress.hpp"

namespace emptor {
namespace {

constexpr std::array<std::string_view, 4> kinds = {"sell", "retain", "win_back", "nurture"};
constexpr std::array<std::string_view, 3> channels = {"email", "phone", "mail"};
constexpr std::array<std::int64_t, 3> contact_cost = {5, 350, 90};  // hundredths, as the channels
constexpr std::int32_t first_day = 60;

std::string campaign_code(std::uint64_t number) { return "K" + std::to_string(number); }

class MembershipWriter {
 public:
  MembershipWriter(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made)
      : options_(options),
        season_(season),
        campaigns_(campaigns_of(options)),
        sums_(campaigns_.size()),
        file_(folder, "memberships.csv"),
        made_(made) {
    file_.raw_line(
        "external_id,customer_id,campaign_id,held_out,status,assigned_at,contacted_at,responded_at,converted_at,cost");
  }

  void write(std::uint64_t customer) {
    const Life life = life_of(options_, season_, customer);
    const Uplift uplift = uplift_of(options_, customer);
    for (std::size_t i = 0; i < campaigns_.size(); ++i) {
      const CampaignPart part = part_in(options_, season_, life, uplift, customer, campaigns_[i]);
      if (!part.member) continue;
      count(part, sums_[i]);
      write(customer, campaigns_[i], part);
    }
  }
  std::vector<CampaignSum> finish() {
    file_.close();
    return std::move(sums_);
  }

 private:
  static void count(const CampaignPart& part, CampaignSum& sum) {
    ++(part.held_out ? sum.held_out : sum.reached);
    (part.held_out ? sum.converted_held_out : sum.converted_reached) += part.converts;
    sum.effect += part.effect;
  }

  void write(std::uint64_t customer, const CampaignPlan& campaign, const CampaignPart& part) {
    Random random = stream(options_, DrawnFor::campaign, hash_of(customer, ~campaign.number));
    const std::string mailed = to_string(Date{options_.start.days + campaign.day});
    const std::int32_t converted = part.converts ? season_.moment(part.at).day : 0;
    // Some answer without ordering, and who orders has answered.
    const bool answers = !part.held_out && (part.converts || random.below(20) == 0);
    const auto wait = static_cast<std::int32_t>(random.below(6));
    const std::int32_t answered =
        part.converts ? std::min(campaign.day + wait, converted) : std::min(campaign.day + wait, options_.days - 1);
    const char* status = part.converts ? "converted" : answers ? "responded" : part.held_out ? "assigned" : "contacted";
    file_.cell("M" + std::to_string(++made_.memberships)).cell(customer_code(customer));
    file_.cell(campaign_code(campaign.number)).cell(part.held_out ? "true" : "false").cell(status).cell(mailed);
    file_.cell(part.held_out ? std::string() : mailed).cell(answers ? day_text(answered) : std::string());
    file_.cell(part.converts ? day_text(converted) : std::string());
    file_.hundredths(part.held_out ? 0 : contact_cost[campaign.number % channels.size()]).end_line();
  }
  std::string day_text(std::int32_t day) const { return to_string(Date{options_.start.days + day}); }

  const GenerateOptions& options_;
  const Season& season_;
  std::vector<CampaignPlan> campaigns_;
  std::vector<CampaignSum> sums_;
  GeneratedFile file_;
  Generated& made_;
};

void write_plans(const std::string& folder, const GenerateOptions& options) {
  GeneratedFile file(folder, "campaigns.csv");
  file.raw_line("external_id,name,kind,channel,status,starts_on,ends_on,hold_out,contact_cost,budget");
  for (const CampaignPlan& campaign : campaigns_of(options)) {
    const std::size_t channel = campaign.number % channels.size();
    file.cell(campaign_code(campaign.number)).cell("Wave " + std::to_string(campaign.number));
    file.cell(kinds[campaign.number % kinds.size()]).cell(channels[channel]).cell("done");
    file.cell(to_string(Date{options.start.days + campaign.day}));
    file.cell(to_string(Date{options.start.days + campaign.day + planted::campaign_days}));
    file.hundredths(static_cast<std::int64_t>(planted::hold_out * 100)).hundredths(contact_cost[channel]);
    file.hundredths(static_cast<std::int64_t>(options.customers) * contact_cost[channel]).end_line();
  }
  file.close();
}

}  // namespace

std::string_view name_of(Uplift uplift) {
  static constexpr std::string_view names[] = {"persuadable", "sure_thing", "lost_cause", "sleeping_dog"};
  return names[static_cast<std::size_t>(uplift)];
}

Uplift uplift_of(const GenerateOptions& options, std::uint64_t customer) {
  Random random = stream(options, DrawnFor::campaign, customer);
  return static_cast<Uplift>(is_young(options, customer) ? pick_by(random, planted::uplift_young)
                                                         : pick_by(random, planted::uplift_other));
}

std::vector<CampaignPlan> campaigns_of(const GenerateOptions& options) {
  std::vector<CampaignPlan> campaigns;
  if (!options.campaigns) return campaigns;
  for (std::int32_t day = first_day; day + planted::campaign_days < options.days; day += planted::campaign_gap_days)
    campaigns.push_back({campaigns.size() + 1, day});
  return campaigns;
}

CampaignPart part_in(const GenerateOptions& options, const Season& season, const Life& life, Uplift uplift,
                     std::uint64_t customer, const CampaignPlan& campaign) {
  CampaignPart part;
  const double mailed = season.until(campaign.day - 1);
  if (life.begin >= mailed || !life.buys || !allows_marketing(options, customer)) return part;
  Random random = stream(options, DrawnFor::campaign, hash_of(customer, campaign.number));
  part.member = random.uniform() < planted::member_share;
  if (!part.member) return part;
  part.held_out = random.uniform() < planted::hold_out;
  // Nobody comes back from the dead: those who left are members without a chance.
  const double last = std::min(life.end, season.until(campaign.day + planted::campaign_days - 1));
  if (last <= mailed) return part;
  const auto kind = static_cast<std::size_t>(uplift);
  part.chance_alone = planted::convert_alone[kind];
  part.chance = part.held_out ? part.chance_alone : planted::convert_reached[kind];
  part.effect = planted::convert_reached[kind] - part.chance_alone;
  part.converts = random.uniform() < part.chance;
  part.at = mailed + random.uniform() * (last - mailed);
  return part;
}

std::vector<CampaignSum> write_campaigns(const std::string& folder, const GenerateOptions& options,
                                         const Season& season, Generated& made) {
  write_plans(folder, options);
  MembershipWriter writer(folder, options, season, made);
  for_each_customer(options, "campaigns", [&](std::uint64_t customer) { writer.write(customer); });
  return writer.finish();
}

}  // namespace emptor
