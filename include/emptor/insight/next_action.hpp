/// Next action: for each customer the one thing to do now (serve, care, win back, sell, market, or wait), by what it is
/// expected to bring, and to whom the contacts go that there are.
///
///     const NextAction next = choose_action({.churn_chance = .4, .value = 900}, {});
///     next.action;  // CustomerAction::care: 900 x .4 x .1 - 5
///
/// A rule and no model: its figures come from the models (churn, lifetime, offers, replenishment) and from options that
/// say what a contact costs and how often one succeeds. docs/next_action.md has the formulae.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace emptor {

/// In the order in which they go before others of equal gain; names are those of the field `action` of recommendations.
enum class CustomerAction : std::uint8_t { serve, care, win_back, sell, market, wait };
inline constexpr std::array<std::string_view, 6> customer_action_names = {"serve", "care",   "win_back",
                                                                          "sell",  "market", "wait"};

/// What is known of one customer. Amounts are in the base currency, chances 0 to 1.
struct CustomerSituation {
  std::size_t open_cases = 0;
  std::optional<double> churn_chance = {};              ///< of silence in the next window
  std::optional<double> alive = {};                     ///< that he still is a customer
  std::optional<double> value = {};                     ///< what he is expected to bring over the horizon of lifetime
  std::optional<double> spend = {};                     ///< what one purchase comes to
  std::optional<double> offer_chance = {};              ///< that the best open offer is bought
  std::optional<std::int32_t> days_since_contact = {};  ///< by us
  bool wants_offers = true;
  bool is_served = true;  ///< false: a block withholds every service, and nothing is to be done
};

struct NextActionOptions {
  double contact_cost = 5;     ///< of a call, or what you do
  double message_cost = 0.05;  ///< of a mailing
  double care_success = 0.1;   ///< of those who would have left, who stay because of it
  double win_back_success = 0.05;
  double margin = 0.3;                       ///< of what is sold
  std::int32_t rest_days = 14;               ///< after a contact by us nothing but service is due
  std::optional<std::size_t> contacts = {};  ///< that there are for care, winning back and selling; no limit if empty
};

struct NextAction {
  CustomerAction action = CustomerAction::wait;
  double gain = 0;  ///< expected, less its cost; of `serve` the value at stake
};

/// The action of greatest gain; an open case goes before everything. Linear, no state.
NextAction choose_action(const CustomerSituation& situation, const NextActionOptions& options = {});
/// The same for all, with the contacts there are going to those of the highest gain; the others get a message or wait.
/// Throws Code::invalid (field) for costs below 0 and shares outside 0 ... 1.
std::vector<NextAction> choose_actions(std::span<const CustomerSituation> situations,
                                       const NextActionOptions& options = {});

}  // namespace emptor
