#include "insight/credit/receivables.hpp"

#include <doctest/doctest.h>

#include "emptor/store/open.hpp"
#include "support/made_invoices.hpp"

using namespace emptor;
using namespace emptor::test;

TEST_CASE("receivables: payments settle the order they name, free ones and credit notes what was due first") {
  Receivables made;
  made.rows = {{.customer = 1, .placed = 10, .due = 40, .amount = 100 * unit},
               {.customer = 1, .placed = 5, .due = 20, .amount = 50 * unit},
               {.customer = 1, .placed = 30, .due = 60, .amount = 200 * unit},
               {.customer = 2, .placed = 10, .due = 40, .amount = 100 * unit}};
  settle(made, {{0, {45, 60 * unit}}, {0, {41, 40 * unit}}, {3, {50, 97 * unit}}},
         {{1, 25, 80 * unit}, {1, 70, 100 * unit}, {1, 71, 500 * unit}}, 0.97);
  // In the order of their due days: 50, 100 and 200 of customer 1, then customer 2's.
  CHECK(made.rows[0].settled == 25);
  CHECK(made.rows[1].settled == 45);
  // 30 of day 25 wait until it is placed; 100 of day 70 and 70 of day 71 complete it.
  CHECK(made.rows[2].settled == 71);
  CHECK(made.open(made.rows[2], 29) == 200 * unit);
  CHECK(made.open(made.rows[2], 30) == 170 * unit);
  CHECK(made.open(made.rows[2], 70) == 70 * unit);
  CHECK(made.open(made.rows[2], 71) == 0);
  CHECK(made.rows[3].settled == 50);  // less a cash discount of 3 %
  CHECK(made.open(made.rows[3], 50) == 0);
}

TEST_CASE("receivables: of a store they come from orders with a day due, instalments, credit notes and terms") {
  const auto store = open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
  Session session(*store);
  ChangeSet changes;
  const Id ann = changes.put("customer").set("name", "Ann").id(), bob = changes.put("customer").set("name", "Bob").id();
  const auto order = [&](Id customer, std::int32_t placed, std::optional<std::int32_t> due, int amount,
                         bool note = false) {
    auto put = changes.put("order");
    put.set("customer_id", customer).set("ordered_at", noon(placed)).set("kind", note ? "credit_note" : "sale");
    if (due) put.set("due_at", noon(*due));
    changes.put("order_line").set("order_id", put.id()).set("customer_id", customer).set("amount", Decimal(amount));
    return put.id();
  };
  const auto pay = [&](Id customer, Id of, std::optional<std::int32_t> day, int amount,
                       std::optional<std::int32_t> due = {}, const char* kind = "payment") {
    auto put = changes.put("payment");
    put.set("customer_id", customer).set("amount", Decimal(amount)).set("kind", kind);
    if (of) put.set("order_id", of);
    if (day) put.set("paid_at", noon(*day));
    if (due) put.set("due_on", Date{*due});
  };
  pay(ann, order(ann, 100, 130, 80), 128, 80);
  pay(ann, order(ann, 110, {}, 30), 110, 30);  // paid at the till: no receivable
  order(ann, 140, 170, 100);
  order(ann, 160, {}, -40, true);
  pay(ann, no_id, 180, 60);
  pay(ann, no_id, 181, 500, {}, "refund");
  pay(bob, no_id, 150, 20, 145);  // an instalment
  pay(bob, no_id, {}, 20, 275);   // one that is still to come
  order(bob, 150, {}, 70);        // due by his terms
  order(bob, 60, 90, 10);         // before any payment is on record
  order(bob, 155, 185, 0);        // comes to nothing
  changes.put("credit")
      .set("customer_id", bob)
      .set("limit", Decimal(50))
      .set("payment_days", 14)
      .set("valid_from", Date{50});
  changes.put("credit").set("customer_id", ann).set("limit", Decimal(50)).set("currency", "USD");
  changes.put("block").set("customer_id", bob).set("kind", "no_credit").set("valid_from", Date{160});
  const Receipt receipt = session.apply(changes);
  const std::int64_t bobs = receipt.ids[1].value;
  const Receivables made = read_receivables(session.view(), read_facts(session), 0.95);
  CHECK(made.payments == 4);
  CHECK(made.before_payments == 1);
  REQUIRE(made.rows.size() == 5);
  CHECK(made.rows[0].due == 130);
  CHECK(made.rows[0].settled == 128);
  CHECK(made.rows[1].due == 170);
  CHECK(made.rows[1].settled == 180);  // a credit note of 40, then 60
  CHECK(made.open(made.rows[1], 165) == 60 * unit);
  CHECK(made.rows[2].due == 145);
  CHECK(made.rows[2].settled == 150);
  CHECK(made.rows[3].due == 164);
  CHECK_FALSE(made.rows[3].settled);
  CHECK(made.rows[4].due == 275);
  CHECK(made.last_day == 180);
  CHECK(made.without_amount == 1);
  CHECK(made.foreign_limits == 1);
  CHECK(made.terms_on(bobs, 49) == nullptr);
  REQUIRE(made.terms_on(bobs, 60) != nullptr);
  CHECK(made.terms_on(bobs, 60)->limit == 50 * unit);
  CHECK_FALSE(made.blocked_on(bobs, 159));
  CHECK(made.blocked_on(bobs, 160));
}
