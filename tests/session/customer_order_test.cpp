// Pages of the customers that a user sees, in the order of a field, while customers come, change and go: against a sort
// of everything that a query of the store itself finds.
#include "session/rights/customer_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "emptor/core/random.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

using Ids = std::vector<std::int64_t>;

Ids pages(const View& view, const OrderBy& by, std::size_t limit) {
  Ids ids;
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan({.entity = "customer", .order = {by}, .fields = {"name", "id"}, .limit = limit}, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row) {
      CHECK(batch.columns[1].bits[row] == batch.ids[row].value);
      ids.push_back(batch.ids[row].value);
    }
    CHECK((!more || batch.rows() == limit));
  }
  return ids;
}

// What the system finds of one owner, in the same order.
Ids expected(Session& system, const std::set<Id>& owners, const OrderBy& by) {
  Ids ids;
  std::vector<Value> values(owners.begin(), owners.end());
  for (const Record& record : system.view().select(
           {.entity = "customer", .where = Where::in("owner_id", values), .order = {by}, .limit = 100'000}))
    ids.push_back(record.id().value);
  return ids;
}

// Names repeat and some are missing, so that ties and ends are met.
void change_one(Office& office, Random& random, std::vector<Id>& customers, const std::vector<Id>& owners) {
  const Id owner = owners[random.below(owners.size())];
  const std::string name = "name " + std::to_string(random.below(12));
  const std::uint64_t what = random.below(10);
  if (customers.empty() || what < 4) {
    customers.push_back(what == 0 ? office.put("customer", {{"owner_id", Value(owner)}})
                                  : office.customer(name, owner));
    return;
  }
  const Id customer = customers[random.below(customers.size())];
  if (!office.system().view().get("customer", customer)) return;  // deleted
  if (what < 6) return void(office.put("customer", {{"name", Value(std::string_view(name))}}, customer));
  if (what < 7) return void(office.put("customer", {{"owner_id", Value(owner)}}, customer));
  if (what < 8) return void(office.put("customer", {{"name", Value()}}, customer));
  office.erase("customer", customer);
}

}  // namespace

TEST_CASE("customer_order: pages by a field hold what the user sees, in order, through every change") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id bob = office.user("Bob"), eve = office.user("Eve");
    office.allow(bob, "read", "own");
    const auto session = office.as(bob);
    Random random(7);
    std::vector<Id> customers;
    const OrderBy orders[] = {{"name_key"}, {"name_key", true}, {"country", true}, {"since"}};
    for (int round = 0; round < 60; ++round) {
      for (std::uint64_t i = random.below(4) + 1; i > 0; --i) change_one(office, random, customers, {bob, eve});
      const View view = session->view();
      for (const OrderBy& by : orders) {
        const Ids all = expected(office.system(), {bob}, by);
        CHECK(pages(view, by, 1 + random.below(9)) == all);
        CHECK(pages(view, by, 1'000) == all);
      }
    }
    CHECK(customers.size() > 50);
  });
}

TEST_CASE("customer_order: a snapshot keeps its pages while others write") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id bob = office.user("Bob");
    office.allow(bob, "read", "own");
    const auto session = office.as(bob);
    const Id first = office.customer("b", bob), second = office.customer("a", bob);
    const OrderBy by{"name_key"};
    const View unread = session->view(), read = session->view();
    CHECK(pages(read, by, 1) == Ids{second.value, first.value});
    office.put("customer", {{"name", Value("c")}}, second);
    CHECK(pages(session->view(), by, 1) == Ids{first.value, second.value});
    CHECK(pages(unread, by, 1) == Ids{second.value, first.value});
    CHECK(pages(read, by, 1) == Ids{second.value, first.value});
    office.put("customer", {{"name", Value("a")}}, second);
    CHECK(pages(read, by, 1) == Ids{second.value, first.value});
  });
}

TEST_CASE("customer_order: of rights that hold for a newer snapshot, an older one takes no order") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id bob = office.user("Bob"), eve = office.user("Eve");
    office.allow(bob, "read", "own");
    const Id first = office.customer("a", bob), second = office.customer("b", bob), other = office.customer("c", eve);
    const auto changed = [](Reader& reader, std::vector<Id> ids) {
      ChangedCustomers all{reader.info().position, std::move(ids), {}};
      reader.get(reader.schema()->entity("customer"), all.ids, all.now);
      return all;
    };
    const Date today{19'675};
    const OrderBy by{"name_key"};
    const Rights rights(*ground.store().read(), bob, today);
    office.put("customer", {{"name", Value("d")}}, other);
    const auto older = ground.store().read();
    office.put("customer", {{"name", Value("z")}}, first);
    const auto newer = ground.store().read();
    REQUIRE(rights.hold_after(changed(*newer, {first, other})));
    const auto order = rights.customers_in_order(*newer, Action::read, by);
    REQUIRE(order);
    CHECK(order->page({}, 10).front() == second);

    // Another thread comes later, with what it read before.
    const ChangedCustomers before = changed(*older, {other});
    CHECK(rights.hold_after(before));
    CHECK_FALSE(rights.customers_in_order(*older, Action::read, by));
    CHECK(rights.customers_in_order(*newer, Action::read, by) == order);
    const Rights copy(rights, before);
    const auto own = copy.customers_in_order(*older, Action::read, by);
    REQUIRE(own);
    CHECK(own->page({}, 10).front() == first);
  });
}

TEST_CASE("customer_order: a page goes on by its key where the order has changed since") {
  on_every_store([](StoreGround& ground) {
    Office office(ground.store());
    const Id bob = office.user("Bob");
    office.allow(bob, "read", "own");
    const auto session = office.as(bob);
    for (const char* name : {"a", "b", "c", "d"}) office.customer(name, bob);
    const Query query{"customer", {}, {{"name_key"}}, {"name"}, 2, false};
    ScanKey key;
    Batch batch;
    CHECK(session->view().scan(query, key, batch));
    const Id inserted = office.customer("bb", bob);
    CHECK(session->view().scan(query, key, batch));
    CHECK(batch.ids[0] == inserted);
    CHECK(batch.columns[0].text(1) == "c");
    CHECK_FALSE(session->view().scan(query, key, batch));
    CHECK(batch.columns[0].text(0) == "d");
    CHECK_FALSE(session->view().scan(query, key, batch));
    CHECK(batch.rows() == 0);
  });
}
