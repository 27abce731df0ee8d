// What follows from a field that is kept back is kept back with it, and what tells of the whole store is told to nobody
// by less than the whole right. Each case is a way that paired worlds were told apart by.
#include <doctest/doctest.h>

#include "emptor/desk/caller_card.hpp"
#include "emptor/desk/export.hpp"
#include "emptor/desk/ownership.hpp"
#include "emptor/store/open.hpp"
#include "support/office.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

struct Shop {
  Shop() : store(open_memory({.create = true, .currency = *Currency::parse("EUR")})), office(*store) {
    bob = office.user("Bob");
    customer =
        office.put("customer", {{"name", Value("Ann Li-Garcia")}, {"country", Value("DE")}, {"owner_id", Value(bob)}});
  }
  Id contact(std::string_view value) {
    return office.put("contact_point",
                      {{"customer_id", Value(customer)}, {"channel", Value("phone")}, {"value", Value(value)}});
  }
  std::unique_ptr<Store> store;
  Office office;
  Id bob, customer;
};

std::int64_t count(const Session& session, std::string_view entity, const char* field, std::string_view value) {
  return session.view().count(entity, Where::equal(field, Value(value)));
}

}  // namespace

TEST_CASE("[A2] rights: the folded key of a name that is hidden or masked is not told") {
  for (const KeptFields& kept : {KeptFields{.hidden = "name"}, KeptFields{.masked = "name"}}) {
    Shop shop;
    shop.office.allow(shop.bob, "read", "own", "customer", kept);
    const auto bob = shop.office.as(shop.bob);
    const View view = bob->view();
    CHECK_FALSE(view.get("customer", shop.customer)->get("name_key").present());
    CHECK_FALSE(view.select({.entity = "customer"}).front().get("name_key").present());
    CHECK(count(*bob, "customer", "name_key", "ann li-garcia") == 0);
    CHECK(refusal_of([&] { view.select({.entity = "customer", .order = {{"name_key"}}}); }) == Code::denied);
    CHECK(refusal_of([&] {
            view.aggregate({"customer", {}, {"name_key"}, {{Measure::count, ""}}, false});
          }) == Code::denied);
  }
}

TEST_CASE("[A2] rights: nobody is found by a number that is kept back") {
  Shop shop;
  const Id contact = shop.contact("030 901820");
  shop.office.allow(shop.bob, "read", "own", "", {});
  const auto bob = shop.office.as(shop.bob);
  CHECK(caller_card(*bob, "+49 30 901820").state == CardState::known);
  Shop other;
  other.contact("030 901820");
  other.office.allow(other.bob, "read", "own", "customer");
  other.office.allow(other.bob, "read", "own", "contact_point", {.masked = "value"});
  const auto carl = other.office.as(other.bob);
  CHECK(caller_card(*carl, "+49 30 901820").state == CardState::unknown);
  CHECK_FALSE(carl->view().get("contact_point", contact)->get("value_key").present());
}

TEST_CASE("[A2] rights: a national number is not keyed by a country that is kept back") {
  Shop shop;
  shop.contact("030 901820");
  const Id abroad = shop.contact("+351 21 3217100");
  shop.office.allow(shop.bob, "read", "own", "customer", {.hidden = "country"});
  shop.office.allow(shop.bob, "read", "own", "contact_point");
  const auto bob = shop.office.as(shop.bob);
  CHECK(count(*bob, "contact_point", "value_key", "+4930901820") == 0);
  CHECK_FALSE(bob->view().get("contact_point", abroad)->get("value_key").present());
  CHECK(bob->view().get("contact_point", abroad)->get("value").text() == "+351 21 3217100");
}

TEST_CASE("[A2] rights: an amount that is hidden is not told by the one in base currency") {
  Shop shop;
  const Id order = shop.office.put("order", {{"customer_id", Value(shop.customer)}, {"ordered_at", Value(Instant{1})}});
  const Id line = shop.office.put("order_line", {{"customer_id", Value(shop.customer)},
                                                 {"order_id", Value(order)},
                                                 {"amount", Value(Decimal(std::int64_t{12}))}});
  shop.office.allow(shop.bob, "read", "own", "order_line", {.hidden = "amount"});
  const auto bob = shop.office.as(shop.bob);
  CHECK_FALSE(bob->view().get("order_line", line)->get("base_amount").present());
  const AggregateQuery sum{"order_line", {}, {}, {{Measure::sum, "base_amount"}}, false};
  CHECK(refusal_of([&] { bob->view().aggregate(sum); }) == Code::denied);
}

