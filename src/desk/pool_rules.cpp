#include "desk/pool_rules.hpp"

#include "emptor/core/error.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_rules = 10'000;
constexpr std::int64_t most_days = 100'000;

void require(bool there, const PoolRule& rule, const char* field) {
  if (there) return;
  throw Error(Problem{Code::invalid,
                      "the rule \"" + rule.name + "\" of the pool lacks what its kind needs",
                      "pool_rule",
                      field,
                      {},
                      "set this field: 0 or more, days up to 100,000"});
}

void check(const PoolRule& rule) {
  const bool needs_days = rule.kind == "idle" || rule.kind == "rest";
  require(rule.days ? *rule.days >= 0 && *rule.days <= most_days : !needs_days, rule, "days");
  require(rule.kind != "capacity" || (rule.most && *rule.most >= 0), rule, "most");
}

}  // namespace

std::vector<PoolRule> pool_rules(const View& view) {
  std::vector<PoolRule> rules;
  for (const Record& record : view.select({.entity = std::string(PoolRule::entity_name), .limit = most_rules})) {
    PoolRule rule = record.as<PoolRule>();
    if (!rule.active.value_or(true)) continue;
    check(rule);
    rules.push_back(std::move(rule));
  }
  return rules;
}

namespace desk {

const PoolRule* rule_for(std::span<const PoolRule> rules, std::string_view kind, std::string_view tier, Id team) {
  const PoolRule* best = nullptr;
  int narrowest = -1;
  for (const PoolRule& rule : rules) {
    const bool fits =
        rule.kind == kind && (rule.tier.empty() || rule.tier == tier) && (!rule.team_id || rule.team_id == team);
    const int narrow = (rule.tier.empty() ? 0 : 1) + (rule.team_id ? 1 : 0);
    if (!fits || narrow <= narrowest) continue;
    narrowest = narrow;
    best = &rule;
  }
  return best;
}

}  // namespace desk
}  // namespace emptor
