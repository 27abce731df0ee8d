#include <algorithm>

#include "insight/campaigns/campaign_records.hpp"
#include "insight/customer_profit/customer_profit.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

class CostScan {
 public:
  explicit CostScan(const View& view) : view_(view), days_(Zone::of(view.info().zone)) {}

  CustomerCosts read() {
    scan("interaction", "at", "cost", CostKind::contacts);
    scan("case", "opened_at", "cost", CostKind::service);
    scan("repair_order", "received_at", "cost", CostKind::service);
    scan("return", "returned_at", "base_amount", CostKind::returns);
    read_memberships();
    std::stable_sort(out_.all.begin(), out_.all.end(), [](const DatedCost& a, const DatedCost& b) {
      return a.customer != b.customer ? a.customer < b.customer : a.day < b.day;
    });
    return std::move(out_);
  }

 private:
  void scan(std::string_view entity, std::string_view when, std::string_view amount, CostKind kind) {
    const Query query{.entity = std::string(entity),
                      .where = Where::present(std::string(amount)),
                      .fields = {"customer_id", std::string(when), std::string(amount), "deleted_at", "version"},
                      .limit = 20'000,
                      .with_deleted = true};
    each_row(view_, query, [&](const Batch& batch, std::size_t i) {
      const auto& columns = batch.columns;
      if (columns[4].valid[i]) out_.data_version = std::max(out_.data_version, columns[4].bits[i]);
      if (columns[3].valid[i] || !columns[0].valid[i] || !columns[1].valid[i]) return;
      out_.all.push_back({columns[0].bits[i], days_.of(columns[1].bits[i]), kind, columns[2].bits[i]});
    });
  }

  void read_memberships() {
    const CampaignRecords records = read_campaigns(view_);
    out_.data_version = std::max(out_.data_version, records.data_version);
    for (const MemberRecord& one : records.members) {
      const CampaignRecord& campaign = records.campaigns[one.campaign];
      const std::optional<std::int32_t> day = one.assigned ? one.assigned : campaign.starts;
      const std::int64_t cost = one.cost.value_or(campaign.contact_cost.value_or(0) * one.contacts);
      if (day && cost != 0) out_.all.push_back({one.customer, *day, CostKind::campaigns, cost});
    }
  }

  const View& view_;
  DayFinder days_;
  CustomerCosts out_;
};

}  // namespace

CustomerCosts read_customer_costs(const View& view) { return CostScan(view).read(); }

}  // namespace emptor
