// Conditions of rules as clauses of sentences: what the two languages share.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/rule_words.hpp"

namespace emptor {

/// Whose records are asked, and what may be told of them.
struct RuleSpeech {
  const Schema& schema;
  const Entity* entity;
  bool hides_personal = false;  ///< values of personal fields are "as asked"
  Zone zone = {};

  RuleSpeech of(const Entity& records) const { return {schema, &records, hides_personal, zone}; }
  /// Whether the value that is compared is one that is not told.
  bool hides(const RuleSubject& asked) const;
};

/// A comparison that decides; where it is negated, it does so by not holding.
struct RuleReason {
  const RuleTerm* term = nullptr;
  bool negated = false;
  const RuleFinding* finding = nullptr;  ///< null where it was not asked, and so does not hold

  bool holds() const noexcept { return finding != nullptr && finding->holds; }
  Value observed() const noexcept { return finding == nullptr ? Value() : finding->observed; }
};

/// What a comparison with a number comes to when it is turned round; only where nothing is missing.
Operator rule_opposite(Operator op) noexcept;
/// The text without quotes of values and of what was observed, in the same words in both languages; days by their day.
std::string rule_number(const Value& value, const Zone& zone);
bool is_existence(const RuleTerm& term) noexcept;  ///< `any order`, `no order`
/// The only condition of records, on their amount: "orders over 500".
const RuleTerm* rule_amount(const RuleSubject& asked) noexcept;

namespace english {
std::string told_rule(const RuleSpeech& speech, const RuleTerm& root);
std::string told_reason(const RuleSpeech& speech, const RuleReason& reason);
}  // namespace english
namespace chinese {
std::string told_rule(const RuleSpeech& speech, const RuleTerm& root);
std::string told_reason(const RuleSpeech& speech, const RuleReason& reason);
}  // namespace chinese

}  // namespace emptor
