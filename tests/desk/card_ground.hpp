// A store of either kind with a still clock and short ways to people, numbers and records, for tests of the desk.
#pragma once

#include <string>

#include "emptor/session/session.hpp"
#include "support/manual_clock.hpp"
#include "support/store_ground.hpp"

namespace emptor::test {

inline constexpr std::int64_t a_day = micros_per_day;

class CardGround {
 public:
  explicit CardGround(StoreGround& ground) : session(ground.store(), {.clock = clock_.clock()}) {}

  Id put(std::string_view entity, const Cells& cells) {
    ChangeSet set;
    ChangeSet::Put put = set.put(entity);
    for (const auto& [field, value] : cells) put.set(field, value);
    return session.apply(set).ids.front();
  }
  /// A person who is reached at a number.
  Id person(std::string_view name, std::string_view number) {
    const Id customer = put("customer", {{"kind", "person"}, {"name", Value(name)}});
    reach(customer, "phone", number);
    return customer;
  }
  void reach(Id customer, std::string_view channel, std::string_view value) {
    put("contact_point", {{"customer_id", Value(customer)}, {"channel", Value(channel)}, {"value", Value(value)}});
  }
  Instant days_ago(std::int64_t days) const { return {clock_.now().micros - days * a_day}; }
  Date day(std::int64_t from_now) const { return {static_cast<std::int32_t>(clock_.now().micros / a_day + from_now)}; }

 private:
  ManualClock clock_;

 public:
  Session session;
};

/// Runs a test on each store.
template <class Test>
void at_every_desk(const Test& test) {
  on_every_store(
      [&](StoreGround& ground) {
        CardGround desk(ground);
        test(desk);
      },
      {.durability = Durability::off, .currency = *Currency::parse("EUR")});
}

}  // namespace emptor::test
