#include "session/rule/parser.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "emptor/core/text.hpp"
#include "emptor/model/access.hpp"
#include "emptor/model/plain.hpp"

namespace emptor {
namespace {

constexpr std::size_t shown = 60;              // bytes of a name that is unknown
constexpr std::size_t near = 3;                // letters in which a word may differ from what was meant
constexpr std::int64_t farthest_day = 40'000;  // from today
constexpr std::string_view comparisons = "=, <>, <, <=, >, >=, in, between, is, contains or starts with";

struct Sign {
  std::string_view text;
  Operator op;
};
constexpr Sign signs[] = {{"=", Operator::equal},      {"==", Operator::equal},        {"<>", Operator::not_equal},
                          {"!=", Operator::not_equal}, {"<", Operator::less},          {"<=", Operator::less_equal},
                          {">", Operator::greater},    {">=", Operator::greater_equal}};

// A word that stands for ids of an entity.
struct Word {
  std::string_view text, reference;
  RuleValue::Kind kind;
};
constexpr Word words[] = {{"me", User::entity_name, RuleValue::Kind::me},
                          {"my_team", Team::entity_name, RuleValue::Kind::my_team},
                          {"my_team", User::entity_name, RuleValue::Kind::team_users},
                          {"my_teams", Team::entity_name, RuleValue::Kind::my_teams},
                          {"my_teams", User::entity_name, RuleValue::Kind::below_users},
                          {"my_territories", Territory::entity_name, RuleValue::Kind::my_territories}};

bool orders(Operator op) {
  return op == Operator::less || op == Operator::less_equal || op == Operator::greater || op == Operator::greater_equal;
}

bool is_ordered(Type type) { return type != Type::id && type != Type::boolean && type != Type::bytes; }

std::string_view expected(Type type) {
  switch (type) {
    case Type::id:
      return "write the number of a record, 17, or one of: me, my_team, my_teams, my_territories";
    case Type::integer:
      return "write a whole number: 17";
    case Type::decimal:
      return "write a decimal of at most six digits after the point: 12.5";
    case Type::real:
      return "write a number: 0.25";
    case Type::boolean:
      return "write true or false";
    case Type::text:
      return "write a text in quotes: 'so'";
    case Type::date:
      return "write a day: 2026-01-31, today, today - 30 days";
    case Type::instant:
      return "write an instant or a day: 2026-01-31T08:30:00Z, 2026-01-31, today, today - 30 days";
    case Type::bytes:
      return "ask only whether it is missing or is present";
  }
  return "";
}

// A value that is read in plain notation; a day too where instants stand.
std::optional<Value> plain_value(Type type, std::string_view text) {
  if (text.starts_with('+') && type != Type::text) text.remove_prefix(1);
  std::optional<Value> value = parse_plain(type, text);
  if (!value && type == Type::instant) value = parse_plain(Type::date, text);
  return value && value->present() ? value : std::nullopt;
}

std::string nearest(std::string_view text, const std::vector<std::string>& known) {
  const std::string* best = nullptr;
  std::size_t least = near + 1;
  for (const std::string& each : known)
    if (const std::size_t distance = edit_distance(text, each, least - 1); distance < least) {
      least = distance;
      best = &each;
    }
  return best == nullptr ? std::string() : "did you mean '" + *best + "'?";
}

std::string listed_choices(const Field& field) {
  std::string text = "use one of:";
  for (const std::string& choice : field.choices) text += " '" + choice + "'";
  return text;
}

RuleTerm comparison_of(const Field* field, Operator op, std::vector<RuleValue> values) {
  RuleTerm term{.kind = RuleTerm::Kind::compare, .op = op, .values = std::move(values)};
  if (field != nullptr) {
    term.subject.field = field->name;
    term.subject.type = field->type;
  }
  return term;
}

}  // namespace

RuleTerm RuleParser::run() {
  RuleTerm term = alternatives();
  if (tokens_.next().kind != RuleToken::Kind::end) refuse_next("`and`, `or` or the end");
  if (!problems_.empty()) throw Error(std::move(problems_));
  return term;
}

RuleTerm RuleParser::alternatives() {
  std::vector<RuleTerm> parts{conditions()};
  while (accept("or")) parts.push_back(conditions());
  return rule_combination(RuleTerm::Kind::any, std::move(parts));
}

RuleTerm RuleParser::conditions() {
  std::vector<RuleTerm> parts{condition()};
  while (accept("and")) parts.push_back(condition());
  return rule_combination(RuleTerm::Kind::all, std::move(parts));
}

RuleTerm RuleParser::condition() {
  if (depth_ >= Rule::deepest)
    refuse(tokens_.next(), "the rule has too many parentheses and negations in each other", "write it flatter");
  ++depth_;
  RuleTerm term = accept("not")      ? rule_negation(condition())
                  : accept_sign("(") ? in_parentheses()
                  : accept("true")   ? RuleTerm{.kind = RuleTerm::Kind::all}
                  : accept("false")  ? RuleTerm{.kind = RuleTerm::Kind::any}
                                     : comparison();
  --depth_;
  return term;
}

RuleTerm RuleParser::in_parentheses() {
  RuleTerm term = alternatives();
  expect_sign(")");
  return term;
}

RuleTerm RuleParser::comparison() {
  const RuleToken name = tokens_.next();
  if (name.kind != RuleToken::Kind::word) refuse_next("the name of a field");
  tokens_.take();
  const Field* field = field_of(name);
  const RuleToken at = tokens_.next();
  if (const auto op = accept_operator()) return compared(at, field, *op);
  if (accept("is")) return stated(field);
  const bool negated = accept("not");
  RuleTerm term;
  if (accept("in")) {
    term = listed(field);
  } else if (accept("between")) {
    term = between(field);
  } else if (accept("contains")) {
    term = found_in(field, Operator::contains);
  } else if (accept("starts")) {
    if (!accept("with")) refuse_next("`with`");
    term = found_in(field, Operator::starts_with);
  } else {
    refuse_next(comparisons);
  }
  return negated ? rule_negation(std::move(term)) : term;
}

RuleTerm RuleParser::compared(const RuleToken& at, const Field* field, Operator op) {
  const RuleToken token = tokens_.next();
  RuleValue given = value(field);
  if (!orders(op)) {
    if (field != nullptr) check_choice(*field, token, given);
    return equal_to(field, std::move(given), op == Operator::not_equal);
  }
  if (field != nullptr && !is_ordered(field->type))
    note(at, field, std::string(name_of(field->type)) + " values are in no order", "compare it by = or <>");
  return comparison_of(field, op, {std::move(given)});
}

RuleTerm RuleParser::equal_to(const Field* field, RuleValue value, bool negated) {
  if (is_set_of_ids(value.kind)) {
    RuleTerm term = comparison_of(field, Operator::in, {std::move(value)});
    return negated ? rule_negation(std::move(term)) : term;
  }
  return comparison_of(field, negated ? Operator::not_equal : Operator::equal, {std::move(value)});
}

RuleTerm RuleParser::listed(const Field* field) {
  if (!accept_sign("(")) {
    const RuleToken token = tokens_.next();
    RuleValue set = value(field);
    if (field != nullptr && !is_set_of_ids(set.kind)) note(token, field, "a list is expected", "write it as (1, 2, 3)");
    return comparison_of(field, Operator::in, {std::move(set)});
  }
  RuleTerm term = comparison_of(field, Operator::in, {});
  do {
    const RuleToken token = tokens_.next();
    term.values.push_back(value(field));
    if (field != nullptr) check_choice(*field, token, term.values.back());
  } while (accept_sign(","));
  expect_sign(")");
  return term;
}

RuleTerm RuleParser::between(const Field* field) {
  RuleTerm least = compared(tokens_.next(), field, Operator::greater_equal);
  if (!accept("and")) refuse_next("`and` and the greatest value");
  RuleTerm most = comparison_of(field, Operator::less_equal, {value(field)});
  return rule_combination(RuleTerm::Kind::all, {std::move(least), std::move(most)});
}

RuleTerm RuleParser::stated(const Field* field) {
  const bool negated = accept("not");
  const bool missing = accept("missing") || accept("null");
  if (missing || accept("present"))
    return comparison_of(field, missing != negated ? Operator::missing : Operator::present, {});
  const RuleToken token = tokens_.next();
  if (token.kind != RuleToken::Kind::word) refuse_next("`missing`, `present`, `me`, `true` or another word");
  return equal_to(field, value(field), negated);
}

RuleTerm RuleParser::found_in(const Field* field, Operator op) {
  const RuleToken token = tokens_.next();
  RuleValue part = value(field);
  if (field != nullptr && field->type != Type::text)
    note(token, field, "only texts contain or start with something", "compare it by =, < or >");
  return comparison_of(field, op, {std::move(part)});
}

RuleValue RuleParser::value(const Field* field) {
  const RuleToken token = tokens_.next();
  const bool begins = token.kind == RuleToken::Kind::word || token.kind == RuleToken::Kind::text ||
                      token.kind == RuleToken::Kind::number;
  if (!begins) refuse_next("a value");
  tokens_.take();
  if (is_word(token, "today")) {
    const std::int64_t days = days_after();
    if (field != nullptr && field->type != Type::date && field->type != Type::instant)
      note(token, field, "`today` is a day", std::string(expected(field->type)));
    return {.kind = RuleValue::Kind::today, .bits = days};
  }
  if (field == nullptr) return {};
  return token.kind == RuleToken::Kind::word ? word(*field, token) : written(*field, token);
}

// Days after today, where any are said.
std::int64_t RuleParser::days_after() {
  const RuleToken first = tokens_.next();
  const bool sign = first.kind == RuleToken::Kind::sign && (first.text == "-" || first.text == "+");
  const bool signed_number = first.kind == RuleToken::Kind::number && (first.text[0] == '-' || first.text[0] == '+');
  if (!sign && !signed_number) return 0;
  if (sign) tokens_.take();
  const RuleToken number = tokens_.next();
  const std::string_view digits = sign ? number.text : number.text.substr(1);
  std::int64_t days = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), days);
  if (number.kind != RuleToken::Kind::number || problem != std::errc() || end != digits.data() + digits.size() ||
      days < 0 || days > farthest_day)
    refuse_next("a number of days, at most 40000");
  tokens_.take();
  if (!accept("days") && !accept("day")) refuse_next("`days`");
  return first.text[0] == '-' ? -days : days;
}

