// The one text of a rule.
#include "emptor/model/plain.hpp"
#include "session/rule/computed.hpp"
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
  if (value.kind == RuleValue::Kind::today) return today_text(value.bits);
  if (value.kind != RuleValue::Kind::literal) return std::string(rule_word(value.kind));
  return value.type == Type::text ? in_quotes(value.text) : to_plain(value_of(value));
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

std::string_view name_of(RuleMeasure measure) {
  switch (measure) {
    case RuleMeasure::count:
      return "count of ";
    case RuleMeasure::different:
      return "different of ";
    case RuleMeasure::sum:
      return "sum of ";
    case RuleMeasure::average:
      return "average of ";
    case RuleMeasure::least:
      return "least of ";
    case RuleMeasure::most:
      return "most of ";
  }
  return "";
}

std::string window_text(const RuleWindow& window) {
  const std::string oldest = std::to_string(window.oldest);
  if (window.newest == 0) return " in the last " + oldest + (window.oldest == 1 ? " day" : " days");
  return " between " + std::to_string(window.newest) + " and " + oldest + " days ago";
}

std::string text_of(const RuleTerm& term);

std::string records_text(const RuleSubject& asked) {
  std::string text;
  if (!asked.where.empty()) text += " where (" + text_of(asked.where.front()) + ")";
  return asked.window ? text + window_text(*asked.window) : text;
}

std::string measure_text(const RuleSubject& asked) {
  const bool edge = asked.measure == RuleMeasure::most || asked.measure == RuleMeasure::least;
  if (edge && asked.field == rule_moment(asked.entity))
    return (asked.measure == RuleMeasure::most ? "last " : "first ") + asked.entity + records_text(asked);
  const std::string field = asked.field.empty() ? "" : "." + asked.field;
  return std::string(name_of(asked.measure)) + asked.entity + field + records_text(asked);
}

std::string top_text(const RuleSubject& asked) {
  const std::string by = asked.name.empty() ? rule_path(asked) : "score " + in_quotes(asked.name);
  return "top " + rule_percents(asked.share) + "% by " + by;
}

std::string subject_text(const RuleSubject& asked) {
  switch (asked.kind) {
    case RuleSubject::Kind::field:
    case RuleSubject::Kind::related:
      return rule_path(asked);
    case RuleSubject::Kind::records:
      return measure_text(asked);
    case RuleSubject::Kind::score:
      return "score " + in_quotes(asked.name);
    case RuleSubject::Kind::tag:
      return "has tag " + in_quotes(asked.name);
    case RuleSubject::Kind::segment:
      return "in segment " + in_quotes(asked.name);
    case RuleSubject::Kind::top:
      return top_text(asked);
  }
  return {};
}

// Records that there are, or are not.
std::string_view existence(const RuleTerm& term) {
  const RuleSubject& asked = term.subject;
  if (asked.kind != RuleSubject::Kind::records || asked.measure != RuleMeasure::count) return "";
  if (term.values.size() != 1 || term.values.front().kind != RuleValue::Kind::literal) return "";
  const std::int64_t bound = term.values.front().bits;
  if (term.op == Operator::equal && bound == 0) return "no ";
  return term.op == Operator::greater_equal && bound == 1 ? "any " : "";
}

std::string comparison_text(const RuleTerm& term, std::string_view negation = "") {
  const RuleSubject& asked = term.subject;
  if (const std::string_view word = existence(term); !word.empty())
    return std::string(word) + asked.entity + records_text(asked);
  const std::string subject = subject_text(asked) + std::string(negation);
  const bool stands = asked.kind == RuleSubject::Kind::tag || asked.kind == RuleSubject::Kind::segment ||
                      asked.kind == RuleSubject::Kind::top;
  if (stands) return subject;
  if (term.op == Operator::missing) return subject + " is missing";
  if (term.op == Operator::present) return subject + " is present";
  if (term.op == Operator::in) return subject + " in " + list_text(term.values);
  return subject + std::string(sign_of(term.op)) + text_of(term.values.front());
}

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

// A reference is named without its end.
std::string rule_path(const RuleSubject& asked) {
  if (asked.entity.empty()) return asked.field;
  std::string_view through = asked.through.empty() ? std::string_view("summary") : std::string_view(asked.through);
  if (through.ends_with("_id")) through.remove_suffix(3);
  return std::string(through) + "." + asked.field;
}

std::string rule_percents(std::int64_t share) { return Decimal::of(share, 4).to_string(); }

std::string_view rule_word(RuleValue::Kind kind) noexcept {
  switch (kind) {
    case RuleValue::Kind::literal:
      return "";
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
      return "today";
  }
  return "";
}

std::string rule_text(const RuleTerm& term) { return text_of(term); }

std::string rule_list_text(const std::vector<RuleValue>& values) { return list_text(values); }

std::string Rule::text() const { return text_of(root_); }

}  // namespace emptor
