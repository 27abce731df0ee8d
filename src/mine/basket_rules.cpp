#include "emptor/mine/basket_rules.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "mine/keys_archive.hpp"
#include "mine/model_frame.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "rule_server";
constexpr std::string_view orders[] = {"confidence", "lift", "leverage"};

bool possible(const RuleCounts& counts) noexcept {
  const std::uint64_t left = counts.left, right = counts.right, all = counts.baskets;
  return counts.both > 0 && counts.both <= std::min(left, right) && std::max(left, right) <= all &&
         left + right - counts.both <= all;
}

bool ascending(std::span<const std::uint32_t> items) noexcept {
  return std::adjacent_find(items.begin(), items.end(), [](auto a, auto b) { return a >= b; }) == items.end();
}

const RuleTable& checked(const RuleTable& rules, const Keys& items) {
  for (std::size_t at = 0; at < rules.size(); ++at) {
    const Rule rule = rules[at];
    const auto known = [&](std::uint32_t item) { return item < items.size(); };
    const bool sound = possible(rule.counts) && ascending(rule.left) && ascending(rule.right) &&
                       std::ranges::all_of(rule.left, known) && std::ranges::all_of(rule.right, known);
    if (!sound)
      throw Error(Problem{.code = Code::invalid,
                          .message = "a rule has counts that no baskets have, or items that are none",
                          .row = static_cast<std::int64_t>(at) + 1});
  }
  return rules;
}

}  // namespace

BasketRules::BasketRules(RuleTable of, Keys named, AdditionOrder by)
    : rules(std::move(of)), items(std::move(named)), order(by), server(checked(rules, items), by) {}

std::string save(const BasketRules& rules) {
  ModelFrame frame{.algorithm = std::string(algorithm),
                   .options = OptionsText().word("order", orders[static_cast<std::size_t>(rules.order)]).text(),
                   .data_version = rules.data_version};
  append_varint(frame.payload, static_cast<std::uint64_t>(rules.order));
  append_keys(frame.payload, rules.items);
  append_sized(frame.payload, save(rules.rules));
  return to_bytes(frame);
}

BasketRules load_basket_rules(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, 1);
  ByteReader reader(frame.payload);
  const std::uint64_t order = reader.varint();
  expect(order < std::size(orders));
  Keys items = read_keys(reader);
  RuleTable rules = load_rules(reader.sized());
  expect(reader.done());
  try {
    BasketRules loaded(std::move(rules), std::move(items), static_cast<AdditionOrder>(order));
    loaded.data_version = frame.data_version;
    return loaded;
  } catch (const Error& error) {
    throw Error(Code::corrupt, error.first().message);
  }
}

}  // namespace emptor::mine
