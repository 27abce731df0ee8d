/// Rules in sentences: what one asks, and why it holds of a customer or does not, in English and in Chinese.
///
///     explain_rule(schema, rule, Language::english)
///         // customers whose service tier is gold and who placed at least 3 orders over 500 in the last 90 days
#pragma once

#include <span>
#include <string>

#include "emptor/core/language.hpp"
#include "emptor/session/rule.hpp"

namespace emptor {

/// What was found where a comparison of a rule was asked of one customer.
struct RuleFinding {
  const RuleTerm* term = nullptr;  ///< the comparison, within the rule that is explained
  bool holds = false;              ///< of the comparison itself; a negation around it is not counted in
  Value observed;                  ///< what was compared: the field, the count, the sum; missing where that is
};

/// The rule as a noun with its conditions: "customers whose service tier is gold". It repeats the values that the rule
/// holds. Custom fields are called by their names.
std::string explain_rule(const Schema& schema, const Rule& rule, Language language);

/// "in, because ..." or "not in, because ...", with the conditions that decide it: of several that must hold all, those
/// that do not; of several of which one is enough, those that hold. A comparison without a finding does not hold.
/// Values of personal fields are neither told nor repeated from the rule ("as asked"). Instants are told by their day
/// in the zone.
std::string explain_finding(const Schema& schema, const Rule& rule, std::span<const RuleFinding> findings,
                            Language language, const Zone& zone = {});

}  // namespace emptor
