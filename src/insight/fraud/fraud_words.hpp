/// What is unusual about a customer, in plain words.
#pragma once

#include <string>

#include "insight/fraud/fraud_work.hpp"
#include "insight/words/filled_words.hpp"

namespace emptor {

/// What a rule says of a row, and up to where it is usual: "14 orders within 24 hours (99 of 100 customers: up to 2)".
std::string fraud_reason(const FraudOutcome& outcome, std::size_t row, FraudFeature feature, Language language);
/// All reasons of an alert.
std::string fraud_words(const FraudOutcome& outcome, const FraudAlert& alert, Language language);

}  // namespace emptor
