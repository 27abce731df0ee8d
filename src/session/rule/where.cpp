// A rule as a question to a store, for one actor on one day.
#include "emptor/core/error.hpp"
#include "session/rule/terms.hpp"

namespace emptor {
namespace {

std::span<const Value> ids_of(RuleValue::Kind kind, const RuleGround& ground) {
  switch (kind) {
    case RuleValue::Kind::my_team:
      return ground.my_team;
    case RuleValue::Kind::my_teams:
      return ground.my_teams;
    case RuleValue::Kind::team_users:
      return ground.team_users;
    case RuleValue::Kind::below_users:
      return ground.below_users;
    case RuleValue::Kind::my_territories:
      return ground.my_territories;
    default:
      return {};
  }
}

Value value_of(const RuleValue& value, const RuleGround& ground) {
  if (value.kind == RuleValue::Kind::me) return Value(ground.me);
  if (value.kind == RuleValue::Kind::today)
    return Value(Date{ground.today.days + static_cast<std::int32_t>(value.bits)});
  return emptor::value_of(value);
}

// A day stands for all of its instants, in the zone of the store.
Where on_day(const std::string& field, Operator op, Date day, const Zone& zone) {
  const Value begin(zone.instant_of(day, 0)), end(zone.instant_of(Date{day.days + 1}, 0));
  switch (op) {
    case Operator::less:
      return Where::compare(field, Operator::less, begin);
    case Operator::less_equal:
      return Where::compare(field, Operator::less, end);
    case Operator::greater:
      return Where::compare(field, Operator::greater_equal, end);
    case Operator::greater_equal:
      return Where::compare(field, Operator::greater_equal, begin);
    default:
      break;
  }
  Where within =
      Where::all({Where::compare(field, Operator::greater_equal, begin), Where::compare(field, Operator::less, end)});
  return op == Operator::not_equal ? Where::negate(std::move(within)) : within;
}

Where compared(const RuleTerm& term, Operator op, const RuleValue& given, const RuleGround& ground) {
  const Value value = value_of(given, ground);
  if (term.subject.type == Type::instant && value.type() == Type::date)
    return on_day(term.subject.field, op, value.date(), ground.zone);
  return Where::compare(term.subject.field, op, value);
}

Where member(const RuleTerm& term, const RuleGround& ground) {
  std::vector<Value> values;
  std::vector<Where> parts;
  for (const RuleValue& each : term.values) {
    const Value value = value_of(each, ground);
    const std::span<const Value> ids = ids_of(each.kind, ground);
    if (is_set_of_ids(each.kind))
      values.insert(values.end(), ids.begin(), ids.end());
    else if (term.subject.type == Type::instant && value.type() == Type::date)
      parts.push_back(on_day(term.subject.field, Operator::equal, value.date(), ground.zone));
    else
      values.push_back(value);
  }
  if (parts.empty()) return Where::in(term.subject.field, std::move(values));
  if (!values.empty()) parts.push_back(Where::in(term.subject.field, std::move(values)));
  return Where::any(std::move(parts));
}

Where where_of(const RuleTerm& term, const RuleGround& ground) {
  if (term.kind == RuleTerm::Kind::compare) {
    if (term.subject.kind != RuleSubject::Kind::field)
      throw Error(Code::misuse, "the rule asks more than fields of the record itself", "keep it as a segment");
    if (term.op == Operator::missing || term.op == Operator::present)
      return Where::compare(term.subject.field, term.op);
    return term.op == Operator::in ? member(term, ground) : compared(term, term.op, term.values.front(), ground);
  }
  if (term.kind == RuleTerm::Kind::negate) return Where::negate(where_of(term.children.front(), ground));
  std::vector<Where> children;
  for (const RuleTerm& child : term.children) children.push_back(where_of(child, ground));
  if (term.kind == RuleTerm::Kind::any) return Where::any(std::move(children));
  return children.empty() ? Where() : Where::all(std::move(children));
}

}  // namespace

Where rule_comparison(const RuleTerm& term, const RuleGround& ground) {
  if (term.op == Operator::missing || term.op == Operator::present) return Where::compare(term.subject.field, term.op);
  return term.op == Operator::in ? member(term, ground) : compared(term, term.op, term.values.front(), ground);
}

Where Rule::where(const RuleGround& ground) const { return where_of(root_, ground); }

}  // namespace emptor
