#include "insight/service/service_records.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

#include "emptor/insight/measures.hpp"
#include "emptor/insight/value_class.hpp"
#include "insight/facts/customer_groups.hpp"
#include "insight/facts/each_row.hpp"
#include "insight/facts/row_cells.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_a_batch = 20'000;
constexpr std::int64_t micros_per_minute = 60 * micros_per_second;

/// What was promised where a case does not say it itself.
struct Promise {
  std::optional<std::int64_t> answer, resolve;  ///< minutes
  bool always = true;                           ///< its clock never stops
};

class ServiceReading {
 public:
  explicit ServiceReading(const View& view) : view_(view) {}

  ServiceRecords read() {
    read_promises();
    read_cases();
    read_repairs();
    read_contacts();
    for (ServiceCase& one : out_.cases) {
      const auto found = contacts_.find(one.id);
      if (!one.repair && found != contacts_.end()) one.contacts = found->second;
    }
    std::sort(out_.cases.begin(), out_.cases.end(), [](const ServiceCase& a, const ServiceCase& b) {
      return std::tie(a.opened, a.repair, a.id) < std::tie(b.opened, b.repair, b.id);
    });
    return std::move(out_);
  }

 private:
  void each(const char* entity, std::vector<std::string> fields, const std::function<void(const RowCells&)>& take) {
    each_versioned_row(view_, entity, std::move(fields), out_.data_version, take);
  }
  void see(const std::optional<std::int64_t>& moment) {
    if (moment) out_.last = std::max(out_.last.value_or(*moment), *moment);
  }
  void add(ServiceCase one) {
    for (const auto& moment : {std::optional(one.opened), one.answered, one.resolved}) see(moment);
    out_.cases.push_back(std::move(one));
  }

  void read_promises() {
    each("service_level", {"answer_minutes", "resolve_minutes", "calendar_id"}, [&](const RowCells& cells) {
      promises_[cells.row_id()] = {cells.whole(1), cells.whole(2), !cells.has(3)};
    });
  }
  void read_cases() {
    each("case",
         {"customer_id", "opened_at", "answered_at", "resolved_at", "closed_at", "answer_due_at", "due_at", "reopened",
          "owner_id", "product_id", "kind", "category", "cause", "channel", "service_level_id"},
         [&](const RowCells& cells) {
           if (!cells.has(2)) return;
           ServiceCase one{.id = cells.row_id(), .customer = cells.id(1), .opened = cells.bits(2)};
           one.answered = cells.whole(3);
           one.resolved = cells.whole(cells.has(4) ? 4 : 5);
           one.answer_due = cells.whole(6);
           one.due = cells.whole(7);
           one.reopened = cells.whole(8).value_or(0);
           one.agent = cells.id(9);
           one.product = cells.id(10);
           one.kind = cells.text(11);
           one.complaint = one.kind == "complaint";
           one.topic = cells.text(cells.has(12) ? 12 : 13);
           one.channel = cells.text(14);
           promise(cells.id(15), one);
           add(std::move(one));
         });
  }
  void promise(std::int64_t level, ServiceCase& one) {
    const auto found = promises_.find(level);
    if (found == promises_.end()) return;
    const Promise& of = found->second;
    if (!of.always) {
      out_.without_promise += (of.answer && !one.answer_due) || (of.resolve && !one.due) ? 1U : 0U;
      return;
    }
    if (!one.answer_due && of.answer) one.answer_due = one.opened + *of.answer * micros_per_minute;
    if (!one.due && of.resolve) one.due = one.opened + *of.resolve * micros_per_minute;
  }
  /// Those of a case are part of it.
  void read_repairs() {
    each("repair_order",
         {"customer_id", "received_at", "accepted_at", "finished_at", "confirmed_at", "due_at", "technician_id",
          "case_id"},
         [&](const RowCells& cells) {
           if (!cells.has(2) || cells.has(8)) return;
           ServiceCase one{.id = cells.row_id(), .customer = cells.id(1), .opened = cells.bits(2)};
           one.answered = cells.whole(3);
           one.resolved = cells.whole(cells.has(4) ? 4 : 5);
           one.due = cells.whole(6);
           one.agent = cells.id(7);
           one.repair = true;
           one.kind = one.topic = "repair";
           add(std::move(one));
         });
  }
  void read_contacts() {
    each("interaction", {"at", "user_id", "direction", "case_id"}, [&](const RowCells& cells) {
      if (!cells.has(1)) return;
      out_.contacts.push_back({cells.bits(1), cells.id(2), cells.text(3) == "in"});
      see(cells.bits(1));
      if (cells.has(4)) ++contacts_[cells.bits(4)];
    });
  }

