#include "insight/campaigns/campaign_trials.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "core/elementary.hpp"
#include "emptor/core/error.hpp"
#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double days_a_year = 365.25;
constexpr std::int32_t usual_window = 30;
constexpr std::string_view own_features[] = {"age_in_years", "organisation", "campaigns", "conversions"};

double logarithm(double value) { return std::isnan(value) ? value : elementary::log(1 + std::max(value, 0.0)); }

std::int32_t window_of(const CampaignRecord& campaign, const TrialOptions& options) {
  if (options.window_days) return *options.window_days;
  if (campaign.starts && campaign.ends && *campaign.ends >= *campaign.starts)
    return *campaign.ends - *campaign.starts + 1;
  return usual_window;
}

MemberOutcome window_of(const CampaignRecord& campaign, const MemberRecord& member, const TrialOptions& options) {
  MemberOutcome outcome;
  if (!campaign.starts && !member.assigned) return outcome;
  constexpr std::int32_t never = std::numeric_limits<std::int32_t>::min();
  outcome.first = std::max(campaign.starts.value_or(never), member.assigned.value_or(never));
  outcome.last = *outcome.first + window_of(campaign, options) - 1;
  outcome.over = *outcome.last <= options.until.days;
  return outcome;
}

void see_lines(std::span<const TimedLine> lines, std::int64_t least, MemberOutcome& outcome) {
  if (!outcome.over) return;
  Wide revenue = 0;
  for (const TimedLine& line : lines) {
    if (line.day < *outcome.first || line.day > *outcome.last) continue;
    outcome.bought = outcome.bought || is_purchase(line.amount, line.quantity, least);
    revenue += line.amount;
  }
  if (revenue != static_cast<std::int64_t>(revenue))
    throw Error(Code::invalid, "what one customer bought in a campaign's window passes 64 bits of micros");
  outcome.revenue = static_cast<std::int64_t>(revenue);
}

/// One customer after another, all in ascending order: members, traits and those with lines.
class Joining {
 public:
  Joining(const CampaignRecords& records, const std::vector<CustomerTraits>& traits, const TrialOptions& options)
      : records_(records), traits_(traits), options_(options) {
    for (const MemberRecord& member : records.members)
      out_.outcomes.push_back(window_of(records.campaigns[member.campaign], member, options));
  }

  void see(std::int64_t customer, std::span<const TimedLine> lines) {
    members_before(customer);
    members_of(customer, lines);
    std::array<double, churn_purchase_feature_count> known;
    if (!write_known_until(options_.until, lines, options_.rows, known.data())) return;
    out_.customers.push_back(customer);
    // What came of campaigns until the last day is known on it.
    FeatureTable::Row row{.purchases = known.data(), .traits = traits_of(customer), .day = options_.until.days + 1};
    count_campaigns(first_member_, member_, row);
    out_.now.add(row);
  }
  CampaignTrials finish() {
    members_before(std::numeric_limits<std::int64_t>::max());
    return std::move(out_);
  }

 private:
  /// Members who come before a customer with lines have none.
  void members_before(std::int64_t customer) {
    while (member_ < records_.members.size() && records_.members[member_].customer < customer)
      members_of(records_.members[member_].customer, {});
  }

  void members_of(std::int64_t customer, std::span<const TimedLine> lines) {
    first_member_ = member_;
    while (member_ < records_.members.size() && records_.members[member_].customer == customer) ++member_;
    for (std::size_t i = first_member_; i < member_; ++i) {
      see_lines(lines, least_amount(options_.rows.purchases), out_.outcomes[i]);
      const std::int32_t day = out_.outcomes[i].first.value_or(options_.until.days + 1);
      std::array<double, churn_purchase_feature_count> known;
      FeatureTable::Row row{.traits = traits_of(customer), .day = day};
      if (write_known_until({day - 1}, lines, options_.rows, known.data())) row.purchases = known.data();
      count_campaigns(first_member_, member_, row);
      out_.before.add(row);
    }
  }

  void count_campaigns(std::size_t first, std::size_t end, FeatureTable::Row& row) const {
    for (std::size_t i = first; i < end; ++i) {
      const MemberRecord& member = records_.members[i];
      row.campaigns += member.contacted && out_.outcomes[i].first && *out_.outcomes[i].first < row.day;
      row.conversions += member.converted_on && *member.converted_on < row.day;
    }
  }

  const CustomerTraits* traits_of(std::int64_t customer) {
    while (trait_ < traits_.size() && traits_[trait_].customer < customer) ++trait_;
    return trait_ < traits_.size() && traits_[trait_].customer == customer ? &traits_[trait_] : nullptr;
  }

  const CampaignRecords& records_;
  const std::vector<CustomerTraits>& traits_;
  const TrialOptions& options_;
  std::size_t first_member_ = 0, member_ = 0, trait_ = 0;
  CampaignTrials out_;
};

}  // namespace

FeatureTable::FeatureTable() {
  for (std::size_t i = 0; i < churn_purchase_feature_count; ++i)
    columns_.push_back({.name = std::string(churn_feature_names[i]), .numbers = {}, .codes = {}, .words = {}});
  for (const std::string_view name : own_features)
    columns_.push_back({.name = std::string(name), .numbers = {}, .codes = {}, .words = {}});
}

void FeatureTable::add(const Row& row) {
  for (std::size_t i = 0; i < churn_purchase_feature_count; ++i)
    columns_[i].numbers.push_back(row.purchases == nullptr ? nothing : logarithm(row.purchases[i]));
  const bool born = row.traits != nullptr && row.traits->born;
  const double own[] = {born ? (row.day - *row.traits->born) / days_a_year : nothing,
                        row.traits != nullptr && row.traits->organisation ? 1.0 : 0.0, double(row.campaigns),
                        double(row.conversions)};
  for (std::size_t i = 0; i < std::size(own); ++i) columns_[churn_purchase_feature_count + i].numbers.push_back(own[i]);
}

std::vector<mine::TableColumn> FeatureTable::columns_of(const std::vector<std::size_t>& rows) const {
  std::vector<mine::TableColumn> some;
  for (const mine::TableColumn& column : columns_) {
    some.push_back({.name = column.name, .numbers = {}, .codes = {}, .words = {}});
    for (const std::size_t row : rows) some.back().numbers.push_back(column.numbers[row]);
  }
  return some;
}

CampaignTrials campaign_trials(const CampaignRecords& records, const std::vector<CustomerTraits>& traits,
                               const CustomerLines& lines, const TrialOptions& options) {
  Joining joining(records, traits, options);
  lines.each([&](std::int64_t customer, std::span<const TimedLine> of) { joining.see(customer, of); });
  return joining.finish();
}

}  // namespace emptor
