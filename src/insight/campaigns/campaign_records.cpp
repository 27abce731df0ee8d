#include "insight/campaigns/campaign_records.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "core/sort_stably.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/facts/row_cells.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_a_batch = 20'000;

/// Places of the fields that are asked for.
struct Plan {
  enum : std::size_t { name, channel, starts_on, ends_on, budget, cost, contact_cost, hold_out, deleted_at, version };
};

CampaignRecord campaign_of(std::int64_t id, const RowCells& cells) {
  CampaignRecord one{.id = id, .name = cells.text(Plan::name), .channel = cells.text(Plan::channel)};
  one.starts = cells.whole<std::int32_t>(Plan::starts_on);
  one.ends = cells.whole<std::int32_t>(Plan::ends_on);
  one.budget = cells.whole<std::int64_t>(Plan::budget);
  one.cost = cells.whole<std::int64_t>(Plan::cost);
  one.contact_cost = cells.whole<std::int64_t>(Plan::contact_cost);
  if (cells.has(Plan::hold_out)) one.hold_out = Decimal::from_micros(cells.bits(Plan::hold_out)).to_double();
  return one;
}

void read_plans(const View& view, CampaignRecords& records) {
  const Query query{.entity = "campaign",
                    .fields = {"name", "channel", "starts_on", "ends_on", "budget", "cost", "contact_cost", "hold_out",
                               "deleted_at", "version"},
                    .limit = rows_a_batch,
                    .with_deleted = true};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const RowCells cells(batch, i);
    if (cells.has(Plan::version)) records.data_version = std::max(records.data_version, cells.bits(Plan::version));
    if (!cells.has(Plan::deleted_at)) records.campaigns.push_back(campaign_of(batch.ids[i].value, cells));
  });
  std::sort(records.campaigns.begin(), records.campaigns.end(),
            [](const CampaignRecord& a, const CampaignRecord& b) { return a.id < b.id; });
}

struct Member {
  enum : std::size_t {
    customer_id,
    campaign_id,
    variant,
    held_out,
    status,
    assigned_at,
    contacted_at,
    converted_at,
    contacts,
    cost,
    deleted_at,
    version
  };
};

class MemberReading {
 public:
  MemberReading(const View& view, CampaignRecords& records) : records_(records), days_(Zone::of(view.info().zone)) {
    for (std::size_t i = 0; i < records.campaigns.size(); ++i)
      places_[records.campaigns[i].id] = static_cast<std::uint32_t>(i);
  }

  void read(const RowCells& cells) {
    if (cells.has(Member::version))
      records_.data_version = std::max(records_.data_version, cells.bits(Member::version));
    if (cells.has(Member::deleted_at) || !cells.has(Member::customer_id) || !cells.has(Member::campaign_id)) return;
    const auto campaign = places_.find(cells.bits(Member::campaign_id));
    if (campaign == places_.end()) return;
    const std::string status = cells.text(Member::status);
    MemberRecord one{.customer = cells.bits(Member::customer_id), .campaign = campaign->second};
    one.variant = variant_of(cells.text(Member::variant));
    one.held_out = cells.is_true(Member::held_out);
    one.converted = status == "converted" || cells.has(Member::converted_at);
    one.assigned = day_of(cells, Member::assigned_at);
    one.converted_on = day_of(cells, Member::converted_at);
    // One of whom nothing else is said was contacted, as all were to be who are not held out.
    one.contacted =
        !one.held_out && ((status != "assigned" && status != "unreachable") || cells.has(Member::contacted_at) ||
                          cells.whole<std::int64_t>(Member::contacts).value_or(0) > 0);
    if (one.contacted) one.contacts = cells.has(Member::contacts) ? cells.bits(Member::contacts) : 1;
    one.cost = cells.whole<std::int64_t>(Member::cost);
    records_.members.push_back(one);
  }

 private:
  std::optional<std::int32_t> day_of(const RowCells& cells, std::size_t column) {
    return cells.has(column) ? std::optional(days_.of(cells.bits(column))) : std::nullopt;
  }
  std::uint32_t variant_of(const std::string& text) {
    const auto [found, fresh] = variants_.try_emplace(text, static_cast<std::uint32_t>(records_.variants.size()));
    if (fresh) records_.variants.push_back(text);
    return found->second;
  }

  CampaignRecords& records_;
  DayFinder days_;
  std::unordered_map<std::int64_t, std::uint32_t> places_;
  std::unordered_map<std::string, std::uint32_t> variants_{{"", 0}};
};

void keep_one_each(CampaignRecords& records) {
  std::vector<MemberRecord>& members = records.members;
  sort_stably(members, [](const MemberRecord& a, const MemberRecord& b) {
    return std::tie(a.customer, a.campaign) < std::tie(b.customer, b.campaign);
  });
  const auto last = std::unique(members.begin(), members.end(), [](const MemberRecord& a, const MemberRecord& b) {
    return a.customer == b.customer && a.campaign == b.campaign;
  });
  records.repeated = static_cast<std::uint64_t>(members.end() - last);
  members.erase(last, members.end());
}

}  // namespace

CampaignRecords read_campaigns(const View& view) {
  CampaignRecords records;
  read_plans(view, records);
  MemberReading reading(view, records);
  const Query query{.entity = "membership",
                    .fields = {"customer_id", "campaign_id", "variant", "held_out", "status", "assigned_at",
                               "contacted_at", "converted_at", "contacts", "cost", "deleted_at", "version"},
                    .limit = rows_a_batch,
                    .with_deleted = true};
  each_row(view, query, [&](const Batch& batch, std::size_t i) { reading.read(RowCells(batch, i)); });
  keep_one_each(records);
  return records;
}

std::vector<CustomerTraits> read_traits(const View& view) {
  std::vector<CustomerTraits> traits;
  const Query query{.entity = "customer", .fields = {"birth_date", "kind"}, .limit = rows_a_batch};
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    const RowCells cells(batch, i);
    traits.push_back({batch.ids[i].value, cells.whole<std::int32_t>(0), cells.text(1) == "organisation"});
  });
  std::sort(traits.begin(), traits.end(),
            [](const CustomerTraits& a, const CustomerTraits& b) { return a.customer < b.customer; });
  return traits;
}

void keep_members_among(const std::vector<CustomerTraits>& customers, CampaignRecords& records) {
  auto at = customers.begin();
  std::erase_if(records.members, [&](const MemberRecord& member) {
    while (at != customers.end() && at->customer < member.customer) ++at;
    return at == customers.end() || at->customer != member.customer;
  });
}

}  // namespace emptor
