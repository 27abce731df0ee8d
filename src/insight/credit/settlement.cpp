#include "insight/credit/settlement.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "core/sort_stably.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {
namespace {

constexpr std::int64_t whole_share = 10'000;

/// Brings rows into their order, and named payments to the rows' new places.
void sort_rows(std::vector<Receivable>& rows, std::vector<NamedPayment>& named) {
  std::vector<std::size_t> order(rows.size()), place(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  sort_stably(order, [&](std::size_t a, std::size_t b) {
    const Receivable &first = rows[a], &second = rows[b];
    return std::tie(first.customer, first.due, first.placed) < std::tie(second.customer, second.due, second.placed);
  });
  std::vector<Receivable> sorted;
  sorted.reserve(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    sorted.push_back(rows[order[i]]);
  }
  rows = std::move(sorted);
  for (NamedPayment& one : named) one.row = place[one.row];
  std::sort(named.begin(), named.end(), [](const NamedPayment& a, const NamedPayment& b) {
    return std::tie(a.row, a.part.day, a.part.amount) < std::tie(b.row, b.part.day, b.part.amount);
  });
}

/// Walks through rows and payments side by side.
class Settling {
 public:
  Settling(Receivables& out, std::vector<NamedPayment>& named, std::vector<FreePayment>& free, std::int64_t share)
      : out_(out), named_(named), free_(free), share_(share) {}

  void run() {
    for (std::size_t row = 0; row < out_.rows.size(); ++row) settle_row(row);
  }

 private:
  void settle_row(std::size_t place) {
    Receivable& row = out_.rows[place];
    row.first_part = out_.parts.size();
    std::int64_t paid = 0;
    for (; at_named_ < named_.size() && named_[at_named_].row == place; ++at_named_) {
      out_.parts.push_back(named_[at_named_].part);
      paid += named_[at_named_].part.amount;
    }
    if (!is_enough(paid, row)) take_free(row, row.amount - paid);
    row.parts = out_.parts.size() - row.first_part;
    const auto first = out_.parts.begin() + static_cast<std::ptrdiff_t>(row.first_part);
    sort_stably(first, out_.parts.end(), [](const PartPayment& a, const PartPayment& b) { return a.day < b.day; });
    paid = 0;
    for (auto part = first; part != out_.parts.end() && !row.settled; ++part)
      if (is_enough(paid += part->amount, row)) row.settled = part->day;
  }

  void take_free(const Receivable& row, std::int64_t wanted) {
    while (at_free_ < free_.size() && free_[at_free_].customer < row.customer) ++at_free_;
    for (; wanted > 0 && at_free_ < free_.size() && free_[at_free_].customer == row.customer; ++at_free_) {
      FreePayment& one = free_[at_free_];
      const std::int64_t taken = std::min(wanted, one.amount);
      out_.parts.push_back({std::max(one.day, row.placed), taken});
      wanted -= taken;
      one.amount -= taken;
      if (one.amount > 0) break;
    }
  }

  bool is_enough(std::int64_t paid, const Receivable& row) const {
    return Wide{paid} * whole_share >= Wide{row.amount} * share_;
  }

  Receivables& out_;
  std::vector<NamedPayment>& named_;
  std::vector<FreePayment>& free_;
  std::int64_t share_;
  std::size_t at_named_ = 0, at_free_ = 0;
};

}  // namespace

void settle(Receivables& receivables, std::vector<NamedPayment> named, std::vector<FreePayment> free, double share) {
  sort_rows(receivables.rows, named);
  std::sort(free.begin(), free.end(), [](const FreePayment& a, const FreePayment& b) {
    return std::tie(a.customer, a.day, a.amount) < std::tie(b.customer, b.day, b.amount);
  });
  Settling(receivables, named, free, std::llround(share * static_cast<double>(whole_share))).run();
}

}  // namespace emptor
