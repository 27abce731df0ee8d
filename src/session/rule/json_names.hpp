// The words of a rule's JSON.
#pragma once

#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "emptor/session/rule.hpp"

namespace emptor {

struct RuleJsonOperator {
  std::string_view name;
  Operator op;
};
inline constexpr RuleJsonOperator rule_json_operator_names[] = {
    {"=", Operator::equal},         {"<>", Operator::not_equal},      {"<", Operator::less},
    {"<=", Operator::less_equal},   {">", Operator::greater},         {">=", Operator::greater_equal},
    {"in", Operator::in},           {"contains", Operator::contains}, {"starts with", Operator::starts_with},
    {"missing", Operator::missing}, {"present", Operator::present}};

constexpr std::string_view rule_json_name(Operator op) noexcept {
  for (const RuleJsonOperator& each : rule_json_operator_names)
    if (each.op == op) return each.name;
  return "";
}
constexpr std::optional<Operator> rule_json_operator(std::string_view name) noexcept {
  for (const RuleJsonOperator& each : rule_json_operator_names)
    if (each.name == name) return each.op;
  return std::nullopt;
}
inline std::string rule_json_operators() {
  std::string list;
  for (const RuleJsonOperator& each : rule_json_operator_names) list.append(list.empty() ? "" : ", ").append(each.name);
  return list;
}

constexpr std::string_view rule_json_name(RuleMeasure measure) noexcept {
  constexpr std::string_view names[] = {"count", "different", "sum", "average", "least", "most"};
  return names[static_cast<std::size_t>(measure)];
}

}  // namespace emptor
