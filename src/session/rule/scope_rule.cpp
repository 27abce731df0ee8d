#include "session/rule/scope_rule.hpp"

#include "emptor/model/access.hpp"
#include "emptor/model/party.hpp"

namespace emptor {

std::optional<Rule> readable_rule(const Entity& entity, std::string_view text) {
  try {
    return Rule::parse(entity, text);
  } catch (const Error&) {
    return std::nullopt;
  }
}

void check_scope_rule(const Schema& schema, Row permission, std::int64_t change, std::vector<Problem>& problems) {
  const Entity& entity = schema.entity(Permission::entity_name);
  if (permission[entity.field("scope").number].text() != "rule") return;
  const auto report = [&](std::string message, std::string hint) {
    problems.push_back({Code::invalid, std::move(message), entity.name, "rule", change, std::move(hint)});
  };
  const Value& rule = permission[entity.field("rule").number];
  if (!rule.present()) return report("the scope is a rule, and there is none", "write it: docs/rule.md");
  try {
    Rule::parse(schema.entity(Customer::entity_name), rule.text());
  } catch (const Error& error) {
    for (const Problem& problem : error.problems())
      report(problem.message + (problem.field.empty() ? "" : " (" + problem.field + ")"), problem.hint);
  }
}

}  // namespace emptor
