// Fraud in a plain table: a row for each order (or each line of one), return, refund, coupon or payment.
#include <boost/unordered/unordered_flat_map.hpp>
#include <numeric>

#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/compute_runs.hpp"
#include "insight/fraud/fraud_telling.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/plain_attributes.hpp"
#include "insight/tables/plain_fields.hpp"
#include "insight/tables/purchase_options.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view kind_texts[] = {"order", "return", "credit_note", "refund", "coupon", "payment"};

struct FraudColumns {
  std::optional<std::size_t> kind, account, label;
  std::vector<std::pair<std::string, std::size_t>> shared;

  FraudColumns(const ArrowTable& table, const OptionReader& options) {
    const auto column = [&](const char* name) {
      return options.has(name) ? std::optional(table.column(options.text(name))) : std::nullopt;
    };
    kind = column("kind");
    account = column("account");
    label = column("label");
    for (const std::string& name : options.texts("shared")) shared.emplace_back(name, table.column(name));
  }
};

/// Puts the rows of purchases into a builder, with what stands beside them in the table.
class PlainActivity {
 public:
  PlainActivity(const ArrowTable& table, const OptionReader& options, const PlainPurchases& purchases, const Zone& zone)
      : rows_(table), columns_(table, options), purchases_(purchases), builder_(numbers(), zone) {}

  CustomerActivity read() {
    std::size_t next = 0;
    rows_.each([&] {
      if (next < purchases_.size() && purchases_.place[next] == rows_.done()) add(next++);
    });
    for (const auto& [place, event] : orders_) {
      ActivityEvent one = event;
      if (one.amount < 0) {
        one.kind = ActivityKind::credit_note;
        one.amount = -one.amount;
      }
      builder_.add(place, one);
    }
    return builder_.finish();
  }

 private:
  std::vector<std::int64_t> numbers() const {
    std::vector<std::int64_t> all(purchases_.customers.size());
    std::iota(all.begin(), all.end(), std::int64_t{1});
    return all;
  }
  ActivityKind kind() const {
    if (!columns_.kind) return ActivityKind::order;
    const ArrowCell cell = rows_.cell(*columns_.kind);
    if (is_missing(cell)) return ActivityKind::order;
    for (std::size_t k = 0; k < std::size(kind_texts); ++k)
      if (cell.kind == ArrowCell::Kind::text && cell.text == kind_texts[k]) return static_cast<ActivityKind>(k);
    rows_.refuse(*columns_.kind, "order, return, credit_note, refund, coupon or payment");
  }
  void add(std::size_t i) {
    const std::size_t place = purchases_.customer[i];
    const ActivityKind kind = this->kind();
    const std::int64_t amount = purchases_.amount[i];
    const ActivityEvent event{purchases_.at[i], amount, purchases_.day[i], kind};
    if (kind == ActivityKind::order) {
      add_order(place, i, event);
    } else if (kind != ActivityKind::payment) {
      builder_.add(place, {event.at, amount < 0 ? -amount : amount, event.day, kind});
    }
    const std::string account = columns_.account ? text_of(rows_.cell(*columns_.account)) : std::string();
    if (kind == ActivityKind::payment || !account.empty())
      builder_.add_payment(place, event.at, event.day, amount < 0 ? -amount : amount, account);
    for (const auto& [name, column] : columns_.shared) builder_.add_key(place, name, text_of(rows_.cell(column)));
    if (columns_.label && real_of(rows_.cell(*columns_.label)).value_or(0) != 0) builder_.label(place, event.day);
  }
  void add_order(std::size_t place, std::size_t i, const ActivityEvent& event) {
    const bool named = !purchases_.order.empty() && purchases_.order[i] != PlainPurchases::none;
    if (named) {
      const auto [found, fresh] = order_.try_emplace({purchases_.order[i], purchases_.customer[i]}, orders_.size());
      if (!fresh) {
        orders_[found->second].second.amount += event.amount;
        return;
      }
    }
    orders_.emplace_back(place, event);
  }

  PlainRows rows_;
  FraudColumns columns_;
  const PlainPurchases& purchases_;
  ActivityBuilder builder_;
  boost::unordered_flat_map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> order_;
  std::vector<std::pair<std::size_t, ActivityEvent>> orders_;
};

constexpr std::string_view own_columns =
    R"("kind":{"type":"string","description":"column that says what a row is: order (also where nothing stands), return, credit_note, refund, coupon, payment"},
"account":{"type":"string","description":"column of the account or card that was paid from"},
"shared":{"type":"array","items":{"type":"string"},"description":"columns of telephones, addresses and the like that customers may share"},
"label":{"type":"string","description":"column that is true in rows of customers known for fraud, from that day on"})";

}  // namespace

std::string_view compute_fraud_schema() {
  static const std::string text = with_properties(with_purchase_columns(fraud_schema), own_columns);
  return text;
}

ComputedResult compute_fraud(const PlainData& data) {
  const OptionReader options(compute_fraud_schema(), data.json);
  if (options.has("label_tag"))
    throw Error(Problem{.code = Code::invalid,
                        .message = "a plain table has no tags",
                        .field = "label_tag",
                        .hint = "name the column of known fraud as 'label'"});
  const FraudRequest request = fraud_request(
      checked_options(fraud_schema, options.without({"customer", "date", "amount", "order", "quantity", "as_of", "zone",
                                                     "kind", "account", "shared", "label"})),
      options.day("as_of"));
  const Zone zone = purchase_zone(options);
  const ArrowTable table(data.stream);
  PurchaseColumnNames names = purchase_columns(options);
  names.instants = names.places = true;
  const PlainPurchases purchases = plain_purchases(table, names, zone);
  const CustomerActivity activity = PlainActivity(table, options, purchases, zone).read();
  const FraudOutcome outcome = find_fraud(activity, request, {data.executor, data.progress});
  json::object summary = fraud_json(request, outcome);
  tell_table(summary, "fraud", purchases);
  std::vector<std::int64_t> customers;
  for (const std::size_t place : outcome.rows.customer) customers.push_back(activity.customer[place]);
  return {summary_text(summary), fraud_table(request, outcome, keys_at(customers, purchases.customers))};
}

}  // namespace emptor
