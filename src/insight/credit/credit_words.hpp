/// What speaks against a customer's credit, in plain words.
#pragma once

#include <string>

#include "insight/credit/payment_behaviour.hpp"
#include "insight/words/filled_words.hpp"

namespace emptor {

/// What a feature says of a customer: "paid 40 % of invoices late".
std::string credit_reason(const PaymentBehaviour& behaviour, CreditFeature feature, const PaymentRules& rules,
                          Language language);
/// Of a customer against whom nothing speaks.
std::string no_credit_reason(Language language);

}  // namespace emptor