TEST_CASE("[A2] rights: a record is found by its identity by those who may read identities") {
  Shop shop;
  shop.office.put("identity", {{"entity", Value("customer")},
                               {"record_id", Value(shop.customer)},
                               {"system", Value("erp")},
                               {"external_id", Value("C-1")}});
  shop.office.allow(shop.bob, "read", "own", "customer");
  const auto bob = shop.office.as(shop.bob);
  CHECK_FALSE(bob->view().find("customer", "erp", "C-1"));
  CHECK(card_by_identity(*bob, "erp", "C-1").state == CardState::unknown);
  shop.office.allow(shop.bob, "read", "own", "identity");
  CHECK(bob->view().find("customer", "erp", "C-1")->id() == shop.customer);
}

TEST_CASE("[B3] rights: a view of the past tells a token for its position, no head, no feed and no history") {
  Shop shop;
  shop.office.allow(shop.bob, "read", "own", "customer");
  const auto bob = shop.office.as(shop.bob);
  const AsOf then(*bob, shop.office.now);
  const View view = bob->view();
  CHECK(view.count("customer") == 1);
  CHECK(view.info().position != shop.store->read()->info().position);
  CHECK(view.info().head == Hash{});
  CHECK(refusal_of([&] { view.feed(0, 10); }) == Code::unsupported);
  CHECK(refusal_of([&] { view.as_of("customer", shop.customer, shop.office.now); }) == Code::unsupported);
}

TEST_CASE("[A5] rights: exports are written by the permission to export, within its scope") {
  Shop shop;
  shop.office.put("customer", {{"name", Value("of nobody")}});
  shop.office.allow(shop.bob, "read", "all", "customer");
  const auto bob = shop.office.as(shop.bob);
  std::string out;
  const TextSink sink = [&](std::string_view text) { out += text; };
  CHECK(bob->view().count("customer") == 2);
  CHECK(refusal_of([&] { export_csv(bob->view(), "customer", sink); }) == Code::denied);
  CHECK(refusal_of([&] { export_json_lines(bob->view(), "customer", sink); }) == Code::denied);
  CHECK(out.empty());
  shop.office.allow(shop.bob, "export", "own", "customer");
  CHECK(export_csv(bob->view(), "customer", sink) == 1);
  const View view = bob->view();
  CHECK(export_json_lines(view, "customer", sink) == 1);
  CHECK(view.count("customer") == 2);  // a list is a list again
  const AsOf then(*bob, shop.office.now);
  CHECK(refusal_of([&] { export_csv(bob->view(), "customer", sink); }) == Code::misuse);
  const Purpose purpose(*bob, Action::export_records);
  CHECK(export_csv(bob->view(), "customer", sink) == 1);
}

TEST_CASE("[M5] rights: the whole store is verified by who may configure all, and by the host") {
  Shop shop;
  shop.office.allow(shop.bob, "read", "all");
  const auto bob = shop.office.as(shop.bob);
  CHECK(refusal_of([&] { bob->verify(); }) == Code::denied);
  shop.office.allow(shop.bob, "configure", "own");
  CHECK(refusal_of([&] { bob->verify(); }) == Code::denied);
  shop.office.allow(shop.bob, "configure", "all");
  CHECK(bob->verify().intact);
  CHECK(shop.office.system().verify().intact);
}

TEST_CASE("[B20] rights: an operation of somebody else's tells an actor nothing when it is sent again") {
  Shop shop;
  shop.office.allow(shop.bob, "read", "own");
  shop.office.allow(shop.bob, "assign", "own");
  ChangeSet theirs;
  theirs.put("product").set("name", "tea");
  shop.office.system().apply(theirs, {.op_id = "op"});
  const auto bob = shop.office.as(shop.bob);
  const Assignment to_pool{.customers = {shop.customer}};
  CHECK(refusal_of([&] { assign(*bob, to_pool, {.op_id = "op"}); }) == Code::duplicate);
  assign(*bob, to_pool, {.op_id = "mine"});
  const Transferred again = assign(*bob, to_pool, {.op_id = "mine"});
  CHECK(again.repeated);
  CHECK(again.position != shop.store->read()->info().position);
}

TEST_CASE("[A2] rights: a guess at a reference that is kept back is refused alike whether it is right or wrong") {
  Shop shop;
  const Id parent = shop.office.customer("of somebody else"), other = shop.office.customer("of nobody");
  shop.office.put("customer", {{"parent_id", Value(parent)}}, shop.customer);
  shop.office.allow(shop.bob, "read", "own", "customer", {.hidden = "parent_id"});
  shop.office.allow(shop.bob, "update", "own", "customer", {.hidden = "parent_id"});
  const auto bob = shop.office.as(shop.bob);
  for (const Id guess : {parent, other}) {
    ChangeSet set;
    set.put("customer", shop.customer).set("parent_id", guess);
    CHECK(refusal_of([&] { bob->apply(set); }) == Code::denied);
  }
}