RuleValue RuleParser::word(const Field& field, const RuleToken& token) {
  if (field.type == Type::boolean && is_word(token, "true")) return rule_literal(Value(true));
  if (field.type == Type::boolean && is_word(token, "false")) return rule_literal(Value(false));
  bool known = false;
  for (const Word& each : words) {
    if (!is_word(token, each.text)) continue;
    known = true;
    if (field.type == Type::id && field.reference == each.reference) return {.kind = each.kind};
  }
  std::string message = known ? "this word stands for another kind of record than the field refers to"
                              : "this word stands for no " + std::string(name_of(field.type));
  note(token, &field, std::move(message), std::string(expected(field.type)));
  return {};
}

RuleValue RuleParser::written(const Field& field, const RuleToken& token) {
  const bool quoted = token.kind == RuleToken::Kind::text;
  const std::string text = quoted ? unquoted(token.text) : std::string(token.text);
  const auto value = field.type == Type::text && !quoted ? std::nullopt : plain_value(field.type, text);
  if (value) return rule_literal(*value);
  if (quoted && text.empty())
    note(token, &field, "an empty text is a missing one", "write `is missing`");
  else
    note(token, &field, "the value is no " + std::string(name_of(field.type)), std::string(expected(field.type)));
  return {};
}

// A value that the field cannot hold is a slip of the pen: the rule would hold of nothing.
void RuleParser::check_choice(const Field& field, const RuleToken& token, const RuleValue& value) {
  if (field.choices.empty() || value.kind != RuleValue::Kind::literal || value.text.empty()) return;
  if (std::ranges::find(field.choices, value.text) != field.choices.end()) return;
  const std::string meant = nearest(value.text, field.choices);
  note(token, &field, "the value is not one of those that the field holds",
       (meant.empty() ? meant : meant + " ") + listed_choices(field));
}

