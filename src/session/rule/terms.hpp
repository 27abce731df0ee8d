// Terms of rules, made so that those that say the same in the same order are equal.
#pragma once

#include "emptor/session/rule.hpp"

namespace emptor {

/// `all` or `any` of them.
RuleTerm rule_combination(RuleTerm::Kind kind, std::vector<RuleTerm> children);
RuleTerm rule_negation(RuleTerm term);
/// The value of a literal. Its text is the literal's.
Value value_of(const RuleValue& literal) noexcept;
/// A literal that holds a present value.
RuleValue rule_literal(const Value& value);
/// Whether the word stands for any number of ids.
bool is_set_of_ids(RuleValue::Kind kind) noexcept;

}  // namespace emptor
