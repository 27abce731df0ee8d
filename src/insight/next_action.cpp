#include "emptor/insight/next_action.hpp"

#include <algorithm>
#include <cmath>

#include "core/sort_stably.hpp"
#include "emptor/core/error.hpp"

namespace emptor {
namespace {

void check_cost(double value, const char* field) {
  if (!(value >= 0 && std::isfinite(value)))
    throw Error(Problem{Code::invalid, "a cost is 0 or more", {}, field, {}, {}});
}
void check_share(double value, const char* field) {
  if (!(value >= 0 && value <= 1))
    throw Error(Problem{Code::invalid, "a share lies between 0 and 1", {}, field, {}, {}});
}

void check(const NextActionOptions& options) {
  check_cost(options.contact_cost, "contact_cost");
  check_cost(options.message_cost, "message_cost");
  check_share(options.care_success, "care_success");
  check_share(options.win_back_success, "win_back_success");
  check_share(options.margin, "margin");
}

/// What stays because a customer does who would have left.
std::optional<double> care_gain(const CustomerSituation& of, const NextActionOptions& options) {
  if (!of.churn_chance || !of.value) return {};
  return options.margin * *of.value * *of.churn_chance * options.care_success - options.contact_cost;
}

/// What one brings who is a customer again: the value that he would have were he alive.
std::optional<double> win_back_gain(const CustomerSituation& of, const NextActionOptions& options) {
  if (!of.alive || !of.value || *of.alive <= 0 || *of.alive >= .5) return {};
  const double value_if_back = *of.value / *of.alive;
  return options.margin * (1 - *of.alive) * value_if_back * options.win_back_success - options.contact_cost;
}

std::optional<double> sell_gain(const CustomerSituation& of, const NextActionOptions& options) {
  if (!of.offer_chance || !of.spend || !of.wants_offers) return {};
  return options.margin * *of.offer_chance * *of.spend - options.contact_cost;
}

/// A mailing: whatever is offered, by the cheap way.
std::optional<double> market_gain(const CustomerSituation& of, const NextActionOptions& options) {
  return sell_gain(of, {.contact_cost = options.message_cost, .margin = options.margin});
}

bool needs_contact(CustomerAction action) {
  return action == CustomerAction::care || action == CustomerAction::win_back || action == CustomerAction::sell;
}

}  // namespace

NextAction choose_action(const CustomerSituation& situation, const NextActionOptions& options) {
  if (!situation.is_served) return {};
  if (situation.open_cases > 0) return {CustomerAction::serve, options.margin * situation.value.value_or(0)};
  NextAction best;
  if (situation.days_since_contact && *situation.days_since_contact < options.rest_days) return best;
  const auto consider = [&](CustomerAction action, const std::optional<double>& gain) {
    if (gain && *gain > best.gain) best = {action, *gain};
  };
  consider(CustomerAction::care, care_gain(situation, options));
  if (situation.wants_offers) consider(CustomerAction::win_back, win_back_gain(situation, options));
  consider(CustomerAction::sell, sell_gain(situation, options));
  // A message is so cheap that it would go before every call that brings less than a call costs.
  if (best.action == CustomerAction::wait) consider(CustomerAction::market, market_gain(situation, options));
  return best;
}

std::vector<NextAction> choose_actions(std::span<const CustomerSituation> situations,
                                       const NextActionOptions& options) {
  check(options);
  std::vector<NextAction> actions;
  std::vector<std::size_t> calls;
  for (const CustomerSituation& situation : situations) {
    actions.push_back(choose_action(situation, options));
    if (needs_contact(actions.back().action)) calls.push_back(actions.size() - 1);
  }
  if (!options.contacts || calls.size() <= *options.contacts) return actions;
  sort_stably(calls, [&](std::size_t a, std::size_t b) { return actions[a].gain > actions[b].gain; });
  for (std::size_t i = *options.contacts; i < calls.size(); ++i) {
    NextAction& without = actions[calls[i]] = {};
    if (const auto gain = market_gain(situations[calls[i]], options); gain && *gain > 0)
      without = {CustomerAction::market, *gain};
  }
  return actions;
}

}  // namespace emptor
