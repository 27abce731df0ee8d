/// Who answers when contacted: a model of response, judged on customers that it never saw, beside recency.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "insight/campaigns/uplift_study.hpp"

namespace emptor {

/// Customers who were contacted: the columns are what was known before, y is 1 where they responded.
struct ContactedTable {
  std::vector<mine::TableColumn> columns;
  std::vector<double> y;
  std::vector<double> recency;  ///< days since the last purchase in any rising scale; NaN of those who never bought
  std::vector<std::uint64_t> groups;
};

struct ResponseQuality {
  std::string name;  ///< "response_model", "recency"
  mine::Interval auc;
  double top_decile_lift = 0;
};

struct ResponseOutcome {
  std::string verdict;
  double rate = 0;                         ///< share of the contacted who responded
  std::vector<ResponseQuality> qualities;  ///< the model out of fold, then recency
  std::vector<double> chance;              ///< of the rows asked for; empty where the contacted do not suffice
};
/// The chance that each of the `asked` responds if contacted.
ResponseOutcome predict_responses(const ContactedTable& contacted, std::span<const mine::TableColumn> asked,
                                  const UpliftRequest& request, const mine::Run& run);

}  // namespace emptor
