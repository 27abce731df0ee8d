#include "insight/facts/customer_touches.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

/// A cell of the row that is being read.
class Row {
 public:
  Row(const Batch& batch, std::size_t row) : batch_(batch), row_(row) {}
  bool has(std::size_t column) const { return batch_.columns[column].valid[row_] != 0; }
  std::int64_t bits(std::size_t column) const { return batch_.columns[column].bits[row_]; }
  std::string_view text(std::size_t column) const { return batch_.columns[column].text(row_); }
  double number(std::size_t column) const {
    return static_cast<double>(bits(column)) / static_cast<double>(Decimal::micros_per_unit);
  }
  std::int64_t id() const { return batch_.ids[row_].value; }

 private:
  const Batch& batch_;
  std::size_t row_;
};

constexpr std::size_t orders_a_query = 500;

class TouchReading {
 public:
  TouchReading(const View& view, DayFinder& days, std::optional<Id> customer)
      : view_(view), days_(days), customer_(customer) {}

  CustomerTouches read() {
    read_cases();
    read_opinions();
    read_contacts();
    read_notices();
    read_returns();
    read_answers();
    read_orders();
    return sorted();
  }

 private:
  struct Entry {
    std::int64_t customer;
    Touch touch;
  };

  /// The first three fields of every query are version, customer and moment. A row without customer or moment tells
  /// nothing.
  template <class Take>
  void each(const char* entity, std::vector<std::string> fields, const Take& take) {
    fields.insert(fields.begin(), "version");
    const Where whose = customer_ ? Where::equal("customer_id", *customer_) : Where();
    each_row(view_, {.entity = entity, .where = whose, .fields = std::move(fields), .limit = 20'000},
             [&](const Batch& batch, std::size_t i) {
               const Row row(batch, i);
               if (row.has(0)) out_.data_version = std::max(out_.data_version, row.bits(0));
               if (row.has(1) && row.has(2)) take(row);
             });
  }
  void add(const Row& row, Touch touch) { entries_.push_back({row.bits(1), touch}); }
  std::uint32_t topic(std::string_view text) {
    if (text.empty()) return Touch::no_topic;
    return topics_.try_emplace(std::string(text), static_cast<std::uint32_t>(topics_.size())).first->second;
  }

  void read_cases() {
    each("case", {"customer_id", "opened_at", "resolved_at", "closed_at", "kind", "category", "cause"},
         [&](const Row& row) {
           const std::size_t end = row.has(3) ? 3 : 4;
           add(row, {.day = days_.of(row.bits(2)),
                     .closed = row.has(end) ? days_.of(row.bits(end)) : Touch::still_open,
                     .kind = row.text(5) == "complaint" ? TouchKind::complaint : TouchKind::request,
                     .topic = topic(row.has(6) ? row.text(6) : row.text(7))});
         });
  }
  void read_opinions() {
    each("feedback", {"customer_id", "received_at", "kind", "topic"}, [&](const Row& row) {
      add(row, {.day = days_.of(row.bits(2)),
                .kind = row.text(3) == "complaint" ? TouchKind::complaint : TouchKind::opinion,
                .topic = topic(row.has(4) ? row.text(4) : row.text(3))});
    });
  }
  void read_contacts() {
    each("interaction", {"customer_id", "at", "outcome"}, [&](const Row& row) {
      add(row, {.day = days_.of(row.bits(2)), .kind = TouchKind::contact, .topic = topic(row.text(3))});
    });
  }
  void read_notices() {
    each("subscription", {"customer_id", "cancelled_at", "cancel_reason"}, [&](const Row& row) {
      add(row, {.day = days_.of(row.bits(2)), .kind = TouchKind::notice, .topic = topic(row.text(3))});
    });
  }
  void read_returns() {
    each("return", {"customer_id", "returned_at", "reason"}, [&](const Row& row) {
      add(row, {.day = days_.of(row.bits(2)), .kind = TouchKind::goods_back, .topic = topic(row.text(3))});
    });
  }

  /// Answers from 0 to 1: an NPS is asked from 0 to 10, CSAT from 1 to 5. Others have no known scale.
  void read_answers() {
    std::unordered_map<std::int64_t, bool> of_ten;
    each_row(view_, {.entity = "survey", .fields = {"version", "kind"}, .limit = 1'000},
             [&](const Batch& batch, std::size_t i) {
               const Row row(batch, i);
               if (row.text(1) == "nps" || row.text(1) == "csat") of_ten[row.id()] = row.text(1) == "nps";
             });
    each("response", {"customer_id", "answered_at", "survey_id", "score"}, [&](const Row& row) {
      const auto survey = row.has(3) ? of_ten.find(row.bits(3)) : of_ten.end();
      if (survey == of_ten.end() || !row.has(4)) return;
      const double score = row.number(4), share = survey->second ? score / 10 : (score - 1) / 4;
      Touch touch{.day = days_.of(row.bits(2)), .kind = TouchKind::answer, .score = std::clamp(share, 0.0, 1.0)};
      add(row, touch);
      touch.kind = TouchKind::dissatisfied;
      if (score <= (survey->second ? 6 : 2)) add(row, touch);
    });
  }

  void read_orders() {
    Orders orders;
    const bool discounts = customer_ || view_.count("order_line", Where::present("discount")) > 0;
    each("order", {"customer_id", "ordered_at", "due_at", "shipped_at"}, [&](const Row& row) {
      if (discounts) orders[row.id()] = {row.bits(1), days_.of(row.bits(2))};
      if (!row.has(3) || !row.has(4)) return;
      const std::int32_t due = days_.of(row.bits(3)), shipped = days_.of(row.bits(4));
      if (shipped > due) add(row, {.day = shipped, .kind = TouchKind::late_order});
    });
    if (discounts) read_discounts(orders);
  }

  using Orders = std::unordered_map<std::int64_t, std::pair<std::int64_t, std::int32_t>>;  // customer, day

  /// Of the known orders; where only one customer's are known, their lines alone are looked through.
  void read_discounts(const Orders& orders) {
    if (!customer_) return read_discounts(orders, Where::present("discount"));
    std::vector<Value> ids;
    for (const auto& [order, known] : orders) ids.push_back(Id{order});
    for (std::size_t first = 0; first < ids.size(); first += orders_a_query) {
      const auto begin = ids.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = ids.begin() + static_cast<std::ptrdiff_t>(std::min(first + orders_a_query, ids.size()));
      read_discounts(orders,
                     Where::all({Where::in("order_id", std::vector<Value>(begin, end)), Where::present("discount")}));
    }
  }
  void read_discounts(const Orders& orders, Where where) {
    each_row(view_,
             {.entity = "order_line",
              .where = std::move(where),
              .fields = {"version", "order_id", "discount"},
              .limit = 20'000},
             [&](const Batch& batch, std::size_t i) {
               const Row row(batch, i);
               const auto order = row.has(1) ? orders.find(row.bits(1)) : orders.end();
               if (order == orders.end()) return;
               entries_.push_back({order->second.first,
                                   {.day = order->second.second, .kind = TouchKind::discount, .score = row.number(2)}});
             });
  }

  /// By customer and day; topics by their texts, so that nothing depends on the order in which they were read.
  CustomerTouches sorted() {
    std::vector<std::uint32_t> places(topics_.size());
    for (const auto& [text, number] : topics_) {
      places[number] = static_cast<std::uint32_t>(out_.topics.size());
      out_.topics.push_back(text);
    }
    for (Entry& entry : entries_)
      if (entry.touch.topic != Touch::no_topic) entry.touch.topic = places[entry.touch.topic];
    const auto key = [](const Entry& one) {
      return std::tuple(one.customer, one.touch.day, one.touch.kind, one.touch.topic, one.touch.closed,
                        one.touch.score);
    };
    std::sort(entries_.begin(), entries_.end(), [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
    for (const Entry& entry : entries_) {
      if (out_.customer.empty() || out_.customer.back() != entry.customer) {
        out_.customer.push_back(entry.customer);
        out_.starts.push_back(out_.touches.size());
      }
      out_.touches.push_back(entry.touch);
      out_.starts.back() = out_.touches.size();
    }
    return std::move(out_);
  }

  const View& view_;
  DayFinder& days_;
  std::optional<Id> customer_;  ///< the only one who is read; all without it
  std::vector<Entry> entries_;
  std::map<std::string, std::uint32_t> topics_;
  CustomerTouches out_;
};

}  // namespace

std::span<const Touch> CustomerTouches::of(std::int64_t id) const noexcept {
  const auto found = std::lower_bound(customer.begin(), customer.end(), id);
  if (found == customer.end() || *found != id) return {};
  const auto at = static_cast<std::size_t>(found - customer.begin());
  return std::span<const Touch>(touches).subspan(starts[at], starts[at + 1] - starts[at]);
}

std::span<const Touch> CustomerTouches::until(std::span<const Touch> touches, std::int32_t day) noexcept {
  const auto end = std::upper_bound(touches.begin(), touches.end(), day,
                                    [](std::int32_t known, const Touch& touch) { return known < touch.day; });
  return touches.first(static_cast<std::size_t>(end - touches.begin()));
}

CustomerTouches read_touches(const View& view) {
  DayFinder days(Zone::of(view.info().zone));
  return TouchReading(view, days, {}).read();
}

std::vector<Touch> read_touches_of(const View& view, Id customer, DayFinder& days) {
  return TouchReading(view, days, customer).read().touches;
}

}  // namespace emptor
