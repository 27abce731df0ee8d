/// What if: what the model would say of the same customers if a feature that can be acted upon were another. It is
/// about the model, not the world: that customers who are so leave more rarely does not say that those made so will.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "emptor/insight/language.hpp"
#include "insight/churn/churn_model.hpp"
#include "insight/facts/customer_groups.hpp"

namespace emptor {

struct ChurnOutcome;

struct WhatIf {
  ChurnFeature feature = ChurnFeature::returned;
  std::optional<double> set;   ///< this instead
  double factor = 1, add = 0;  ///< else so many times what it is, and so much more
};
/// Throws Code::invalid (field "what_if") for a change that names no feature or changes nothing.
std::vector<WhatIf> what_if_options(const boost::json::object& options);
boost::json::array what_if_json(const std::vector<WhatIf>& changes);

/// Rows with one feature changed, within what it can be. What is missing stays so, unless it is set.
ChurnRows changed_rows(const ChurnRows& rows, const WhatIf& change);

/// For each change, of all customers and of each group: the mean chance and the expected loss, as they are and as the
/// model would have them.
boost::json::object what_if_answers(const std::vector<WhatIf>& changes, const ChurnOutcome& outcome,
                                    const CalibratedChurnModel& model, const CustomerGroups& groups, Language language,
                                    const mine::Run& run);

}  // namespace emptor
