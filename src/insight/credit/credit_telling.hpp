/// What an outcome of credit comes to, as JSON and as a table.
#pragma once

#include <boost/json.hpp>
#include <unordered_map>

#include "insight/credit/credit_work.hpp"

namespace emptor {

/// Classes of customers that somebody else made, by customer: "vip" ...
using CustomerClasses = std::unordered_map<std::int64_t, std::string>;

boost::json::object credit_options_json(const CreditRequest& request);
/// docs/credit.md has the form. `classes` may be empty.
boost::json::object credit_json(const Receivables& receivables, const CreditRequest& request,
                                const CreditOutcome& outcome, const CustomerClasses& classes);
/// A row a customer that is rated.
NamedTable credit_table(const Receivables& receivables, const CreditRequest& request, const CreditOutcome& outcome,
                        Column customers);
/// In words, of the i-th customer; the first reason for 0. Empty where there are fewer, but the first says that nothing
/// speaks against the customer.
std::string credit_words(const CreditRequest& request, const CreditOutcome& outcome, std::size_t i, std::size_t reason);

}  // namespace emptor
