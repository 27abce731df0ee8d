/// Rows of survival out of a plain table, by the names of its columns.
#pragma once

#include <string>
#include <vector>

#include "core/arrow_table.hpp"
#include "insight/survival/survival_work.hpp"

namespace emptor {

/// Which column holds what; `group` may be empty.
struct SurvivalColumnNames {
  std::string duration, event, group;
  std::vector<std::string> covariates;
  std::string ended;  ///< the event's value of what ended ("Yes", "2"); empty: events are 0 and 1, or booleans
};

struct PlainSurvival {
  SurvivalRows rows;
  std::uint64_t read = 0, skipped = 0;  ///< skipped lack a duration, an event or a group
};

/// Covariates are numbers, booleans or texts. Throws Code::not_found for a column that is not there and Code::invalid,
/// naming column and row, for what is no number, no event, or a negative duration.
PlainSurvival plain_survival(const ArrowTable& table, const SurvivalColumnNames& names);

}  // namespace emptor
