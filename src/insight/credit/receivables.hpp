/// What customers owe: sales and instalments with a day on which they are due, and when each was paid.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/insight/facts.hpp"

namespace emptor {

/// Money that came in for one receivable.
struct PartPayment {
  std::int32_t day = 0;
  std::int64_t amount = 0;  ///< micros of the base currency, above 0
};

struct Receivable {
  std::int64_t customer = 0;
  std::int32_t placed = 0, due = 0;          ///< days
  std::int64_t amount = 0;                   ///< micros of the base currency, above 0
  std::optional<std::int32_t> settled = {};  ///< the day on which enough of it had come in
  std::size_t first_part = 0, parts = 0;

  /// How many days after it was due it was paid by a day, or still was not; below 0 where it was paid before.
  std::int32_t days_late(std::int32_t day) const noexcept {
    return (settled && *settled <= day ? *settled : day) - due;
  }
  bool is_settled(std::int32_t day) const noexcept { return settled && *settled <= day; }
};

/// What a customer may owe, from a day on.
struct CreditTerms {
  std::int64_t customer = 0;
  std::int32_t from = 0;
  std::optional<std::int64_t> limit = {};  ///< micros of the base currency
  std::optional<std::int32_t> payment_days = {};
  std::string rating = {};  ///< as somebody else rates
};

/// Days on which a customer gets no credit.
struct CreditBlock {
  std::int64_t customer = 0;
  std::int32_t from = 0, to = 0;
};

struct Receivables {
  std::vector<Receivable> rows;     ///< by customer, then the day due, then the day placed
  std::vector<PartPayment> parts;   ///< of each row together, by day
  std::vector<CreditTerms> terms;   ///< by customer, then day
  std::vector<CreditBlock> blocks;  ///< by customer
  std::optional<std::int32_t> first_payment;
  std::optional<std::int32_t> last_day;  ///< of what was placed or paid; instalments to come are later
  std::int64_t data_version = 0;
  std::uint64_t payments = 0;
  std::uint64_t without_amount = 0;   ///< sales with a day due whose lines come to nothing, payments without an amount
  std::uint64_t before_payments = 0;  ///< left out: due before any payment is on record
  std::uint64_t foreign_limits = 0;   ///< credit limits in other currencies, which cannot be compared

  /// Of a row, on a day: what has not come in; 0 once it is settled.
  std::int64_t open(const Receivable& row, std::int32_t day) const noexcept;
  /// Terms that hold for a customer on a day; null without any.
  const CreditTerms* terms_on(std::int64_t customer, std::int32_t day) const noexcept;
  bool blocked_on(std::int64_t customer, std::int32_t day) const noexcept;
};

/// From orders with `due_at` (or, of a customer with payment days, as many days after they were placed), amounts being
/// the sums of their lines, and from payments with a day due for what is no such order. A payment settles the order
/// that it names; those that name nothing, and credit notes, settle what was due first. A receivable is settled when
/// `settled_share` of it came in (cash discounts). Refunds take nothing back. What was due before the first payment on
/// record is left out: nobody can tell whether it was paid. Linear in what is read but for sorting; memory: some 100
/// bytes a receivable.
Receivables read_receivables(const View& view, const Facts& facts, double settled_share);

}  // namespace emptor
