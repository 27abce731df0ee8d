/// What can be asked of the miners of patterns, over the names of columns and items.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "emptor/mine/rules.hpp"
#include "emptor/mine/sequences.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/tables/plain_items.hpp"
#include "mine/option_table.hpp"

namespace emptor {

struct ItemsetQuestion {
  mine::ItemsetOptions own = {.min_support = 0};
  double min_share = 0;
  std::string basket = "basket", item = "item";
  boost::json::array only_items, without_items, all_of, any_of;
};
struct RuleQuestion {
  ItemsetQuestion sets;
  mine::RuleOptions own;
  boost::json::array left_only, right_only;
};
struct SequenceQuestion {
  mine::SequenceOptions own = {.min_support = 0};
  double min_share = 0;
  std::string history = "history", item = "item", time;
};

const mine::OptionTable<ItemsetQuestion>& itemset_question();
const mine::OptionTable<RuleQuestion>& rule_question();
const mine::OptionTable<SequenceQuestion>& sequence_question();

/// The question with names as numbers and a share as a count. Throws Code::invalid where no support is given.
mine::ItemsetOptions options_of(const ItemsetQuestion& question, const PlainItems& plain, std::uint64_t baskets);
mine::RuleOptions options_of(const RuleQuestion& question, const PlainBaskets& plain);
mine::SequenceOptions options_of(const SequenceQuestion& question, const PlainHistories& plain);

/// Sets of items by number, as a column of lists.
ListColumn list_column(std::string name, const PlainItems& plain);

}  // namespace emptor
