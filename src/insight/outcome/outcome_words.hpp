/// How the insight outcome speaks of fields, reasons and groups, in two languages.
#pragma once

#include <string>

#include "insight/outcome/outcome_work.hpp"

namespace emptor {

/// "Contract is Month-to-month", "tenure is 2", "region is not known"
std::string outcome_reason(const AnswerTable& table, const OutcomeResult& result, std::size_t row, std::size_t feature,
                           Language language);
/// "tenure: large values lower the chance", "Contract: highest for Month-to-month, lowest for Two year"
std::string outcome_driver(const AnswerTable& table, const OutcomeResult& result, const OutcomeDriver& driver,
                           Language language);
/// "Contract raises the chance of this group"
std::string outcome_group_reason(const AnswerTable& table, const OutcomeResult& result, std::size_t feature,
                                 double mean, Language language);

}  // namespace emptor
