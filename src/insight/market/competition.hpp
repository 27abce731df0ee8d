/// Competition: against whom deals are won and lost, where and why, and which customers speak of a competitor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/mine/mantel_haenszel.hpp"
#include "emptor/mine/rates.hpp"
#include "insight/facts/customer_lines.hpp"

namespace emptor {

/// A deal that was decided; what is not known is empty or 0.
struct DecidedDeal {
  std::int64_t customer = 0;
  std::int64_t competitor = 0;
  std::int32_t day = 0;
  bool won = false;
  std::optional<double> amount = {};
  std::string product, region, reason = {};
};

/// A customer and a competitor named in what they said, or in a deal that is open.
struct CompetitorMention {
  std::int64_t customer = 0, competitor = 0;
  std::int32_t day = 0;
  bool deal = false;
};

struct NamedCompetitor {
  std::int64_t id = 0;
  std::string name;
};

struct CompetitionData {
  std::vector<NamedCompetitor> competitors;  ///< ascending
  std::vector<DecidedDeal> deals;
  std::vector<CompetitorMention> mentions;  ///< by customer, then day
  std::int64_t data_version = 0;
};

struct StatedShare {
  std::string reason;
  std::size_t deals = 0;
  mine::RateInterval share;  ///< of the lost deals with a reason (Wilson)
};

struct CompetitorRecord {
  std::string name;
  std::size_t deals = 0, won = 0, mentions = 0, customers = 0;  ///< customers that named it lately
  std::optional<mine::RateInterval> rate;                       ///< of deals won (Wilson); nothing without deals
  mine::StratifiedOdds odds;  ///< of winning against it, over deals without it of the same size, product and region
  double adjusted = 1;        ///< p-value, among all competitors
  std::vector<StatedShare> reasons;
};

/// Deals of one product, region or size.
struct DealGroup {
  std::string_view dimension;
  std::string name;
  std::size_t deals = 0, won = 0;
  mine::RateInterval rate;
  double phi = 0, p_value = 1, adjusted = 1;  ///< against all other deals (Fisher)
};

struct Competition {
  std::string verdict;
  std::size_t deals = 0, won = 0;
  std::optional<mine::RateInterval> rate;
  std::vector<CompetitorRecord> competitors;  ///< by deals, the most first
  std::vector<DealGroup> groups;              ///< the lowest rates first
  std::vector<StatedShare> reasons;           ///< of all that were lost
};
/// Whether customers who named a competitor fell silent more often than others did.
struct MentionSequel {
  std::size_t named = 0, named_silent = 0, others = 0, others_silent = 0;
  std::optional<mine::RateInterval> ratio;  ///< of the two shares; nothing of fewer than ten who named one
};
/// Of customers who bought within `days` before the last `days` up to a day: those who named a competitor in that time,
/// and how many of them, and of the others, bought nothing since.
MentionSequel sequel_of_mentions(const CompetitionData& data, const CustomerLines& lines, std::int32_t until,
                                 std::int32_t days);

/// Mentions count from `mentioned_from` on.
Competition compare_competitors(const CompetitionData& data, std::int32_t mentioned_from);

}  // namespace emptor
