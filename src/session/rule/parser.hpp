// From a rule's text to its terms. A recursive descent, a function a line of the grammar in docs/rule.md.
#pragma once

#include <optional>

#include "emptor/core/error.hpp"
#include "session/rule/terms.hpp"
#include "session/rule/tokens.hpp"

namespace emptor {

class RuleParser {
 public:
  RuleParser(const Entity& entity, std::string_view text) : entity_(entity), text_(text), tokens_(text) {}

  /// Throws Error with every problem.
  RuleTerm run();

 private:
  RuleTerm alternatives();
  RuleTerm conditions();
  RuleTerm condition();
  RuleTerm in_parentheses();
  RuleTerm comparison();
  RuleTerm compared(const RuleToken& at, const Field* field, Operator op);
  RuleTerm listed(const Field* field);
  RuleTerm between(const Field* field);
  RuleTerm stated(const Field* field);
  RuleTerm found_in(const Field* field, Operator op);
  RuleTerm equal_to(const Field* field, RuleValue value, bool negated);

  RuleValue value(const Field* field);
  RuleValue word(const Field& field, const RuleToken& token);
  RuleValue today(const Field& field, const RuleToken& token);
  std::int64_t days_after();
  RuleValue written(const Field& field, const RuleToken& token);
  void check_choice(const Field& field, const RuleToken& token, const RuleValue& value);

  const Field* field_of(const RuleToken& token);
  std::optional<Operator> accept_operator();
  bool accept(std::string_view word);
  bool accept_sign(std::string_view sign);
  void expect_sign(std::string_view sign);

  /// What is wrong with a value or a field: the rest is read all the same.
  void note(const RuleToken& at, const Field* field, std::string message, std::string hint, Code code = Code::invalid);
  /// What cannot be read on.
  [[noreturn]] void refuse(const RuleToken& at, std::string message, std::string hint);
  [[noreturn]] void refuse_next(std::string_view expected);
  std::string place(const RuleToken& token) const;

  const Entity& entity_;
  std::string_view text_;
  RuleTokens tokens_;
  std::size_t depth_ = 0;
  std::vector<Problem> problems_;
};

}  // namespace emptor
