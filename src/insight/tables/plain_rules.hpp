/// Rules out of a plain table, a row a rule, as compute("rules") writes them.
#pragma once

#include "core/arrow_table.hpp"
#include "emptor/mine/keys.hpp"
#include "emptor/mine/rules.hpp"

namespace emptor {

struct PlainRules {
  mine::RuleTable rules;  ///< in the order of the rows
  mine::Keys items;
};

/// Throws Code::not_found for a column that is not there and Code::invalid, naming column and row, for what is no list
/// of whole numbers or texts, for counts that no baskets have, and for rules of different numbers of baskets.
PlainRules plain_rules(const ArrowTable& table);

}  // namespace emptor
