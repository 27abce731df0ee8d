#include "emptor/desk/known.hpp"

#include <doctest/doctest.h>

#include "desk/staff.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

Id reached(Staff& staff, std::string_view name, Id owner, Id team, const char* phone) {
  const Id customer = staff.office.customer(name, owner, team);
  staff.office.put("contact_point",
                   {{"customer_id", Value(customer)}, {"channel", Value("phone")}, {"value", Value(phone)}});
  staff.office.put(
      "contact_point",
      {{"customer_id", Value(customer)}, {"channel", Value("email")}, {"value", Value("Ada@Example.com")}});
  return customer;
}

}  // namespace

TEST_CASE("[B19] known: owner, team and the day of the last contact, by number, address, name and identity") {
  at_every_office([](Staff& staff) {
    const Id ada = reached(staff, "Ada Lovelace", staff.dan, staff.south, "+49 30 1234567");
    staff.office.put("identity", {{"entity", Value("customer")},
                                  {"record_id", Value(ada)},
                                  {"system", Value("shop")},
                                  {"external_id", Value("C-1")}});
    staff.call(ada, staff.dan, 5);
    staff.call(ada, staff.dan, 9);
    for (const KnownQuestion& question :
         {KnownQuestion{.phone = "030/1234567", .default_region = "DE"}, KnownQuestion{.email = "ada@example.COM"},
          KnownQuestion{.name = "ada  LOVELACE"}, KnownQuestion{.system = "shop", .external_id = "C-1"}}) {
      const KnownAnswer answer = known(staff.system(), question);
      CHECK(answer.known);
      CHECK(answer.customers == 1);
      CHECK(answer.owner_name == "Dan");
      CHECK(answer.team_name == "south");
      CHECK(answer.last_contact == Date{staff.today().days - 5});
      CHECK_FALSE(answer.blocked);
    }
    CHECK_FALSE(known(staff.system(), {.phone = "+49 30 7654321"}).known);
    CHECK_FALSE(known(staff.system(), {.name = "Ada"}).known);
  });
}

TEST_CASE("[B19] known: the permission decides whose customers it is told of, not what may be read") {
  at_every_office([](Staff& staff) {
    const Id ada = reached(staff, "Ada", staff.dan, staff.south, "+49 30 1234567");
    const auto eve = staff.office.as(staff.eve);
    const KnownQuestion question{.phone = "+49 30 1234567"};
    CHECK(refusal_of([&] { known(*eve, question); }) == Code::denied);
    staff.office.allow(staff.eve, "know", "own", "customer");
    CHECK_FALSE(known(*eve, question).known);
    CHECK(to_json(known(*eve, question)) == R"({"known":false,"customers":"0"})");
    staff.office.allow(staff.eve, "know", "team", "customer");
    CHECK(known(*eve, question).owner_name == "Dan");
    CHECK_FALSE(eve->view().get("customer", ada).has_value());
    CHECK_FALSE(eve->view().get("user", staff.dan).has_value());
  });
}

TEST_CASE("[B19] known: of several who share a number, in scope, the one last spoken to is told") {
  at_every_office([](Staff& staff) {
    const Id ada = reached(staff, "Ada", staff.dan, staff.south, "+49 30 1234567");
    const Id bob = reached(staff, "Bob", staff.fay, staff.north, "+49 30 1234567");
    staff.call(ada, staff.dan, 5);
    staff.call(bob, staff.fay, 2);
    staff.office.allow(staff.eve, "know", "team");
    const KnownQuestion question{.phone = "+49 30 1234567"};
    CHECK(known(staff.system(), question).customers == 2);
    CHECK(known(staff.system(), question).owner_name == "Fay");
    CHECK(known(*staff.office.as(staff.eve), question).customers == 1);
    CHECK(known(*staff.office.as(staff.eve), question).owner_name == "Dan");
  });
}

TEST_CASE("[B19] known: a customer who is not served is told so; one in the pool has no owner") {
  at_every_office([](Staff& staff) {
    const Id ada = reached(staff, "Ada", no_id, no_id, "+49 30 1234567");
    staff.office.put("block", {{"customer_id", Value(ada)}, {"kind", Value("no_service")}});
    const KnownAnswer answer = known(staff.system(), {.phone = "+49 30 1234567"});
    CHECK(answer.blocked);
    CHECK(answer.owner_name.empty());
    CHECK_FALSE(answer.last_contact.has_value());
  });
}

TEST_CASE("[B19] known: it is asked in one way") {
  at_every_office([](Staff& staff) {
    CHECK(refusal_of([&] { known(staff.system(), {}); }) == Code::invalid);
    CHECK(refusal_of([&] { known(staff.system(), {.phone = "1", .name = "Ada"}); }) == Code::invalid);
    CHECK(refusal_of([&] { known(staff.system(), {.system = "shop"}); }) == Code::invalid);
  });
}