  const View& view_;
  std::unordered_map<std::int64_t, Promise> promises_;
  std::unordered_map<std::int64_t, std::uint32_t> contacts_;
  ServiceRecords out_;
};

void forget_after(std::int64_t end, std::optional<std::int64_t>& moment) {
  if (moment && *moment >= end) moment.reset();
}

}  // namespace

void ServiceRecords::keep_until(std::int64_t end) {
  std::erase_if(cases, [&](const ServiceCase& one) { return one.opened >= end; });
  std::erase_if(contacts, [&](const ServiceContact& one) { return one.at >= end; });
  for (ServiceCase& one : cases) {
    forget_after(end, one.answered);
    forget_after(end, one.resolved);
  }
}

ServiceRecords read_service(const View& view) { return ServiceReading(view).read(); }

ServiceGroups::ServiceGroups(const View& view, const Facts& facts, const std::string& tiers, Date until) {
  each_row(view, {.entity = "customer", .fields = {"region", "country", "tier"}, .limit = rows_a_batch},
           [&](const Batch& batch, std::size_t i) {
             const RowCells cells(batch, i);
             if (cells.has(0) || cells.has(1)) regions_[cells.row_id()] = cells.text(cells.has(0) ? 0 : 1);
             if (tiers == "service" && cells.has(2)) tiers_[cells.row_id()] = cells.text(2);
           });
  each_row(view, {.entity = "user", .fields = {"login"}, .limit = rows_a_batch},
           [&](const Batch& batch, std::size_t i) { agents_[batch.ids[i].value] = RowCells(batch, i).text(0); });
  const std::string base(view.info().currency.code());
  each_row(view, {.entity = "product", .fields = {"category", "price", "currency"}, .limit = rows_a_batch},
           [&](const Batch& batch, std::size_t i) {
             const RowCells cells(batch, i);
             if (cells.has(0)) categories_[cells.row_id()] = cells.text(0);
             if (cells.has(1) && (!cells.has(2) || cells.text(2) == base)) prices_[cells.row_id()] = cells.bits(1);
           });
  read_tiers(view, facts, tiers, until);
}

void ServiceGroups::read_tiers(const View& view, const Facts& facts, const std::string& tiers, Date until) {
  if (tiers == "service") return;
  if (tiers != "spend") {
    const CustomerGroups groups = groups_of_tags(view, tiers);
    for (std::size_t i = 0; i < groups.customer.size(); ++i) tiers_[groups.customer[i]] = groups.names[groups.group[i]];
    return;
  }
  const Measures measures = measure_purchases(facts, {.as_of = until});
  const ValueClasses classes = classify_by_value(measures.customer, measures.monetary);
  for (std::size_t i = 0; i < measures.size(); ++i)
    tiers_[measures.customer[i]] = value_class_names[static_cast<std::size_t>(classes.of[i])];
}

const std::string& ServiceGroups::of(const Texts& texts, std::int64_t id) {
  static const std::string none;
  const auto found = texts.find(id);
  return found == texts.end() ? none : found->second;
}

std::string ServiceGroups::agent(std::int64_t user) const {
  if (user == 0) return {};
  const std::string& login = of(agents_, user);
  return login.empty() ? "#" + std::to_string(user) : login;
}

std::optional<std::int64_t> ServiceGroups::list_price(std::int64_t product) const {
  const auto found = prices_.find(product);
  return found == prices_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace emptor
