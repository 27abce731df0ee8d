#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/store/open.hpp"
#include "insight/credit/credit_telling.hpp"
#include "insight/credit/credit_words.hpp"
#include "support/made_invoices.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

const CreditQuality& quality(const CreditOutcome& outcome, std::string_view name) {
  return *std::find_if(outcome.qualities.begin(), outcome.qualities.end(),
                       [&](const CreditQuality& one) { return one.name == name; });
}

std::unique_ptr<Store> new_store() {
  return open_store(":memory:", {.create = true, .currency = *Currency::parse("EUR")});
}

/// The same invoices as records.
void write_invoices(Session& session, const std::vector<MadeInvoice>& invoices, std::size_t customers) {
  ChangeSet changes;
  std::vector<Id> ids;
  for (std::size_t i = 0; i < customers; ++i) ids.push_back(changes.put("customer").set("name", "somebody").id());
  for (const MadeInvoice& one : invoices) {
    const Id customer = ids[static_cast<std::size_t>(one.customer - 1)];
    const Id order = changes.put("order")
                         .set("customer_id", customer)
                         .set("ordered_at", noon(one.placed))
                         .set("due_at", noon(one.due))
                         .id();
    changes.put("order_line").set("order_id", order).set("customer_id", customer).set("amount", Decimal(one.amount));
    if (!one.paid) continue;
    changes.put("payment")
        .set("order_id", order)
        .set("customer_id", customer)
        .set("paid_at", noon(*one.paid))
        .set("amount", Decimal(one.amount));
  }
  session.apply(changes);
}

json::object run(Session& session, const InsightOptions& options = {}) {
  return json::parse(run_insight(session, "credit", options).json).as_object();
}

}  // namespace

TEST_CASE("credit: behaviour of one customer, by hand") {
  Receivables made = made_receivables({{7, 0, 30, 100, 30},      // in time
                                       {7, 10, 40, 100, 50},     // 10 late
                                       {7, 50, 80, 100, 130},    // 50 late
                                       {7, 80, 110, 60, {}},     // 90 late so far
                                       {7, 190, 220, 40, {}},    // not due yet
                                       {7, 300, 330, 40, {}}});  // not known yet
  made.terms = {{.customer = 7, .from = 0, .limit = 50 * unit}};
  const BehaviourRows rows = payment_behaviour(made, {200}, {.grace_days = 3, .overdue_days = 30, .horizon = 100});
  REQUIRE(rows.size() == 1);
  const PaymentBehaviour& one = rows.of.front();
  CHECK(one.due == 4);
  CHECK(one.late == 3);
  CHECK(one.seriously_late == 2);
  CHECK(one.median_late == 30);                        // of 0, 10, 50, 90
  CHECK(one.high_late == doctest::Approx(78));         // 50 + .7 x 40
  CHECK(one.trend == doctest::Approx(90 - 60 / 3.0));  // due within (100, 200] against before
  CHECK(one.open == 100 * unit);
  CHECK(one.overdue == 60 * unit);
  CHECK(one.oldest_overdue == 90);
  CHECK(one.limit_use() == 2);
  CHECK(one.age == 200);
  CHECK(one.term == 30);
  CHECK(one.turnover == 400 * unit);
  CHECK(rows.outcome.front() == 1);  // what is due on day 220 is not paid by day 250
  const BehaviourRows before = payment_behaviour(made, {60}, {.horizon = 49});
  CHECK(before.outcome.front() == 0);  // until day 109 only what was due on days 40 and 80 could be 30 days late
  CHECK(payment_behaviour(made, {60}, {.horizon = 50}).outcome.front() == 1);
  CHECK(std::isnan(payment_behaviour(made, {5}, {.horizon = 50}).outcome.front()));
}

TEST_CASE("credit: nothing after a day enters what is known on it") {
  const std::vector<MadeInvoice> invoices = invoices_of(200, 1);
  const Date day{last_day - 200};
  const BehaviourRows all = payment_behaviour(made_receivables(invoices), day, {});
  const BehaviourRows known = payment_behaviour(made_receivables(invoices, day.days), day, {});
  REQUIRE(all.size() == known.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t f = 0; f < credit_feature_count; ++f) {
      const double a = feature_of(all.of[i], static_cast<CreditFeature>(f));
      const double b = feature_of(known.of[i], static_cast<CreditFeature>(f));
      CHECK((a == b || (std::isnan(a) && std::isnan(b))));
    }
}

