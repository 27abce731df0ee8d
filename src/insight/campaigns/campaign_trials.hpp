/// What came of each membership in a campaign, beside what was known of the customer before it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/core/wide.hpp"
#include "emptor/mine/design_matrix.hpp"
#include "insight/campaigns/campaign_records.hpp"
#include "insight/churn/churn_features.hpp"

namespace emptor {

/// What is known of customers on a day, a row each: logarithms of the features of churn, age, kind, and earlier
/// campaigns. Nothing of the day itself or later enters.
class FeatureTable {
 public:
  struct Row {
    const double* purchases = nullptr;  ///< churn_purchase_feature_count numbers; none of one who never bought
    const CustomerTraits* traits = nullptr;
    std::int32_t day = 0;
    std::uint32_t campaigns = 0, conversions = 0;  ///< before the day
  };
  FeatureTable();
  void add(const Row& row);
  const std::vector<mine::TableColumn>& columns() const noexcept { return columns_; }
  /// Some of its rows.
  std::vector<mine::TableColumn> columns_of(const std::vector<std::size_t>& rows) const;
  double recency(std::size_t row) const { return columns_.front().numbers[row]; }  ///< its logarithm; NaN without

 private:
  std::vector<mine::TableColumn> columns_;
};

struct TrialOptions {
  Date until;                               ///< the last day that is seen
  std::optional<std::int32_t> window_days;  ///< in which an answer counts; that of the campaign, else 30
  ChurnRowOptions rows;                     ///< of the features, and which lines are purchases
};

/// From its first day, which is the campaign's or that of the assignment, whichever is later, through the window.
struct MemberOutcome {
  std::optional<std::int32_t> first, last;  ///< nothing where no day is known
  bool over = false;                        ///< the window has passed, so that the rest means something
  bool bought = false;
  std::int64_t revenue = 0;  ///< micros: all lines in the window, what was taken back taken off
};

struct CampaignTrials {
  std::vector<MemberOutcome> outcomes;  ///< of the members, in their order
  FeatureTable before;                  ///< of the members, on the day before the first
  std::vector<std::int64_t> customers;  ///< who have bought by the last day, ascending
  FeatureTable now;                     ///< of these, at the end of the last day
};
CampaignTrials campaign_trials(const CampaignRecords& records, const std::vector<CustomerTraits>& traits,
                               const CustomerLines& lines, const TrialOptions& options);

}  // namespace emptor
