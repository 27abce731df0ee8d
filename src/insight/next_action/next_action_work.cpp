#include "insight/next_action/next_action_work.hpp"

#include <algorithm>
#include <cmath>

#include "insight/facts/each_row.hpp"
#include "insight/offers/offer_base.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_a_batch = 10'000;

/// Fills in what one entity after another says of customers.
class SituationReader {
 public:
  SituationReader(const View& view, Date day) : view_(view), day_(day), zone_(Zone::of(view.info().zone)) {}

  Situations read() {
    read_customers();
    read_scores();
    read_offers();
    read_cases();
    read_contacts();
    for (const std::int64_t customer : customers_without_offers(view_, day_))
      if (CustomerSituation* of = at(Id{customer})) of->wants_offers = false;
    for (const std::int64_t customer : customers_not_served(view_, day_))
      if (CustomerSituation* of = at(Id{customer})) of->is_served = false;
    for (const CustomerSituation& of : out_.of) out_.scored += of.churn_chance || of.value ? 1 : 0;
    return std::move(out_);
  }

 private:
  template <class Visit>
  void each(const char* entity, Where where, std::vector<std::string> fields, const Visit& visit) {
    const Query query{.entity = entity, .where = std::move(where), .fields = std::move(fields), .limit = rows_a_batch};
    each_row(view_, query, [&](const Batch& batch, std::size_t i) {
      visit([&](std::size_t column) { return batch.columns[column].value(i); });
    });
  }
  std::size_t place_of(Id customer) const {
    const auto found = std::ranges::lower_bound(out_.customers, customer.value);
    const bool known = found != out_.customers.end() && *found == customer.value;
    return known ? static_cast<std::size_t>(found - out_.customers.begin()) : out_.customers.size();
  }
  CustomerSituation* at(Id customer) {
    const std::size_t place = place_of(customer);
    return place < out_.of.size() ? &out_.of[place] : nullptr;
  }

  void read_customers() {
    const Query query{.entity = "customer", .order = {{"id"}}, .fields = {"id"}, .limit = rows_a_batch};
    each_row(view_, query, [&](const Batch& batch, std::size_t i) { out_.customers.push_back(batch.ids[i].value); });
    out_.of.resize(out_.customers.size());
    out_.offers.resize(out_.customers.size());
  }
  void read_scores() {
    static constexpr std::pair<std::string_view, std::optional<double> CustomerSituation::*> names[] = {
        {"churn.chance", &CustomerSituation::churn_chance},
        {"lifetime.alive", &CustomerSituation::alive},
        {"lifetime.value", &CustomerSituation::value},
        {"lifetime.spend", &CustomerSituation::spend}};
    for (const auto& [name, member] : names)
      each("score", Where::equal("name", name), {"customer_id", "value"}, [&](const auto& cell) {
        CustomerSituation* of = at(cell(0).id());
        if (of != nullptr && cell(1).present()) of->*member = cell(1).real();
      });
  }
  void read_offers() {
    const Where open = Where::all({Where::equal("status", "open"), Where::equal("action", "sell"),
                                   Where::in("model_id", models_of_offers()), Where::present("product_id")});
    each("recommendation", open, {"customer_id", "product_id", "score", "valid_to"}, [&](const auto& cell) {
      const std::size_t place = place_of(cell(0).id());
      if (place == out_.of.size() || !cell(2).present() || (cell(3).present() && cell(3).date() < day_)) return;
      std::optional<double>& chance = out_.of[place].offer_chance;
      if (chance && *chance >= cell(2).real()) return;
      chance = cell(2).real();
      out_.offers[place] = {cell(1).id().value, *chance};
    });
  }
  std::vector<Value> models_of_offers() {
    std::vector<Value> models;
    for (const char* name : {"offers", "replenishment"})
      for (const Record& model : view_.select({.entity = "model", .where = Where::equal("name", name), .limit = 1}))
        models.emplace_back(model.id());
    if (models.empty()) models.emplace_back(Id{-1});  // none: nothing is found
    return models;
  }
  void read_cases() {
    const Where open = Where::all({Where::missing("closed_at"), Where::missing("resolved_at")});
    each("case", open, {"customer_id", "opened_at"}, [&](const auto& cell) {
      if (cell(1).present() && zone_.date_of(cell(1).instant()) > day_) return;
      if (CustomerSituation* of = at(cell(0).id())) ++of->open_cases;
    });
  }
  void read_contacts() {
    each("interaction", Where::equal("direction", "out"), {"customer_id", "at"}, [&](const auto& cell) {
      CustomerSituation* of = at(cell(0).id());
      if (of == nullptr || !cell(1).present()) return;
      const std::int32_t days = day_.days - zone_.date_of(cell(1).instant()).days;
      if (days >= 0 && (!of->days_since_contact || days < *of->days_since_contact)) of->days_since_contact = days;
    });
  }

  const View& view_;
  Date day_;
  Zone zone_;
  Situations out_;
};

std::string percent(double share) { return std::to_string(std::lround(100 * share)) + " %"; }
std::string whole(double amount) { return std::to_string(std::llround(amount)); }

std::string english(CustomerAction action, const CustomerSituation& of, std::string_view product) {
  switch (action) {
    case CustomerAction::serve:
      return std::to_string(of.open_cases) + (of.open_cases == 1 ? " case is" : " cases are") + " open";
    case CustomerAction::care:
      return percent(*of.churn_chance) + " chance to fall silent, with " + whole(*of.value) + " expected";
    case CustomerAction::win_back:
      return "only " + percent(*of.alive) + " chance to be a customer still";
    default:
      return percent(*of.offer_chance) + " chance to buy " + std::string(product);
  }
}

std::string chinese(CustomerAction action, const CustomerSituation& of, std::string_view product) {
  switch (action) {
    case CustomerAction::serve:
      return "有" + std::to_string(of.open_cases) + "个未结服务单";
    case CustomerAction::care:
      return "流失概率" + percent(*of.churn_chance) + "，预期价值" + whole(*of.value);
    case CustomerAction::win_back:
      return "仍为客户的概率仅" + percent(*of.alive);
    default:
      return "购买“" + std::string(product) + "”的概率" + percent(*of.offer_chance);
  }
}

}  // namespace

Situations read_situations(const View& view, Date day) { return SituationReader(view, day).read(); }

std::string action_reason(const NextAction& action, const CustomerSituation& situation, std::string_view product,
                          Language language) {
  if (action.action == CustomerAction::wait) return {};
  return language == Language::chinese ? chinese(action.action, situation, product)
                                       : english(action.action, situation, product);
}

}  // namespace emptor
