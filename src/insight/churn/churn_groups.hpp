/// Why groups of customers may leave: what the model goes by in each, and what its customers said.
#pragma once

#include <boost/json.hpp>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/run.hpp"
#include "insight/churn/churn_features.hpp"
#include "insight/facts/customer_groups.hpp"

namespace emptor {

struct ChurnOutcome;

/// What a feature does to the log-odds of a group's customers.
struct GroupReason {
  ChurnFeature feature = ChurnFeature::recency;
  double weight = 0;  ///< mean of |share|: how much the model goes by it here
  double mean = 0;    ///< of the shares: whether it raises the chance of this group or lowers it
  double direction =
      0;  ///< Spearman's correlation of the feature and its share: above 0, large values raise the chance
};

struct ChurnGroup {
  std::string name;
  std::size_t customers = 0;
  double mean_chance = 0;
  double expected_loss = 0;           ///< sum; NaN where no value is known
  std::vector<GroupReason> reasons;   ///< all features, the weightiest first
  std::vector<std::uint64_t> stated;  ///< customers with each stated reason within the last horizon
};

/// Of the rows of each group that has any, in the order of the names; first of all the rows, without a name.
std::vector<ChurnGroup> churn_groups(const ChurnOutcome& outcome, const CustomerGroups& groups, const mine::Run& run);

/// The weightiest features and the reasons that most customers gave, of each group. docs/churn.md has the form.
boost::json::array churn_groups_json(const std::vector<ChurnGroup>& groups, const ChurnOutcome& outcome,
                                     Language language);

/// Spearman's correlations of the features of the scored rows; constant ones are left out.
boost::json::object churn_correlations(const ChurnRows& rows, const mine::Run& run);

}  // namespace emptor
