// What models of tables are asked: of a chain of states what comes next, of rules what a basket lacks.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <numeric>

#include "core/sort_stably.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/algorithm.hpp"
#include "mine/keys_json.hpp"
#include "mine/option_table.hpp"

namespace emptor::mine {
namespace {

namespace json = boost::json;

[[noreturn]] void refuse(std::string what, std::string_view field, std::string hint = {}, Code code = Code::invalid) {
  throw Error(Problem{.code = code, .message = std::move(what), .field = std::string(field), .hint = std::move(hint)});
}

// ---- a chain

struct ChainQuestion {
  json::value state, until;
  json::array history;
  std::uint32_t steps = 1;
  bool stationary = false;
};

const OptionTable<ChainQuestion>& chain_questions() {
  static const auto table =
      OptionTable<ChainQuestion>()
          .add("state", &ChainQuestion::state, Bounds{}, "what comes after this state ...")
          .add("steps", &ChainQuestion::steps, Bounds{0}, "... so many steps on")
          .add("history", &ChainQuestion::history, "how likely these states in a row are, and what comes next")
          .add("until", &ChainQuestion::until, Bounds{}, "expected steps from each state until this one")
          .add("stationary", &ChainQuestion::stationary, "where the chain rests");
  return table;
}

std::uint32_t state_of(const StateChain& chain, const json::value& name, std::string_view field) {
  if (const auto found = find_key(chain.states, name)) return *found;
  refuse("there is no such state", field, "emptor_model_info lists the states");
}

/// States with a chance above 0, the likeliest first.
json::array chances_json(const StateChain& chain, std::span<const double> chances) {
  std::vector<std::uint32_t> order(chances.size());
  std::iota(order.begin(), order.end(), 0U);
  std::erase_if(order, [&](std::uint32_t state) { return !(chances[state] > 0); });
  sort_stably(order, [&](auto a, auto b) { return chances[a] > chances[b]; });
  json::array all;
  for (const std::uint32_t state : order)
    all.push_back(json::object{{"state", key_json(chain.states, state)}, {"probability", chances[state]}});
  return all;
}

/// A call that nobody can stop must end soon.
void check_cost(double operations, std::string_view field) {
  constexpr double most = 1e10;
  if (operations > most)
    refuse("this question of so many states would take too long", field, "ask about a chain of fewer states",
           Code::budget);
}

json::object next_of(const StateChain& chain, const ChainQuestion& question) {
  const double states = chain.chain.states();
  check_cost(states * states * question.steps, "steps");
  const std::uint32_t state = state_of(chain, question.state, "state");
  return {{"state", question.state},
          {"steps", question.steps},
          {"next", chances_json(chain, chain.chain.next_of(state, question.steps))}};
}

json::object history_of(const StateChain& chain, const ChainQuestion& question) {
  std::vector<std::uint32_t> states;
  for (const json::value& name : question.history) states.push_back(state_of(chain, name, "history"));
  const double log_chance = log_probability(chain.chain, states);
  return {{"history", question.history},
          {"log_probability", std::isfinite(log_chance) ? json::value(log_chance) : json::value(nullptr)},
          {"next", chances_json(chain, chain.chain.next_of(states.back()))}};
}

json::object until(const StateChain& chain, const ChainQuestion& question) {
  const double states = chain.chain.states();
  check_cost(states * states * states, "until");
  const std::vector<double> steps = steps_until(chain.chain, state_of(chain, question.until, "until"));
  json::array all;
  for (std::size_t state = 0; state < steps.size(); ++state)
    all.push_back(json::object{{"state", key_json(chain.states, state)},
                               {"steps", std::isfinite(steps[state]) ? json::value(steps[state]) : nullptr}});
  return {{"until", question.until}, {"from", std::move(all)}};
}

json::object rest(const StateChain& chain) {
  const double states = chain.chain.states();
  check_cost(states * states * states, "stationary");
  return {{"stationary", chances_json(chain, stationary_of(chain.chain))}};
}

json::object answer(const StateChain& chain, std::string_view question) {
  const ChainQuestion asked = chain_questions().read(question);
  const int questions = !asked.state.is_null() + !asked.until.is_null() + !asked.history.empty() + asked.stationary;
  if (questions != 1)
    refuse("a chain is asked one thing at a time", "state", "give one of state, history, until and stationary");
  if (!asked.state.is_null()) return next_of(chain, asked);
  if (!asked.until.is_null()) return until(chain, asked);
  return asked.history.empty() ? rest(chain) : history_of(chain, asked);
}

// ---- rules

struct BasketQuestion {
  json::array basket;
  std::size_t count = 5;
};

const OptionTable<BasketQuestion>& basket_questions() {
  static const auto table =
      OptionTable<BasketQuestion>()
          .add("basket", &BasketQuestion::basket, "items that are in it; those that no rule knows count for nothing")
          .add("count", &BasketQuestion::count, Bounds{0, 1'000'000}, "additions at most");
  return table;
}

json::array items_json(const BasketRules& rules, std::span<const std::uint32_t> items) {
  json::array all;
  for (const std::uint32_t item : items) all.push_back(key_json(rules.items, item));
  return all;
}

json::object rule_json(const BasketRules& rules, std::uint32_t number) {
  const Rule rule = rules.rules[number];
  const RuleMeasures measures = measures_of(rule.counts);
  return {{"row", number},
          {"left", items_json(rules, rule.left)},
          {"right", items_json(rules, rule.right)},
          {"both", rule.counts.both},
          {"left_count", rule.counts.left},
          {"right_count", rule.counts.right},
          {"support", measures.support},
          {"confidence", measures.confidence},
          {"lift", measures.lift},
          {"leverage", measures.leverage}};
}

json::object answer(const BasketRules& rules, std::string_view question) {
  const BasketQuestion asked = basket_questions().read(question);
  std::vector<std::uint32_t> basket;
  for (const json::value& item : asked.basket)
    if (const auto found = find_key(rules.items, item)) basket.push_back(*found);
  json::array additions;
  for (const Addition& addition : rules.server.additions(basket, asked.count))
    additions.push_back(json::object{{"item", key_json(rules.items, addition.item)},
                                     {"score", addition.score},
                                     {"rule", rule_json(rules, addition.rule)}});
  return {{"additions", std::move(additions)}};
}

}  // namespace

std::string ask(const AnyModel& model, std::string_view question) {
  if (const auto* chain = std::get_if<StateChain>(&model)) return json::serialize(answer(*chain, question));
  if (const auto* rules = std::get_if<BasketRules>(&model)) return json::serialize(answer(*rules, question));
  throw Error(Code::unsupported, "the model is asked about rows, not by questions", "call emptor_model_predict");
}

}  // namespace emptor::mine
