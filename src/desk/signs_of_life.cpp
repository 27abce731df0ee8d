#include "desk/signs_of_life.hpp"

#include <algorithm>

namespace emptor::desk {
namespace {

constexpr std::size_t at_once = 10'000;

// Reads entity after entity; what is of no customer in question is passed over.
class SignReader {
 public:
  SignReader(const View& view, const std::vector<OwnedCustomer>& customers, Date day)
      : view_(view), day_(day), end_(Zone::of(view.info().zone).instant_of(Date{day.days + 1}, 0)) {
    for (const OwnedCustomer& customer : customers) meant_.insert(customer.id);
  }

  std::unordered_map<Id, Signs> read() {
    read_moments("order", "ordered_at", Where::compare("kind", Operator::not_equal, "credit_note"), &Signs::order);
    read_moments("opportunity", "closed_at", Where::equal("outcome", "won"), &Signs::order);
    read_moments("interaction", "at", {}, &Signs::contact);
    read_contracts("contract", "draft");
    read_contracts("subscription", "trial");
    return std::move(signs_);
  }

 private:
  template <class Visit>
  void each(const Query& query, const Visit& visit) {
    ScanKey key;
    Batch batch;
    for (bool more = true; more;) {
      more = view_.scan(query, key, batch);
      for (std::size_t row = 0; row < batch.rows(); ++row) {
        const Id customer = batch.columns[0].value(row).id();
        if (meant_.contains(customer))
          visit(signs_[customer], [&](std::size_t i) { return batch.columns[i].value(row); });
      }
    }
  }

  void read_moments(const char* entity, const char* moment, Where which, std::optional<Instant> Signs::*newest) {
    const Query query{.entity = entity,
                      .where = Where::all({std::move(which), Where::compare(moment, Operator::less, Value(end_))}),
                      .fields = {"customer_id", moment},
                      .limit = at_once};
    each(query, [&](Signs& signs, auto&& value) {
      const Instant at = value(1).instant();
      if (!(signs.*newest) || *(signs.*newest) < at) signs.*newest = at;
    });
  }

  // What was given notice of holds until its last day, all else while it renews itself or has not ended.
  void read_contracts(const char* entity, const char* not_yet) {
    const Query query{.entity = entity,
                      .where = Where::compare("status", Operator::not_equal, not_yet),
                      .fields = {"customer_id", "ends_on", "status", "renews"},
                      .limit = at_once};
    each(query, [&](Signs& signs, auto&& value) {
      const bool over = value(2).text() == "ended" || value(2).text() == "cancelled";
      const bool renews = value(3).present() && value(3).boolean();
      if (!value(1).present()) {
        signs.under_contract |= !over;
        return;
      }
      const Date end = value(1).date();
      signs.under_contract |= end >= day_ || (renews && !over);
      signs.contract_end = std::max(signs.contract_end.value_or(end), end);
    });
  }

  const View& view_;
  Date day_;
  Instant end_;
  IdSet meant_;
  std::unordered_map<Id, Signs> signs_;
};

}  // namespace

std::unordered_map<Id, Signs> signs_of_life(const View& whole, const std::vector<OwnedCustomer>& customers, Date day) {
  return SignReader(whole, customers, day).read();
}

}  // namespace emptor::desk
