// A sales office for tests of ownership: two teams, three who sell, and short ways to what they are responsible for.
#pragma once

#include <string>

#include "support/office.hpp"

namespace emptor::test {

struct Staff {
  explicit Staff(Store& store) : office(store) {
    south = office.put("team", {{"name", Value("south")}});
    north = office.put("team", {{"name", Value("north")}});
    dan = office.user("Dan", south);
    eve = office.user("Eve", south);
    fay = office.user("Fay", north);
  }

  Session& system() { return office.system(); }
  Value of(std::string_view entity, Id id, std::string_view field) {
    const auto record = office.system().view().get(entity, id);
    return record ? record->get(field) : Value();
  }
  Id owner(Id customer) { return of("customer", customer, "owner_id").id(); }
  Id task(Id customer, Id user, const char* status = "open") {
    return office.put("task", {{"customer_id", Value(customer)},
                               {"subject", Value("call back")},
                               {"user_id", Value(user)},
                               {"status", Value(status)}});
  }
  Id deal(Id customer, Id owner, const char* outcome = "") {
    return office.put("opportunity", {{"customer_id", Value(customer)},
                                      {"name", Value("a deal")},
                                      {"owner_id", Value(owner)},
                                      {"outcome", Value(outcome)},
                                      {"closed_at", *outcome == 0 ? Value() : Value(office.now)}});
  }
  Id a_case(Id customer, Id owner) {
    return office.put("case",
                      {{"customer_id", Value(customer)}, {"subject", Value("it broke")}, {"owner_id", Value(owner)}});
  }
  Id order(Id customer, std::int64_t days_ago = 0) {
    return office.put("order", {{"customer_id", Value(customer)}, {"ordered_at", Value(days_back(days_ago))}});
  }
  Id call(Id customer, Id user, std::int64_t days_ago = 0) {
    return office.put("interaction", {{"customer_id", Value(customer)},
                                      {"channel", Value("phone")},
                                      {"user_id", Value(user)},
                                      {"at", Value(days_back(days_ago))}});
  }
  Id rule(const char* kind, const char* name, std::initializer_list<Office::Set> more = {}) {
    ChangeSet set;
    ChangeSet::Put put = set.put("pool_rule").set("kind", kind).set("name", name);
    for (const Office::Set& each : more) put.set(each.field, each.value);
    return office.system().apply(set).ids.front();
  }
  Instant days_back(std::int64_t days) const { return {office.now.micros - days * micros_per_day}; }
  void pass(std::int64_t days) { office.now.micros += days * micros_per_day; }
  Date today() const { return {static_cast<std::int32_t>(office.now.micros / micros_per_day)}; }

  Office office;
  Id south, north, dan, eve, fay;
};

/// Runs a test on each store.
template <class Test>
void at_every_office(const Test& test) {
  on_every_store(
      [&](StoreGround& ground) {
        Staff staff(ground.store());
        test(staff);
      },
      {.durability = Durability::off, .currency = *Currency::parse("EUR")});
}

}  // namespace emptor::test
