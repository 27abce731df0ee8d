#include "emptor/session/rule.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/plain.hpp"
#include "session/rule/json_reader.hpp"
#include "session/rule/parser.hpp"

namespace emptor {
namespace {

[[noreturn]] void refuse(const Entity& entity, std::string message, std::string hint) {
  throw Error(Problem{Code::invalid, std::move(message), entity.name, "", {}, std::move(hint)});
}

void check_text(const Entity& entity, std::string_view text) {
  if (text.size() > Rule::longest) refuse(entity, "the rule is longer than 16 KiB", "write it shorter, or as several");
  if (!is_utf8(text)) refuse(entity, "the rule is not well-formed UTF-8", "convert it to UTF-8 first");
}

bool is_name(std::string_view text) {
  const auto in_name = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  return !text.empty() && std::ranges::all_of(text, in_name);
}

// The comparison of FIELD=VALUE; nothing where the text is not that, and so perhaps a rule.
std::optional<RuleTerm> pair_of(const Entity& entity, std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || !is_name(text.substr(0, equals))) return std::nullopt;
  const Field* field = entity.find(text.substr(0, equals));
  const std::string_view plain = text.substr(equals + 1);
  if (field == nullptr || plain.starts_with('\'')) return std::nullopt;
  const auto value = parse_plain(field->type, plain);
  const bool endless = value && value->present() && field->type == Type::real && !std::isfinite(value->real());
  if (!value || endless) return std::nullopt;
  RuleTerm term{.kind = RuleTerm::Kind::compare, .subject = {.field = field->name, .type = field->type}};
  term.op = value->present() ? Operator::equal : Operator::missing;
  if (value->present()) term.values.push_back(rule_literal(*value));
  return term;
}

}  // namespace

RuleTerm rule_combination(RuleTerm::Kind kind, std::vector<RuleTerm> children) {
  RuleTerm term{.kind = kind};
  for (RuleTerm& child : children) {
    if (child.kind == kind)
      std::ranges::move(child.children, std::back_inserter(term.children));
    else
      term.children.push_back(std::move(child));
  }
  if (term.children.size() != 1) return term;
  RuleTerm only = std::move(term.children.front());
  return only;
}

RuleTerm rule_negation(RuleTerm term) {
  if (term.kind == RuleTerm::Kind::negate) {
    RuleTerm inner = std::move(term.children.front());
    return inner;
  }
  RuleTerm negation{.kind = RuleTerm::Kind::negate};
  negation.children.push_back(std::move(term));
  return negation;
}

std::vector<RuleTerm> rule_inner(RuleTerm term) {
  std::vector<RuleTerm> condition;
  if (term.kind != RuleTerm::Kind::all || !term.children.empty()) condition.push_back(std::move(term));
  return condition;
}

Value value_of(const RuleValue& literal) noexcept {
  return literal.type == Type::text ? Value(std::string_view(literal.text))
                                    : Value::of_bits(literal.type, literal.bits);
}

RuleValue rule_literal(const Value& value) {
  RuleValue literal{.type = value.type()};
  if (value.is_text())
    literal.text = value.text();
  else
    literal.bits = value.bits();
  return literal;
}

bool is_set_of_ids(RuleValue::Kind kind) noexcept {
  return kind != RuleValue::Kind::literal && kind != RuleValue::Kind::me && kind != RuleValue::Kind::today;
}

// Tags hold from a day to a day.
bool rule_asks_today(const RuleTerm& term) noexcept {
  const RuleSubject& asked = term.subject;
  return asked.window || (term.kind == RuleTerm::Kind::compare && asked.kind == RuleSubject::Kind::tag) ||
         std::ranges::find(term.values, RuleValue::Kind::today, &RuleValue::kind) != term.values.end() ||
         std::ranges::any_of(term.children, rule_asks_today) || std::ranges::any_of(asked.where, rule_asks_today);
}

Rule::Rule(const Entity& entity, RuleTerm root) : entity_(entity.name), root_(std::move(root)) {
  if (text().size() > longest)
    refuse(entity, "the rule is longer than 16 KiB when it is written out", "write it shorter, or as several");
}

Rule Rule::part(const RuleTerm& term) const {
  Rule rule = *this;
  rule.root_ = RuleTerm(term);
  return rule;
}

Rule Rule::parse(const Entity& entity, std::string_view text) {
  check_text(entity, text);
  return Rule(entity, RuleParser(entity, text).run());
}

Rule Rule::parse_conditions(const Entity& entity, std::span<const std::string> texts) {
  std::vector<RuleTerm> parts;
  for (const std::string& text : texts) {
    check_text(entity, text);
    if (text.empty()) continue;
    auto pair = pair_of(entity, text);
    parts.push_back(pair ? std::move(*pair) : RuleParser(entity, text).run());
  }
  return Rule(entity, rule_combination(RuleTerm::Kind::all, std::move(parts)));
}

Rule Rule::parse_segment(const Schema& schema, std::string_view text) {
  const Entity& customer = schema.entity(Customer::entity_name);
  if (trim(text).starts_with('{')) return parse_json(schema, text);
  check_text(customer, text);
  return Rule(customer, RuleParser(customer, text, &schema).run());
}

// What is read has a text, and that is what holds: it may be too deep for one.
Rule Rule::parse_json(const Schema& schema, std::string_view json) {
  const Entity& customer = schema.entity(Customer::entity_name);
  if (json.size() > longest_json)
    refuse(customer, "the rule is longer than 128 KiB", "write it shorter, or as several");
  if (!is_utf8(json)) refuse(customer, "the rule is not well-formed UTF-8", "convert it to UTF-8 first");
  return parse_segment(schema, Rule(customer, read_rule_json(customer, schema, json)).text());
}

bool Rule::asks_today() const noexcept { return rule_asks_today(root_); }

}  // namespace emptor
