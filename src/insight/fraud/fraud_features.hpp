/// What is unusual about how a customer bought in a window, against their own history and everybody's: nothing later
/// than the window is looked at.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "insight/fraud/customer_activity.hpp"

namespace emptor {

enum class FraudFeature : std::uint8_t {
  amount,      ///< the largest order over what is usual for the customer
  burst,       ///< most orders within 24 hours
  pace,        ///< orders over those to be expected by the customer's own pace
  shared,      ///< other customers with the same telephone, address or payment account; of the most shared
  accounts,    ///< different accounts that were paid from
  returned,    ///< share of the amount bought that came back
  unreturned,  ///< refunds beyond what came back, in orders of the median amount
  coupons,     ///< coupons redeemed
  night,       ///< orders from midnight to five beyond those to be expected
};
inline constexpr std::size_t fraud_feature_count = 9;
inline constexpr std::array<std::string_view, fraud_feature_count> fraud_feature_names = {
    "amount", "burst", "pace", "shared", "accounts", "returned", "unreturned", "coupons", "night"};

/// Days `first` to `last`; what is usual is taken from `history` up to the day before `first`.
struct FraudWindow {
  std::int32_t history = 0, first = 0, last = 0;
};

struct FraudRows {
  std::vector<std::size_t> customer;  ///< places among the activity's
  std::vector<std::array<double, fraud_feature_count>> value;
  std::vector<double> largest;  ///< order of the window, in units of the base currency: what a naive look would go by

  std::size_t size() const noexcept { return customer.size(); }
};

/// A row for each customer with an order, a return, a refund or a coupon in the window. Customers labelled before
/// `labelled_before` are left out.
FraudRows fraud_rows(const CustomerActivity& activity, const FraudWindow& window, std::int32_t labelled_before);

}  // namespace emptor
