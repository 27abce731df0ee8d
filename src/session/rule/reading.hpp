// What the names and values of a rule mean, and what is said of those that mean nothing: shared by the readers of its
// text and of its JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/core/error.hpp"
#include "session/rule/terms.hpp"

namespace emptor {

/// What a comparison asks, and the field as which its values are read.
struct RuleAsked {
  RuleSubject subject = {};
  Field field = {};    ///< of a measure made up: its type tells the values
  std::string entity;  ///< whose field it is, for those who are told of problems
  bool known = false;  ///< false where a problem was told already: nothing more is said of it
  bool open = false;   ///< of a score: the first value tells whether its number is asked or its label
};

/// Where something stands: a byte of the text, or a JSON pointer.
struct RulePlace {
  std::size_t at = 0;
  std::optional<std::string> pointer = {};
};

class RuleReading {
 public:
  /// With a schema, the rule is one of a segment.
  RuleReading(const Entity& entity, const Schema* schema, std::string_view text)
      : schema_(schema), text_(text), entity_(&entity) {}

  const Entity& entity() const noexcept { return *entity_; }
  bool is_segment() const noexcept { return schema_ != nullptr; }
  bool is_inner() const noexcept { return inner_; }
  /// Whether more than the fields of records may be asked here.
  bool asks_others() const noexcept { return is_segment() && !inner_; }
  /// Reads what follows as a condition on records of that entity; gives back whose records were asked before.
  const Entity* enter(const Entity& records);
  void leave(const Entity* before);

  /// `tier`, `parent.tier`, `summary.revenue`.
  RuleAsked path(std::string_view name, const RulePlace& place);
  /// The entity whose records of a customer are measured; throws where it is none.
  const Entity& records(std::string_view name, const RulePlace& place);
  /// Throws where records of the entity are in no time.
  std::string moment(const Entity& records, const RulePlace& place);
  RuleAsked measured(RuleMeasure measure, const Entity& records, std::string_view field, const RulePlace& place);
  RuleAsked score(std::string name, const RulePlace& place);
  /// What `top` goes by: a path to a number, or a score.
  RuleAsked top(std::int64_t share, RuleAsked by, const RulePlace& place);
  /// Of percents, as millionths; throws for what is no share.
  std::int64_t share(std::string_view percents, const RulePlace& place);

  RuleValue written(RuleAsked& asked, std::string_view text, bool quoted, const RulePlace& place);
  RuleValue word(RuleAsked& asked, std::string_view word, const RulePlace& place);
  RuleValue today(RuleAsked& asked, std::int64_t days, const RulePlace& place);

  void check_choice(const RuleAsked& asked, const RuleValue& value, const RulePlace& place);
  void check_order(const RuleAsked& asked, const RulePlace& place);
  void check_text(const RuleAsked& asked, const RulePlace& place);
  void check_missing(const RuleAsked& asked, const RulePlace& place);
  void check_name(std::string_view name, const RulePlace& place);

  /// What is wrong with a value or a field: the rest is read all the same.
  void note(const RulePlace& place, const RuleAsked* asked, std::string message, std::string hint,
            Code code = Code::invalid);
  /// What cannot be read on.
  [[noreturn]] void refuse(const RulePlace& place, std::string message, std::string hint, Code code = Code::invalid);
  void throw_problems();
  std::size_t problems() const noexcept { return problems_.size(); }

 private:
  RuleAsked field(const Entity& entity, std::string_view name, const RulePlace& place);
  RuleAsked related(std::string_view path, std::size_t dot, const RulePlace& place);
  RuleAsked unknown(const Entity& entity, std::string_view name, std::string hint, const RulePlace& place);
  std::string expected(Type type) const;
  std::string told(const RulePlace& place) const;

  const Schema* schema_;
  std::string_view text_;
  const Entity* entity_;
  bool inner_ = false;
  std::vector<Problem> problems_;
};

/// "did you mean 'tier'?"; empty where nothing known is near.
std::string rule_hint(std::string_view text, const std::vector<std::string>& known);
RuleTerm rule_comparison(const RuleAsked& asked, Operator op, std::vector<RuleValue> values);
/// `=` and `<>`, which of a word for several ids are `in` and its negation.
RuleTerm rule_equality(const RuleAsked& asked, RuleValue value, bool negated);

}  // namespace emptor
