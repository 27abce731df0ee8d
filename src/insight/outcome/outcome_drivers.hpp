/// What a learnt outcome goes by: field by field, and what sets groups apart.
#pragma once

#include "insight/outcome/outcome_work.hpp"

namespace emptor {

/// Both require chances and shares of every row.
void find_drivers(const AnswerTable& table, OutcomeResult& out);
void find_groups(const AnswerTable& table, const OutcomeRequest& request, OutcomeResult& out);

}  // namespace emptor