// A reference is found by its name without the end `_id` too.
const Field* RuleParser::field_of(const RuleToken& token) {
  if (const Field* field = entity_.find(token.text)) return field;
  if (const Field* field = entity_.find(std::string(token.text) + "_id")) return field;
  const std::string name(truncate(token.text, shown));
  std::string hint;
  try {
    entity_.field(token.text);
  } catch (const Error& error) {
    hint = error.first().hint;
  }
  if (token.text.find('.') != std::string_view::npos) hint = "a rule asks the fields of the record itself";
  problems_.push_back({Code::not_found, place(token) + "there is no such field", entity_.name, name, {}, hint});
  return nullptr;
}

std::optional<Operator> RuleParser::accept_operator() {
  const RuleToken& next = tokens_.next();
  const auto* found = std::ranges::find(signs, next.text, &Sign::text);
  if (next.kind != RuleToken::Kind::sign || found == std::end(signs)) return std::nullopt;
  tokens_.take();
  return found->op;
}

bool RuleParser::accept(std::string_view word) {
  if (!is_word(tokens_.next(), word)) return false;
  tokens_.take();
  return true;
}

bool RuleParser::accept_sign(std::string_view sign) {
  if (tokens_.next().kind != RuleToken::Kind::sign || tokens_.next().text != sign) return false;
  tokens_.take();
  return true;
}

void RuleParser::expect_sign(std::string_view sign) {
  if (!accept_sign(sign)) refuse_next("`" + std::string(sign) + "`");
}

void RuleParser::note(const RuleToken& at, const Field* field, std::string message, std::string hint, Code code) {
  problems_.push_back(
      {code, place(at) + std::move(message), entity_.name, field == nullptr ? "" : field->name, {}, std::move(hint)});
}

void RuleParser::refuse(const RuleToken& at, std::string message, std::string hint) {
  note(at, nullptr, std::move(message), std::move(hint));
  throw Error(std::move(problems_));
}

void RuleParser::refuse_next(std::string_view expected) {
  const RuleToken& next = tokens_.next();
  const bool open = next.kind == RuleToken::Kind::broken && next.text.starts_with('\'');
  if (open) refuse(next, "a quote is opened and not closed", "write a quote inside a text twice");
  if (next.kind == RuleToken::Kind::broken) refuse(next, "this character has no meaning in a rule", "see docs/rule.md");
  refuse(next, std::string(expected) + " is expected", "see docs/rule.md");
}

std::string RuleParser::place(const RuleToken& token) const {
  return "at character " + std::to_string(length(text_.substr(0, token.at)) + 1) + " of the rule: ";
}

}  // namespace emptor
