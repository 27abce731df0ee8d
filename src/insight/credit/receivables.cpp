#include "insight/credit/receivables.hpp"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <limits>
#include <tuple>
#include <unordered_set>

#include "core/long_call.hpp"
#include "core/sort_stably.hpp"
#include "insight/credit/settlement.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_a_batch = 1 << 15;
constexpr std::int32_t for_ever = std::numeric_limits<std::int32_t>::max();

/// A cell of a batch, if there is something.
std::optional<std::int64_t> bits_at(const Batch& batch, std::size_t column, std::size_t row) {
  if (!batch.columns[column].valid[row]) return std::nullopt;
  return batch.columns[column].bits[row];
}

/// Gathers what `Receivables` says, step by step.
class ReceivableReader {
 public:
  ReceivableReader(const View& view, const Facts& facts)
      : view_(view), facts_(facts), days_(Zone::of(view.info().zone)) {
    out_.data_version = facts.data_version;
  }

  Receivables read(double settled_share) {
    read_deleted();
    read_terms();
    read_blocks();
    read_orders();
    add_amounts();
    read_payments();
    std::erase_if(free_, [](const FreePayment& one) { return one.amount <= 0; });
    settle(out_, named_, free_, settled_share);
    out_.without_amount += std::erase_if(out_.rows, [](const Receivable& row) { return row.amount <= 0; });
    if (out_.first_payment)
      out_.before_payments =
          std::erase_if(out_.rows, [&](const Receivable& row) { return row.due < *out_.first_payment; });
    return std::move(out_);
  }

 private:
  /// Every row of an entity that is not deleted and whose customer is not; versions of all are noted. The fields must
  /// begin with customer_id, deleted_at, version.
  template <class Visit>
  void each(const char* entity, Where where, std::vector<std::string> fields, const Visit& visit) {
    each_row_of_customers(view_, entity, std::move(where), std::move(fields), out_.data_version,
                          [&](const Batch& batch, std::size_t i, std::int64_t customer) {
                            if (!deleted_.contains(customer)) visit(batch, i, customer);
                          });
  }
  void note_day(std::int32_t day) { out_.last_day = std::max(out_.last_day.value_or(day), day); }

  void read_deleted() {
    const Query query{.entity = "customer",
                      .where = Where::present("deleted_at"),
                      .fields = {"version"},
                      .limit = rows_a_batch,
                      .with_deleted = true};
    each_row(view_, query, [&](const Batch& batch, std::size_t i) { deleted_.insert(batch.ids[i].value); });
  }

  void read_terms() {
    const std::string_view base = view_.info().currency.code();
    each("credit", {}, {"valid_from", "limit", "currency", "payment_days", "rating"},
         [&](const Batch& batch, std::size_t i, std::int64_t customer) {
           CreditTerms terms{customer, static_cast<std::int32_t>(
                                           bits_at(batch, 3, i).value_or(std::numeric_limits<std::int32_t>::min()))};
           const std::string_view currency = batch.columns[5].text(i);
           const bool foreign = !currency.empty() && currency != base;
           terms.limit = foreign ? std::nullopt : bits_at(batch, 4, i);
           out_.foreign_limits += foreign && batch.columns[4].valid[i] ? 1U : 0U;
           if (const auto days = bits_at(batch, 6, i); days && *days >= 0 && *days <= 3'650)
             terms.payment_days = static_cast<std::int32_t>(*days);
           terms.rating = batch.columns[7].text(i);
           any_payment_days_ = any_payment_days_ || terms.payment_days.has_value();
           out_.terms.push_back(std::move(terms));
         });
    sort_stably(out_.terms, [](const CreditTerms& a, const CreditTerms& b) {
      return std::tie(a.customer, a.from) < std::tie(b.customer, b.from);
    });
  }

  void read_blocks() {
    const Where withheld = Where::any({Where::in("kind", {"no_credit", "prepay"}), Where::equal("cause", "unpaid")});
    each("block", withheld, {"valid_from", "valid_to"}, [&](const Batch& batch, std::size_t i, std::int64_t customer) {
      out_.blocks.push_back(
          {customer, static_cast<std::int32_t>(bits_at(batch, 3, i).value_or(std::numeric_limits<std::int32_t>::min())),
           static_cast<std::int32_t>(bits_at(batch, 4, i).value_or(for_ever))});
    });
    sort_stably(out_.blocks, [](const CreditBlock& a, const CreditBlock& b) { return a.customer < b.customer; });
  }

  /// Orders that are due some day become rows, credit notes payments that name nothing; amounts follow.
  void read_orders() {
    const Where some = Where::any({Where::present("due_at"), Where::equal("kind", "credit_note")});
    each("order", any_payment_days_ ? Where{} : some, {"kind", "ordered_at", "due_at"},
         [&](const Batch& batch, std::size_t i, std::int64_t customer) {
           const std::optional<std::int64_t> ordered = bits_at(batch, 4, i), due = bits_at(batch, 5, i);
           if (!ordered) return;  // its lines are no facts
           const std::int32_t placed = days_.of(*ordered);
           if (batch.columns[3].text(i) == "credit_note") {
             order_[batch.ids[i].value] = {free_.size(), true};
             free_.push_back({customer, placed, 0});
             return;
           }
           std::optional<std::int32_t> day;
           if (due) {
             day = days_.of(*due);
           } else if (const CreditTerms* terms = out_.terms_on(customer, placed); terms && terms->payment_days) {
             day = placed + *terms->payment_days;
           }
           if (!day) return;
           note_day(placed);
           order_[batch.ids[i].value] = {out_.rows.size(), false};
           out_.rows.push_back({.customer = customer, .placed = placed, .due = *day});
         });
  }

  void add_amounts() {
    for (std::size_t c = 0; c < facts_.customers.size(); ++c) {
      const PurchaseRows rows = facts_.of(c);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto found = order_.find(rows.order[i]);
        if (found == order_.end()) continue;
        const auto [place, is_note] = found->second;
        if (is_note) {
          free_[place].customer = facts_.customers[c];
          free_[place].amount -= rows.amount[i];
        } else {
          out_.rows[place].customer = facts_.customers[c];
          out_.rows[place].amount += rows.amount[i];
        }
      }
    }
  }

