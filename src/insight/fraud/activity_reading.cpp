// The activity of a store's customers.
#include <algorithm>
#include <array>

#include "core/long_call.hpp"
#include "emptor/core/text.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/fraud/customer_activity.hpp"

namespace emptor {
namespace {

constexpr std::size_t first_own = 3;  // after the fields that every query of `each` has
constexpr std::array<std::string_view, 4> charged_back = {"chargeback", "charge-back", "charge back", "charge_back"};

std::optional<std::int64_t> bits_at(const Batch& batch, std::size_t column, std::size_t row) {
  if (!batch.columns[column].valid[row]) return std::nullopt;
  return batch.columns[column].bits[row];
}

class ActivityReader {
 public:
  ActivityReader(const View& view, const Facts& facts)
      : view_(view),
        facts_(facts),
        zone_(Zone::of(view.info().zone)),
        days_(zone_),
        builder_({facts.customers.begin(), facts.customers.end()}, zone_),
        data_version_(facts.data_version) {}

  CustomerActivity read(std::string_view label_tag) {
    for (std::size_t i = 0; i < facts_.customers.size(); ++i) read_orders(i);
    read_returns();
    read_payments();
    read_coupons();
    read_contacts();
    read_labels(label_tag);
    CustomerActivity activity = builder_.finish();
    activity.data_version = data_version_;
    return activity;
  }

 private:
  /// Rows that are not deleted, of customers with purchases; versions of all are noted.
  template <class Visit>
  void each(const char* entity, Where where, std::vector<std::string> fields, const Visit& visit) {
    each_row_of_customers(view_, entity, std::move(where), std::move(fields), data_version_,
                          [&](const Batch& batch, std::size_t i, std::int64_t customer) {
                            if (const auto place = builder_.place_of(customer)) visit(batch, i, *place);
                          });
  }

  /// The lines of an order stand together.
  void read_orders(std::size_t place) {
    const PurchaseRows rows = facts_.of(place);
    for (std::size_t i = 0; i < rows.size();) {
      const std::size_t first = i;
      std::int64_t amount = 0;
      for (; i < rows.size() && rows.order[i] == rows.order[first]; ++i) amount += rows.amount[i];
      builder_.add(place, {.at = rows.at[first],
                           .amount = amount < 0 ? -amount : amount,
                           .day = rows.day[first],
                           .kind = amount < 0 ? ActivityKind::credit_note : ActivityKind::order});
    }
  }
  void add(std::size_t place, ActivityKind kind, std::int64_t at, std::int64_t amount) {
    builder_.add(place, {.at = at, .amount = std::max<std::int64_t>(amount, 0), .day = days_.of(at), .kind = kind});
  }
  void read_returns() {
    each("return", {}, {"returned_at", "base_amount"}, [&](const Batch& batch, std::size_t i, std::size_t place) {
      if (const auto at = bits_at(batch, first_own, i))
        add(place, ActivityKind::returned, *at, bits_at(batch, first_own + 1, i).value_or(0));
    });
  }
  void read_coupons() {
    each("coupon", {}, {"redeemed_at", "amount"}, [&](const Batch& batch, std::size_t i, std::size_t place) {
      if (const auto at = bits_at(batch, first_own, i))
        add(place, ActivityKind::coupon, *at, bits_at(batch, first_own + 1, i).value_or(0));
    });
  }
  void read_payments() {
    each("payment", {}, {"paid_at", "base_amount", "kind", "method", "reference"},
         [&](const Batch& batch, std::size_t i, std::size_t place) {
           const auto at = bits_at(batch, first_own, i);
           if (!at) return;
           const std::int64_t amount = std::max<std::int64_t>(bits_at(batch, first_own + 1, i).value_or(0), 0);
           const std::string method = fold(batch.columns[first_own + 3].text(i));
           if (std::find(charged_back.begin(), charged_back.end(), method) != charged_back.end())
             builder_.label(place, days_.of(*at));
           else if (batch.columns[first_own + 2].text(i) == "refund")
             add(place, ActivityKind::refund, *at, amount);
           else
             builder_.add_payment(place, *at, days_.of(*at), amount, batch.columns[first_own + 4].text(i));
         });
  }
  void read_contacts() {
    each("contact_point", {}, {"channel", "value_key"}, [&](const Batch& batch, std::size_t i, std::size_t place) {
      const std::string_view channel = batch.columns[first_own].text(i);
      // A mobile number that another gives as a telephone is the same number.
      builder_.add_key(place, channel == "mobile" ? "phone" : channel, batch.columns[first_own + 1].text(i));
    });
  }
  void read_labels(std::string_view tag) {
    const auto label = [&](const Batch& batch, std::size_t i, std::size_t place) {
      const auto day = bits_at(batch, first_own, i);
      builder_.label(place, day ? static_cast<std::int32_t>(*day) : std::numeric_limits<std::int32_t>::min());
    };
    each("block", Where::in("cause", {"fraud", "abuse"}), {"valid_from"}, label);
    each("tag", Where::equal("name", tag), {"valid_from"}, label);
  }

  const View& view_;
  const Facts& facts_;
  Zone zone_;
  DayFinder days_;
  ActivityBuilder builder_;
  std::int64_t data_version_;
};

}  // namespace

CustomerActivity read_activity(const View& view, const Facts& facts, std::string_view label_tag) {
  return ActivityReader(view, facts).read(label_tag);
}

}  // namespace emptor
