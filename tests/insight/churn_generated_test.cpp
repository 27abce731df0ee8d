// Churn on the generator's base: what was planted there, and what comes of labels that are dealt out by chance.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>
#include <set>
#include <string>

#include "emptor/core/random.hpp"
#include "emptor/desk/generate.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/insight/report.hpp"
#include "emptor/mine/judgement.hpp"
#include "insight/churn/churn_model.hpp"
#include "insight/churn/churn_work.hpp"
#include "insight/insight_runs.hpp"
#include "support/csv_columns.hpp"
#include "support/import_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

/// A generated shop, imported; made once for all tests.
class GeneratedShop {
 public:
  GeneratedShop() {
    generate(ground_.path("shop"), {.customers = 3'000, .seed = 5});
    ground_.import({ground_.path("shop")});
  }
  Session& session() { return ground_.session(); }
  CsvColumns file(const std::string& name) const { return CsvColumns(ground_.path("shop/" + name)); }

  static GeneratedShop& once() {
    static GeneratedShop shop;
    return shop;
  }

 private:
  ImportGround ground_;
};

std::int32_t day_of_text(const std::string& text) { return parse_date(std::string_view(text).substr(0, 10))->days; }

struct Leaver {
  std::string cause;
  std::int32_t end = 0;  ///< last day of the life as a buyer
  bool shows = false;    ///< the sign of the cause stands in the files
};

using Leavers = std::map<std::string, Leaver>;

/// Cases and contacts shortly before the end. The signs are within 30 days of the season's time, of which a busy day of
/// the calendar has more: 60 days of the calendar hold them.
void see_words(const GeneratedShop& shop, Leavers& leavers) {
  const auto see = [&](const std::string& customer, const std::string& at, const std::string& cause) {
    const auto found = leavers.find(customer);
    if (found == leavers.end() || found->second.cause != cause) return;
    const std::int32_t before = found->second.end - day_of_text(at);
    if (before >= -1 && before <= 60) found->second.shows = true;
  };
  const CsvColumns cases = shop.file("cases.csv");
  const auto of = cases.texts("customer_id"), kinds = cases.texts("kind"), about = cases.texts("category");
  const auto opened = cases.texts("opened_at");
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (kinds[i] == "enquiry" && about[i] == "price") see(of[i], opened[i], "price_rise");
    if (kinds[i] == "complaint" && about[i] == "service") see(of[i], opened[i], "bad_service");
    if (kinds[i] == "complaint" && about[i] == "delivery") see(of[i], opened[i], "late_delivery");
  }
  const CsvColumns contacts = shop.file("interactions.csv");
  const auto who = contacts.texts("customer_id"), outcomes = contacts.texts("outcome"), when = contacts.texts("at");
  for (std::size_t i = 0; i < who.size(); ++i) {
    if (outcomes[i] == "moved away") see(who[i], when[i], "moved_away");
    if (outcomes[i] == "named another offer") see(who[i], when[i], "competitor");
  }
}

/// Late deliveries among the last two orders, and lines of the last order that came back.
void see_orders(const GeneratedShop& shop, Leavers& leavers) {
  struct Last {
    bool late = false, late_before = false, back = false;
  };
  std::map<std::string, Last> lasts;
  const CsvColumns orders = shop.file("orders.csv");
  const auto of = orders.texts("customer_id"), due = orders.texts("due_date"), shipped = orders.texts("ship_date");
  for (std::size_t i = 0; i < of.size(); ++i) {  // in the order of time
    Last& last = lasts[of[i]];
    if (due[i].empty()) {
      last.back = true;  // a credit note
      continue;
    }
    last = {!shipped[i].empty() && shipped[i] > due[i], last.late, false};
  }
  for (auto& [customer, leaver] : leavers) {
    const auto found = lasts.find(customer);
    if (found == lasts.end()) continue;
    const Last& last = found->second;
    if (leaver.cause == "late_delivery" && (last.late || last.late_before)) leaver.shows = true;
    if (leaver.cause == "bad_service" && last.back) leaver.shows = true;
  }
}

/// Those who left for a planted cause, and whether its sign (docs/generator.md) is in the files for anybody to see.
Leavers planted_leavers(const GeneratedShop& shop) {
  Leavers leavers;
  const CsvColumns truth = shop.file("truth/customers.csv");
  const auto ids = truth.texts("customer_id"), causes = truth.texts("cause"), ends = truth.texts("last_day");
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (causes[i] != "none" && !causes[i].empty()) leavers[ids[i]] = {causes[i], day_of_text(ends[i]), false};
  see_words(shop, leavers);
  see_orders(shop, leavers);
  return leavers;
}

/// Of which planted cause a stated reason speaks.
std::string cause_of(const std::string& stated) {
  static const std::map<std::string, std::string> causes = {
      {"asked about price", "price_rise"},        {"complaint about price", "price_rise"},
      {"complaint about service", "bad_service"}, {"sent goods back", "bad_service"},
      {"asked about service", "bad_service"},     {"complaint about delivery", "late_delivery"},
      {"asked about delivery", "late_delivery"},  {"an order came late", "late_delivery"},
      {"contact: moved away", "moved_away"},      {"contact: named another offer", "competitor"}};
  const auto found = causes.find(stated);
  return found == causes.end() ? "" : found->second;
}

/// The first stated reason of each customer, by the code of the files.
std::map<std::string, std::string> first_stated(GeneratedShop& shop) {
  const InsightResult result = run_insight(shop.session(), "churn", {.write_back = false, .table = true});
  const auto& names = result.table.names;
  const auto column = [&](std::string_view name) -> const Column& {
    return result.table.columns[static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
  };
  const View view = shop.session().view();
  std::map<std::string, std::string> stated;
  for (std::size_t row = 0; row < result.table.rows(); ++row)
    stated[external_id_of(view, Id{column("customer").bits[row]})] = std::string(column("stated").text(row));
  return stated;
}

std::vector<double> dealt_out(std::vector<double> labels, std::uint64_t seed) {
  Random random(seed);
  for (std::size_t i = labels.size(); i > 1; --i) std::swap(labels[i - 1], labels[random.below(i)]);
  return labels;
}

}  // namespace

TEST_CASE("churn, generated: the planted cause is the first reason of those who showed it") {
  GeneratedShop& shop = GeneratedShop::once();
  const std::map<std::string, std::string> stated = first_stated(shop);
  std::map<std::string, std::array<int, 3>> counts;  // by cause: affected, who showed it, of whom it is the first
  std::array<int, 3> all{};
  int right_of_all = 0;
  for (const auto& [customer, leaver] : planted_leavers(shop)) {
    const auto found = stated.find(customer);
    if (found == stated.end()) continue;
    const bool right = cause_of(found->second) == leaver.cause;
    for (std::array<int, 3>* count : {&all, &counts[leaver.cause]}) {
      (*count)[0] += 1;
      (*count)[1] += leaver.shows;
      (*count)[2] += leaver.shows && right;
    }
    right_of_all += right;
  }
  for (const auto& [cause, count] : counts) {
    INFO(cause, ": affected ", count[0], ", showed it ", count[1], ", first ", count[2]);
    CHECK(count[1] > 50);
    CHECK(count[2] * 10 >= count[1] * 8);
  }
  MESSAGE("affected ", all[0], ", showed it ", all[1], ", first ", all[2], "; right of all ", right_of_all);
  CHECK(all[2] * 10 >= all[1] * 8);
  // Signs are planted for some only (a price enquiry for half of them); nobody can know more than was shown.
  CHECK(right_of_all * 100 >= all[0] * 60);
}

TEST_CASE("churn, generated: reasons that say nothing do not tell, planted ones do") {
  GeneratedShop& shop = GeneratedShop::once();
  const Facts facts = read_facts(shop.session());
  const CustomerTouches touches = read_touches(shop.session().view());
  const Date until = *last_purchase_day(facts);
  const Date days[] = {until};
  const CustomerLines lines = lines_of(facts);
  const ChurnRows rows = churn_rows(lines, days, {}, &touches).front();
  const StatedReasons reasons = stated_reasons(lines, touches, rows, {});
  std::set<std::string> telling;
  for (std::size_t i = 0; i < reasons.reasons.size(); ++i)
    if (reasons.reasons[i].tells()) telling.insert(stated_text(reasons, i, Language::english));
  for (const char* planted :
       {"asked about price", "complaint about service", "complaint about delivery", "an order came late",
        "contact: moved away", "contact: named another offer", "low satisfaction in a survey"})
    CHECK_MESSAGE(telling.count(planted) == 1, planted);
  for (const char* idle : {"contact: reached", "contact: no answer", "contact: question answered"})
    CHECK_MESSAGE(telling.count(idle) == 0, idle);
}

TEST_CASE("churn, generated: alerts are written back once, and the report shows them with their rate") {
  Session& session = GeneratedShop::once().session();
  const auto run = [&] {
    return boost::json::parse(run_insight(session, "churn", {.json = R"({"false_alarms":0.3})"}).json).as_object();
  };
  const boost::json::object told = run();
  const boost::json::object& alerts = told.at("alerts").as_object();
  REQUIRE(alerts.at("hold_out").is_object());
  CHECK(alerts.at("hold_out").at("realised_rate").to_number<double>() <= .3);
  const std::int64_t open = session.view().count("alert", Where::equal("status", "open"));
  CHECK(open == alerts.at("alerts").to_number<std::int64_t>());
  CHECK(open > 0);
  const std::int64_t position = session.view().info().position;
  run();
  CHECK(session.view().info().position == position);
  const std::string html = write_report(session);
  CHECK(html.find("Alerts") != html.npos);
  CHECK(html.find("Of those alerted at most 30.0 % were to be false alarms") != html.npos);
  const std::string chinese = write_report(session, {.language = Language::chinese});
  CHECK(chinese.find("误报比例") != chinese.npos);
}

TEST_CASE("churn, generated: of those alerted a horizon ago, no more stayed than was asked for, chance aside") {
  Session& session = GeneratedShop::once().session();
  const Facts facts = read_facts(session);
  const CustomerTouches touches = read_touches(session.view());
  const Date then = {last_purchase_day(facts)->days - 90};
  const CustomerLines lines = lines_of(facts);
  for (const double rate : {.2, .3}) {
    ChurnRequest request;
    request.until = then;
    request.alerts.rate = rate;
    const ChurnOutcome outcome = predict_churn(lines, request, {}, {&touches, nullptr});
    REQUIRE(outcome.alert_rule.threshold.has_value());
    REQUIRE(outcome.alerts.size() > 50);
    double stayed = 0;
    for (const ChurnAlert& alert : outcome.alerts) stayed += 1 - outcome.rows.silent[alert.row];
    const auto alerted = static_cast<double>(outcome.alerts.size());
    INFO(stayed, " of ", alerted, " stayed");
    CHECK(stayed / alerted < rate + 2 * std::sqrt(rate * (1 - rate) / alerted));
  }
}

TEST_CASE("churn, generated: groups may be the tags of another insight") {
  Session& session = GeneratedShop::once().session();
  run_insight(session, "value_class");
  const auto told = boost::json::parse(
      run_insight(session, "churn", {.json = R"({"groups":"value_class"})", .write_back = false}).json);
  const boost::json::array& groups = told.at("groups").as_array();
  CHECK(groups.size() == 5);  // all, and the four classes
  std::int64_t customers = 0;
  for (std::size_t i = 1; i < groups.size(); ++i) {
    CHECK(std::string_view(groups[i].at("group").as_string()).starts_with("class."));
    customers += groups[i].at("customers").to_number<std::int64_t>();
  }
  CHECK(customers == groups[0].at("customers").to_number<std::int64_t>());
  CHECK(groups[0].at("stated").as_array().size() == 5);
}

TEST_CASE("churn, generated: any number of threads gives the same bits") {
  Session& session = GeneratedShop::once().session();
  const Facts facts = read_facts(session);
  const CustomerTouches touches = read_touches(session.view());
  const CustomerGroups groups = groups_of(score_rfm(facts));
  const ChurnRequest request =
      churn_request(boost::json::parse(R"({"what_if":[{"feature":"late_orders","set":0}]})").as_object(), {});
  const auto told = [&](const Executor& executor) {
    return boost::json::serialize(
        churn_json(request, predict_churn(lines_of(facts), request, {executor, {}}, {&touches, &groups})));
  };
  CHECK(told(serial_executor()) == told(thread_executor(3)));
}

TEST_CASE("churn, generated: with labels dealt out by chance nothing is learnt") {
  GeneratedShop& shop = GeneratedShop::once();
  const Facts facts = read_facts(shop.session());
  const CustomerTouches touches = read_touches(shop.session().view());
  const Date until = *last_purchase_day(facts);
  const Date days[] = {{until.days - 180}, {until.days - 90}};
  std::vector<ChurnRows> rows = churn_rows(lines_of(facts), days, {}, &touches);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].silent = dealt_out(rows[i].silent, 40 + i);
  for (const ChurnModelKind kind : {ChurnModelKind::boosting, ChurnModelKind::logistic}) {
    const CalibratedChurnModel model = fit_churn_model(kind, rows[0], {});
    const double area = mine::auc(rows[1].silent, model.chances(rows[1], {}));
    CHECK(std::abs(area - .5) < .03);
  }
}