TEST_CASE("credit: [I4] planted late payers are found by a card that is better than knowing who was late before") {
  const Receivables receivables = made_receivables(invoices_of(2'000, 2));
  const CreditOutcome outcome = predict_credit(receivables, {}, {});
  CHECK(outcome.verdict == "sufficient");
  CHECK(outcome.chosen == "scorecard");
  const CreditQuality& card = quality(outcome, "scorecard");
  CHECK(card.auc > 0.9);
  CHECK(card.auc > quality(outcome, "late_before").auc + 0.05);
  CHECK(*card.calibration_slope > 0.75);
  CHECK(*card.calibration_slope < 1.3);
  std::size_t planted = 0, found = 0, wrong = 0, about_paying = 0;
  for (std::size_t i = 0; i < outcome.rows.size(); ++i) {
    const bool late = outcome.rows.of[i].customer % 4 == 0;
    planted += late ? 1U : 0U;
    found += late && outcome.rating[i] == 4 ? 1U : 0U;
    wrong += !late && outcome.rating[i] == 4 ? 1U : 0U;
    if (!late || outcome.reasons[i].empty()) continue;
    const CreditFeature first = outcome.reasons[i].front();
    about_paying +=
        first != CreditFeature::due && first != CreditFeature::open && first != CreditFeature::age ? 1U : 0U;
  }
  CHECK(planted == 500);
  CHECK(found > 450);
  CHECK(wrong < 150);
  CHECK(about_paying > 450);
}

TEST_CASE("credit: where paying late is chance, no card pretends to know") {
  // What comes due within the window is not late yet on its first day, so that nothing known tells of it.
  const CreditRequest request{.rules = {.grace_days = 0, .overdue_days = 1}};
  const CreditOutcome outcome = predict_credit(made_receivables(invoices_of_chance(3'000, 3)), request, {});
  CHECK(outcome.tested == 3'000);
  CHECK(outcome.verdict != "sufficient");
  if (outcome.qualities.empty()) {
    CHECK(outcome.verdict == "insufficient: nothing in past payments tells who becomes seriously overdue");
  } else {
    CHECK(std::abs(quality(outcome, "scorecard").auc - 0.5) < 0.03);
  }
}

TEST_CASE("credit: the same bits on any number of threads") {
  const Receivables receivables = made_receivables(invoices_of(600, 4));
  const CreditOutcome one = predict_credit(receivables, {}, {});
  const CreditOutcome three = predict_credit(receivables, {}, {.executor = thread_executor(3)});
  CHECK(one.risk == three.risk);
  CHECK(one.points == three.points);
}

TEST_CASE("credit: too few for a card give an index, which is called one") {
  const Receivables receivables = made_receivables(invoices_of(40, 5));
  const CreditOutcome outcome = predict_credit(receivables, {}, {});
  CHECK(outcome.chosen == "index");
  CHECK(outcome.verdict.starts_with("insufficient: of the customers to learn from "));
  REQUIRE(outcome.risk.size() == 40);
  double late = 0, due = 0;
  for (const PaymentBehaviour& one : outcome.rows.of) {
    late += one.late;
    due += one.due;
  }
  for (std::size_t i = 0; i < 40; ++i)
    CHECK(outcome.risk[i] ==
          doctest::Approx((outcome.rows.of[i].late + 5 * late / due) / (outcome.rows.of[i].due + 5)));
  const json::object told = credit_json(receivables, {}, outcome, {});
  CHECK(told.at("chosen").as_string() == "index");
  CHECK_FALSE(told.at("all").as_object().contains("open_at_risk"));
}

TEST_CASE("credit: the advised limit is a formula") {
  PaymentBehaviour one{.customer = 1, .turnover = 3'650 * unit, .term = 30};
  const PaymentRules rules{.grace_days = 3};
  CHECK(advised_limit(one, 0, false, rules) == 495 * unit);  // 3,650 / 365 x 33 days x 1.5
  CHECK(advised_limit(one, 1, false, rules) == 412 * unit);  // 412.5, down
  CHECK(advised_limit(one, 2, false, rules) == 330 * unit);
  CHECK(advised_limit(one, 3, false, rules) == 165 * unit);
  CHECK(advised_limit(one, 4, false, rules) == 0);
  CHECK(advised_limit(one, 0, true, rules) == 0);
}

TEST_CASE("credit: reasons are words in English and Chinese") {
  PaymentBehaviour one{.customer = 1, .due = 8, .late = 3, .median_late = 12, .oldest_overdue = 45};
  CHECK(credit_reason(one, CreditFeature::late_share, {}, Language::english) == "paid 38% of invoices late");
  CHECK(credit_reason(one, CreditFeature::median_late, {}, Language::english) ==
        "pays 12 days after the day due (median)");
  CHECK(credit_reason(one, CreditFeature::oldest_overdue, {}, Language::chinese) == "最早未付的应收款已逾期 45 天");
  CHECK(credit_reason(one, CreditFeature::serious_share, {}, Language::chinese) == "0% 的应收款逾期 30 天以上");
  CHECK(credit_reason(one, CreditFeature::limit_use, {}, Language::english) == "has no credit limit");
}

TEST_CASE("credit: [I18] a store's customers are rated, written back and told by class, and limits stay as they are") {
  const auto store = new_store();
  Session session(*store);
  const std::vector<MadeInvoice> invoices = invoices_of(400, 6);
  write_invoices(session, invoices, 400);
  ChangeSet changes;
  changes.put("credit").set("customer_id", Id{1}).set("limit", Decimal(777));
  const Id limit = session.apply(changes).ids.front();
  run_insight(session, "value_class");
  const json::object told = run(session);
  CHECK(told.at("verdict").as_string() == "sufficient");
  CHECK(told.at("scored").as_int64() == 400);
  CHECK(told.at("models").as_array().size() == 3);
  std::int64_t customers = 0;
  for (const auto& [name, group] : told.at("ratings").as_object()) customers += group.at("customers").as_int64();
  CHECK(customers == 400);
  CHECK(told.at("classes").as_object().size() == 4);
  CHECK(told.at("classes").at("vip").at("customers").as_int64() == 4);
  const View view = session.view();
  CHECK(view.count("tag", Where::equal("source", "credit")) == 400);
  for (const char* name : {"credit.chance", "credit.points", "credit.reason", "credit.overdue", "credit.advised_limit"})
    CHECK(view.count("score", Where::equal("name", name)) == 400);
  CHECK(view.count("score", Where::equal("name", "credit.index")) == 0);
  CHECK(view.get("credit", limit)->get("limit").decimal() == Decimal(777));
  CHECK(view.count("credit") == 1);
  const std::int64_t position = view.info().position;
  run(session);
  CHECK(session.view().info().position == position);
  const std::string page = write_report(session);
  CHECK(page.find("<section id=\"risk\">") != std::string::npos);
  CHECK(page.find("<a href=\"#risk\">") != std::string::npos);
}

TEST_CASE("credit: what a store gives is what its receivables give, as exact amounts") {
  const auto store = new_store();
  Session session(*store);
  const std::vector<MadeInvoice> invoices = invoices_of(50, 7);
  write_invoices(session, invoices, 50);
  const InsightResult result = run_insight(session, "credit", {.json = R"({"language":"zh"})", .table = true});
  IntegerSum open;
  for (const MadeInvoice& one : invoices)
    if (!one.paid) open.add(one.amount * unit);
  CHECK(json::parse(result.json).at("all").at("open").as_string() == open.micros_to_decimal().to_string());
  const auto at = std::find(result.table.names.begin(), result.table.names.end(), "open") - result.table.names.begin();
  IntegerSum column;
  for (const std::int64_t bits : result.table.columns[static_cast<std::size_t>(at)].bits) column.add(bits);
  CHECK(column.value() == open.value());
  const auto reason = std::find(result.table.names.begin(), result.table.names.end(), "reason_1");
  const Column& words = result.table.columns[static_cast<std::size_t>(reason - result.table.names.begin())];
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view text = words.text(i);
    CHECK((text.find("款") != std::string_view::npos || text.find("额") != std::string_view::npos));
  }
}

TEST_CASE("credit: without receivables or payments the verdict says what is missing") {
  const auto store = new_store();
  Session session(*store);
  CHECK(run(session).at("verdict").as_string() ==
        "insufficient: there are no receivables (orders or payments with a day due)");
  std::vector<MadeInvoice> invoices = invoices_of(10, 8);
  for (MadeInvoice& one : invoices) one.paid.reset();
  write_invoices(session, invoices, 10);
  const json::object told = run(session);
  CHECK(told.at("verdict").as_string() == "insufficient: no payment is on record, so that nobody can be told apart");
  CHECK(told.at("scored").as_int64() == 0);
  CHECK(session.view().count("score") == 0);
}

TEST_CASE("credit: damaged options are named") {
  const auto store = new_store();
  Session session(*store);
  const auto field = [&](const char* options) {
    try {
      run(session, {.json = options});
    } catch (const Error& error) {
      return error.first().field;
    }
    return std::string();
  };
  CHECK(field(R"({"horizon_days":0})") == "horizon_days");
  CHECK(field(R"({"settled_share":1.5})") == "settled_share");
  CHECK(field(R"({"rating_cuts":[0.1,0.2,0.3]})") == "rating_cuts");
  CHECK(field(R"({"rating_cuts":[0.1,0.3,0.2,0.4]})") == "rating_cuts");
  CHECK(field(R"({"limits":1})") == "limits");
  CHECK(field(R"({"rating_cuts":[0.1,0.2,0.3,0.4]})").empty());
}