  void read_payments() {
    each("payment", {}, {"order_id", "kind", "paid_at", "due_on", "base_amount"},
         [&](const Batch& batch, std::size_t i, std::int64_t customer) {
           if (batch.columns[4].text(i) == "refund") return;
           const std::optional<std::int64_t> paid = bits_at(batch, 5, i), due = bits_at(batch, 6, i);
           const std::int64_t amount = bits_at(batch, 7, i).value_or(0);
           if (amount <= 0) {
             ++out_.without_amount;
             return;
           }
           std::optional<std::int32_t> day;
           if (paid) day = days_.of(*paid);
           if (day) note_payment(*day);
           const std::int64_t order = bits_at(batch, 3, i).value_or(0);
           const auto named = order_.find(order);
           if (named != order_.end() && !named->second.is_note) {
             if (day) named_.push_back({named->second.place, {*day, amount}});
           } else if (due && customer != 0) {
             take_instalment(customer, static_cast<std::int32_t>(*due), day, amount);
           } else if (order == 0 && customer != 0 && day) {
             free_.push_back({customer, *day, amount});
           }
         });
  }
  void take_instalment(std::int64_t customer, std::int32_t due, std::optional<std::int32_t> paid, std::int64_t amount) {
    if (paid) named_.push_back({out_.rows.size(), {*paid, amount}});
    out_.rows.push_back(
        {.customer = customer, .placed = std::min(due, paid.value_or(due)), .due = due, .amount = amount});
  }
  void note_payment(std::int32_t day) {
    ++out_.payments;
    out_.first_payment = std::min(out_.first_payment.value_or(day), day);
    note_day(day);
  }

  struct Place {
    std::size_t place = 0;
    bool is_note = false;
  };
  const View& view_;
  const Facts& facts_;
  DayFinder days_;
  Receivables out_;
  std::unordered_set<std::int64_t> deleted_;
  boost::unordered_flat_map<std::int64_t, Place> order_;  // among rows, or among the free payments
  std::vector<NamedPayment> named_;
  std::vector<FreePayment> free_;
  bool any_payment_days_ = false;
};

}  // namespace

std::int64_t Receivables::open(const Receivable& row, std::int32_t day) const noexcept {
  if (row.is_settled(day)) return 0;
  std::int64_t left = row.amount;
  for (std::size_t i = row.first_part; i < row.first_part + row.parts && parts[i].day <= day; ++i)
    left -= parts[i].amount;
  return std::max<std::int64_t>(left, 0);
}

const CreditTerms* Receivables::terms_on(std::int64_t customer, std::int32_t day) const noexcept {
  const auto after =
      std::upper_bound(terms.begin(), terms.end(), std::pair(customer, day),
                       [](const auto& key, const CreditTerms& one) { return key < std::pair(one.customer, one.from); });
  return after == terms.begin() || (after - 1)->customer != customer ? nullptr : &*(after - 1);
}

bool Receivables::blocked_on(std::int64_t customer, std::int32_t day) const noexcept {
  auto at = std::lower_bound(blocks.begin(), blocks.end(), customer,
                             [](const CreditBlock& one, std::int64_t id) { return one.customer < id; });
  for (; at != blocks.end() && at->customer == customer; ++at)
    if (at->from <= day && day <= at->to) return true;
  return false;
}

Receivables read_receivables(const View& view, const Facts& facts, double settled_share) {
  return ReceivableReader(view, facts).read(settled_share);
}

}  // namespace emptor
