#include "insight/usage/usage_records.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

/// The cells of a row; the first field of every query is its version.
class Cells {
 public:
  Cells(const Batch& batch, std::size_t row) : batch_(batch), row_(row) {}
  std::int64_t id() const { return batch_.ids[row_].value; }
  bool has(std::size_t column) const { return batch_.columns[column].valid[row_] != 0; }
  std::int64_t bits(std::size_t column) const { return has(column) ? batch_.columns[column].bits[row_] : 0; }
  std::string_view text(std::size_t column) const { return batch_.columns[column].text(row_); }
  std::int32_t date(std::size_t column) const { return static_cast<std::int32_t>(bits(column)); }

 private:
  const Batch& batch_;
  std::size_t row_;
};

class UsageReading {
 public:
  explicit UsageReading(const View& view) : view_(view), days_(Zone::of(view.info().zone)) {}

  UsageRecords read() {
    read_subscriptions();
    read_issues();
    read_assets();
    read_enrolments();
    read_cases();
    read_repairs();
    read_returns();
    read_signs();
    std::sort(out_.holdings.begin(), out_.holdings.end(), [](const ServiceHolding& a, const ServiceHolding& b) {
      return std::tie(a.customer, a.product, a.kind, a.from, a.record) <
             std::tie(b.customer, b.product, b.kind, b.from, b.record);
    });
    std::sort(out_.events.begin(), out_.events.end(), [](const ServiceEvent& a, const ServiceEvent& b) {
      return std::tie(a.customer, a.product, a.kind, a.day) < std::tie(b.customer, b.product, b.kind, b.day);
    });
    std::sort(out_.signs.begin(), out_.signs.end());
    return std::move(out_);
  }

 private:
  template <class Visit>
  void each(const char* entity, std::vector<std::string> fields, const Visit& visit) {
    fields.insert(fields.begin(), "version");
    each_row(view_, {.entity = entity, .fields = std::move(fields), .limit = 20'000},
             [&](const Batch& batch, std::size_t i) {
               const Cells cells(batch, i);
               out_.data_version = std::max(out_.data_version, cells.bits(0));
               visit(cells);
             });
  }
  void sign(std::int64_t customer, std::int32_t day) { out_.signs.emplace_back(customer, day); }
  static std::int64_t of(const std::unordered_map<std::int64_t, std::int64_t>& products, std::int64_t key) {
    const auto found = products.find(key);
    return found == products.end() ? 0 : found->second;
  }

  void read_subscriptions() {
    each("subscription", {"customer_id", "product_id", "status", "starts_on", "ends_on", "renews", "cancelled_at"},
         [&](const Cells& row) {
           subscribed_[row.id()] = row.bits(2);
           if (!row.has(4)) return;
           const std::string_view status = row.text(3);
           ServiceHolding one{row.bits(1), row.bits(2), HoldingKind::subscription, row.date(4)};
           one.record = row.id();
           one.paid = status != "trial";
           const bool over = status == "ended" || status == "cancelled";
           if (row.has(5) && (over || row.bits(6) == 0)) one.to = row.date(5);
           if (over && one.to == ServiceHolding::open) one.to = row.has(7) ? days_.of(row.bits(7)) : one.from;
           out_.holdings.push_back(one);
         });
  }
  void read_issues() {
    each("issue", {"customer_id", "subscription_id", "sent_at", "delivered_at", "status"}, [&](const Cells& row) {
      if (!row.has(3) && !row.has(4)) return;
      const std::string_view status = row.text(5);
      const bool bad = status == "claimed" || status == "sent_again" || status == "returned";
      out_.events.push_back({row.bits(1), of(subscribed_, row.bits(2)),
                             bad ? ServiceEventKind::claimed : ServiceEventKind::delivered,
                             days_.of(row.has(4) ? row.bits(4) : row.bits(3))});
    });
  }
  void read_assets() {
    each("asset", {"customer_id", "product_id", "status", "installed_on", "retired_on"}, [&](const Cells& row) {
      asset_[row.id()] = row.bits(2);
      const std::string_view status = row.text(3);
      if (!row.has(4)) return;
      ServiceHolding one{row.bits(1), row.bits(2), HoldingKind::asset, row.date(4)};
      one.record = row.id();
      if (row.has(5))
        one.to = row.date(5) - 1;
      else if (status == "retired" || status == "sold_on" || status == "in_store")
        one.to = one.from - 1;
      out_.holdings.push_back(one);
    });
  }
  void read_enrolments() {
    std::unordered_map<std::int64_t, std::int64_t> product;
    std::unordered_map<std::int64_t, std::int32_t> end;
    each("programme", {"product_id", "ends_at"}, [&](const Cells& row) {
      product[row.id()] = row.bits(1);
      if (row.has(2)) end[row.id()] = days_.of(row.bits(2));
    });
    each("enrolment", {"customer_id", "programme_id", "status", "enrolled_at", "ends_on"}, [&](const Cells& row) {
      const std::string_view status = row.text(3);
      if (!row.has(4) || status == "interested" || status == "waiting" || status == "cancelled") return;
      ServiceHolding one{row.bits(1), of(product, row.bits(2)), HoldingKind::enrolment, days_.of(row.bits(4))};
      one.record = row.id();
      const auto found = end.find(row.bits(2));
      if (row.has(5))
        one.to = row.date(5);
      else if (found != end.end())
        one.to = found->second;
      out_.holdings.push_back(one);
      if (status != "attended" && status != "completed") return;
      const std::int32_t day = one.to == ServiceHolding::open ? one.from : one.to;
      out_.events.push_back({one.customer, one.product, ServiceEventKind::attended, day});
      sign(one.customer, day);
    });
  }
  void read_cases() {
    each("case", {"customer_id", "product_id", "asset_id", "kind", "opened_at"}, [&](const Cells& row) {
      if (!row.has(5)) return;
      const std::int64_t product = row.has(2) ? row.bits(2) : of(asset_, row.bits(3));
      const std::string_view kind = row.text(4);
      if (kind == "complaint" || kind == "fault")
        out_.events.push_back({row.bits(1), product, ServiceEventKind::problem, days_.of(row.bits(5))});
      if (row.has(1)) sign(row.bits(1), days_.of(row.bits(5)));
    });
  }
  void read_repairs() {
    each("repair_order", {"customer_id", "asset_id", "received_at"}, [&](const Cells& row) {
      if (row.has(3))
        out_.events.push_back({row.bits(1), of(asset_, row.bits(2)), ServiceEventKind::repair, days_.of(row.bits(3))});
    });
  }
  void read_returns() {
    each("return", {"customer_id", "product_id", "returned_at"}, [&](const Cells& row) {
      if (row.has(3))
        out_.events.push_back({row.bits(1), row.bits(2), ServiceEventKind::goods_back, days_.of(row.bits(3))});
    });
  }
  void read_signs() {
    each("interaction", {"customer_id", "direction", "at"}, [&](const Cells& row) {
      if (row.has(1) && row.has(3) && row.text(2) == "in") sign(row.bits(1), days_.of(row.bits(3)));
    });
    each("message", {"customer_id", "opened_at"}, [&](const Cells& row) {
      if (row.has(2)) sign(row.bits(1), days_.of(row.bits(2)));
    });
  }

  const View& view_;
  DayFinder days_;
  std::unordered_map<std::int64_t, std::int64_t> subscribed_, asset_;  ///< products
  UsageRecords out_;
};

}  // namespace

UsageRecords read_usage(const View& view) { return UsageReading(view).read(); }

}  // namespace emptor
