/// A rule server whose items keep the names that a table gave them, and the rules that it serves.
#pragma once

#include <string>
#include <string_view>

#include "emptor/mine/keys.hpp"
#include "emptor/mine/rule_server.hpp"

namespace emptor::mine {

struct BasketRules {
  /// Throws Code::invalid (row: the rule) for counts that no baskets have, and for items without a key.
  BasketRules(RuleTable rules, Keys items, AdditionOrder order);

  RuleTable rules;
  Keys items;  ///< of each number
  AdditionOrder order;
  RuleServer server;  ///< of `rules` by `order`
  std::string data_version;

  friend bool operator==(const BasketRules& a, const BasketRules& b) {
    return a.rules == b.rules && a.items == b.items && a.order == b.order && a.data_version == b.data_version;
  }
};

std::string save(const BasketRules& rules);
/// Throws Code::corrupt, Code::newer, Code::unsupported as every model does.
BasketRules load_basket_rules(std::string_view bytes);

}  // namespace emptor::mine
