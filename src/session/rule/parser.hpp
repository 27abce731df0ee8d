// From a rule's text to its terms. A recursive descent, a function a line of the grammar in docs/rule.md.
#pragma once

#include <optional>

#include "session/rule/reading.hpp"
#include "session/rule/tokens.hpp"

namespace emptor {

class RuleParser {
 public:
  /// With a schema, the text is the rule of a segment.
  RuleParser(const Entity& entity, std::string_view text, const Schema* schema = nullptr)
      : reading_(entity, schema, text), tokens_(text) {}

  /// Throws Error with every problem.
  RuleTerm run();

 private:
  struct Phrase;
  static const Phrase phrases[];

  RuleTerm alternatives();
  RuleTerm conditions();
  RuleTerm condition();
  RuleTerm in_parentheses();
  RuleTerm comparison();
  RuleTerm compared(RuleAsked asked);
  RuleTerm signed_by(RuleAsked asked, Operator op, const RuleToken& at);
  RuleTerm listed(RuleAsked asked);
  RuleTerm between(RuleAsked asked);
  RuleTerm stated(RuleAsked asked);
  RuleTerm found_in(RuleAsked asked, Operator op);

  const Phrase* phrase() const;
  RuleTerm tag();
  RuleTerm segment();
  RuleTerm score();
  RuleTerm top();
  RuleTerm bounded();
  RuleTerm nothing();
  RuleTerm something();
  RuleTerm measure(RuleMeasure measure);
  RuleTerm count();
  RuleTerm different();
  RuleTerm sum();
  RuleTerm average();
  RuleTerm least();
  RuleTerm most();
  RuleTerm first();
  RuleTerm last();
  RuleTerm edge(RuleMeasure measure);
  RuleAsked records(RuleMeasure measure, std::string_view path, const RulePlace& place);
  /// The condition on the records, and the days in which they lie.
  void among(RuleAsked& asked, const Entity& entity);
  std::vector<RuleTerm> inner(const Entity& entity);
  std::optional<RuleWindow> window();
  void since(RuleAsked& asked, const Entity& entity);
  bool days_follow() const;
  std::int32_t days();

  RuleValue value(RuleAsked& asked);
  std::int64_t days_after();
  std::string name(std::string_view of);
  RuleToken expect(RuleToken::Kind kind, std::string_view what);

  std::optional<Operator> accept_operator();
  bool accept(std::string_view word);
  bool accept_sign(std::string_view sign);
  void expect_word(std::string_view word);
  void expect_sign(std::string_view sign);
  RulePlace place() const { return {tokens_.next().at}; }
  [[noreturn]] void refuse_next(std::string_view expected);

  RuleReading reading_;
  RuleTokens tokens_;
  std::size_t depth_ = 0;
};

}  // namespace emptor
