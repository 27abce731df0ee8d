/// The campaigns of a store and who was in them, as insights take them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

struct CampaignRecord {
  std::int64_t id = 0;
  std::string name, channel;
  std::optional<std::int32_t> starts, ends;                ///< civil days, both within
  std::optional<std::int64_t> budget, cost, contact_cost;  ///< micros
  std::optional<double> hold_out;                          ///< share of the members that was to be held out
};

/// A customer in a campaign; days are civil days of the store's zone.
struct MemberRecord {
  std::int64_t customer = 0;
  std::uint32_t campaign = 0;  ///< place among the campaigns
  std::uint32_t variant = 0;   ///< place among the variants; 0 is none
  bool held_out = false;
  bool contacted = false;  ///< by its status
  bool converted = false;
  std::optional<std::int32_t> assigned, converted_on;
  std::int64_t contacts = 0;         ///< 0 where nobody was reached
  std::optional<std::int64_t> cost;  ///< micros
};

struct CampaignRecords {
  std::vector<CampaignRecord> campaigns;  ///< ascending by id
  std::vector<std::string> variants{""};
  std::vector<MemberRecord> members;  ///< ascending by customer, then campaign; one each
  std::uint64_t repeated = 0;         ///< memberships of a customer in a campaign besides the first
  std::int64_t data_version = 0;      ///< newest version among these records, deleted ones included
};
CampaignRecords read_campaigns(const View& view);

/// What of a customer does not change with what they do.
struct CustomerTraits {
  std::int64_t customer = 0;
  std::optional<std::int32_t> born;  ///< day
  bool organisation = false;
};
/// Ascending by customer.
std::vector<CustomerTraits> read_traits(const View& view);
/// Leaves members out whose customer was deleted: what they bought is not known any more.
void keep_members_among(const std::vector<CustomerTraits>& customers, CampaignRecords& records);

}  // namespace emptor
