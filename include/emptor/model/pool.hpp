/// The pool: the customers whom nobody looks after, and the rules by which they go there and are taken from it.
#pragma once

#include "emptor/model/describe.hpp"

namespace emptor {

struct PoolRule {
  EMPTOR_ENTITY(PoolRule, "pool_rule", 19, "when customers go back to the pool, stay, or may be taken from it")
  std::string name;
  EMPTOR_FIELD(name, "name of the rule, as answers tell it", required)
  std::string kind;
  EMPTOR_FIELD(
      kind,
      "idle and contract_end send customers to the pool, protect keeps them from it, capacity limits how many a "
      "user may take, rest how soon the last owner may take one back",
      required | one_of("idle|contract_end|protect|capacity|rest"))
  std::string tier;
  EMPTOR_FIELD(tier, "service tier of the customers; missing is all")
  Id team_id;
  EMPTOR_FIELD(team_id, "the team of the customers, of `capacity` that of the user; missing is all", refers_to("team"))
  std::optional<std::int64_t> days;
  EMPTOR_FIELD(days, "days that must pass; missing is none, of `protect` for ever")
  std::string counts;
  EMPTOR_FIELD(counts, "of `idle`: what ends it: orders and won deals, contacts, or (missing) all",
               one_of("all|orders|contacts"))
  std::optional<std::int64_t> most;
  EMPTOR_FIELD(most, "of `capacity`: customers that a user may hold")
  std::optional<bool> active;
  EMPTOR_FIELD(active, "is applied; missing is yes")
};

}  // namespace emptor
