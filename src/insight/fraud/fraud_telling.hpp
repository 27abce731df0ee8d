/// What the insight fraud tells: the summary and the table.
#pragma once

#include <boost/json.hpp>

#include "emptor/store/named_table.hpp"
#include "insight/fraud/fraud_work.hpp"

namespace emptor {

boost::json::object fraud_json(const FraudRequest& request, const FraudOutcome& outcome);
/// A row a customer that was active in the window.
NamedTable fraud_table(const FraudRequest& request, const FraudOutcome& outcome, Column customers);

}  // namespace emptor
