// The one text of a rule.
#include "emptor/model/plain.hpp"
#include "session/rule/terms.hpp"

namespace emptor {
namespace {

std::string in_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

std::string today_text(std::int64_t days) {
  if (days == 0) return "today";
  const std::int64_t size = days < 0 ? -days : days;
  return std::string("today ") + (days < 0 ? "- " : "+ ") + std::to_string(size) + (size == 1 ? " day" : " days");
}

std::string text_of(const RuleValue& value) {
  switch (value.kind) {
    case RuleValue::Kind::literal:
      return value.type == Type::text ? in_quotes(value.text) : to_plain(value_of(value));
    case RuleValue::Kind::me:
      return "me";
    case RuleValue::Kind::my_team:
    case RuleValue::Kind::team_users:
      return "my_team";
    case RuleValue::Kind::my_teams:
    case RuleValue::Kind::below_users:
      return "my_teams";
    case RuleValue::Kind::my_territories:
      return "my_territories";
    case RuleValue::Kind::today:
      return today_text(value.bits);
  }
  return {};
}

std::string_view sign_of(Operator op) {
  switch (op) {
    case Operator::not_equal:
      return " <> ";
    case Operator::less:
      return " < ";
    case Operator::less_equal:
      return " <= ";
    case Operator::greater:
      return " > ";
    case Operator::greater_equal:
      return " >= ";
    case Operator::starts_with:
      return " starts with ";
    case Operator::contains:
      return " contains ";
    default:
      return " = ";
  }
}

std::string list_text(const std::vector<RuleValue>& values) {
  if (values.size() == 1 && is_set_of_ids(values.front().kind)) return text_of(values.front());
  std::string list = "(";
  for (const RuleValue& value : values) list += (list.size() > 1 ? ", " : "") + text_of(value);
  return list + ")";
}

std::string comparison_text(const RuleTerm& term, std::string_view negation = "") {
  const std::string field = term.subject.field + std::string(negation);
  if (term.op == Operator::missing) return field + " is missing";
  if (term.op == Operator::present) return field + " is present";
  if (term.op == Operator::in) return field + " in " + list_text(term.values);
  return field + std::string(sign_of(term.op)) + text_of(term.values.front());
}

std::string text_of(const RuleTerm& term);

std::string negation_text(const RuleTerm& inner) {
  const bool takes_not =
      inner.op == Operator::in || inner.op == Operator::contains || inner.op == Operator::starts_with;
  if (inner.kind == RuleTerm::Kind::compare && takes_not) return comparison_text(inner, " not");
  return inner.children.empty() ? "not " + text_of(inner) : "not (" + text_of(inner) + ")";
}

std::string text_of(const RuleTerm& term) {
  if (term.kind == RuleTerm::Kind::compare) return comparison_text(term);
  if (term.kind == RuleTerm::Kind::negate) return negation_text(term.children.front());
  const bool all = term.kind == RuleTerm::Kind::all;
  if (term.children.empty()) return all ? "true" : "false";
  std::string text;
  for (const RuleTerm& child : term.children) {
    if (!text.empty()) text += all ? " and " : " or ";
    const bool enclosed = all && child.kind == RuleTerm::Kind::any && !child.children.empty();
    text += enclosed ? "(" + text_of(child) + ")" : text_of(child);
  }
  return text;
}

}  // namespace

std::string Rule::text() const { return text_of(root_); }

}  // namespace emptor
