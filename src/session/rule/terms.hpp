// Terms of rules, made so that those that say the same in the same order are equal.
#pragma once

#include "emptor/session/rule.hpp"

namespace emptor {

/// A day lies at most so many from today.
inline constexpr std::int64_t farthest_rule_day = 40'000;

/// `all` or `any` of them.
RuleTerm rule_combination(RuleTerm::Kind kind, std::vector<RuleTerm> children);
RuleTerm rule_negation(RuleTerm term);
/// The condition on the records of a measure: none where it always holds.
std::vector<RuleTerm> rule_inner(RuleTerm term);
/// A term as it is written on one line, and the list of values that one may end with.
std::string rule_text(const RuleTerm& term);
std::string rule_list_text(const std::vector<RuleValue>& values);
/// How a field is named, be it one of another record: `tier`, `parent.tier`, `summary.revenue`.
std::string rule_path(const RuleSubject& asked);
/// A share as percents: "0.5".
std::string rule_percents(std::int64_t share);
/// `me`, `my_teams`: how a word that stands for ids is written.
std::string_view rule_word(RuleValue::Kind kind) noexcept;
/// The value of a literal. Its text is the literal's.
Value value_of(const RuleValue& literal) noexcept;
/// A literal that holds a present value.
RuleValue rule_literal(const Value& value);
/// Whether the term may hold of other records tomorrow, by itself.
bool rule_asks_today(const RuleTerm& term) noexcept;
/// A comparison as a question about the value that it asks for.
Where rule_comparison(const RuleTerm& term, const RuleGround& ground);
/// Whether the word stands for any number of ids.
bool is_set_of_ids(RuleValue::Kind kind) noexcept;

}  // namespace emptor
