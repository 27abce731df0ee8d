// Survival of plain tables and of agreements. The figures of Telco and lung are those of R's survival 3.5-3.
#include "insight/survival/survival_work.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>
#include <functional>
#include <map>

#include "emptor/core/error.hpp"
#include "emptor/insight/compute.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "insight/insight_runs.hpp"
#include "insight/survival/agreements.hpp"
#include "mine/lung.hpp"
#include "support/csv_columns.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

Column texts_of(const std::vector<std::string>& texts) {
  Column column{.type = Type::text};
  for (const std::string& text : texts) column.append(text.empty() ? Value() : Value(std::string_view(text)));
  return column;
}

struct Computed {
  json::object summary;
  NamedTable curves;
};
Computed survival(NamedTable table, const json::object& options) {
  ArrowArrayStream stream{};
  to_arrow(std::move(table), &stream);
  ComputedResult result = compute("survival", {.stream = &stream, .json = json::serialize(options)});
  return {json::parse(result.json).as_object(), std::move(result.table)};
}

NamedTable telco_table(const CsvColumns& file) {
  NamedTable table;
  for (const char* name :
       {"gender", "Partner", "Dependents", "Contract", "PaperlessBilling", "InternetService", "Churn"})
    table.add(name, Type::text) = texts_of(file.texts(name));
  std::vector<double> tenure = file.numbers("tenure");
  for (double& months : tenure)
    if (months == 0) months = std::nan("");  // 11 customers without a month are left out, as in the reference
  table.add("tenure", Type::real) = real_column(tenure);
  for (const char* name : {"SeniorCitizen", "MonthlyCharges"})
    table.add(name, Type::real) = real_column(file.numbers(name));
  return table;
}

NamedTable lung_table() {
  NamedTable table;
  std::vector<double> columns[5];
  for (const LungLine& line : lung_lines) {
    const int numbers[] = {line.days, line.died, line.age, line.sex, line.performance};
    for (std::size_t i = 0; i < 5; ++i) columns[i].push_back(numbers[i]);
  }
  const char* names[] = {"time", "status", "age", "sex", "ph.ecog"};
  for (std::size_t i = 0; i < 5; ++i) table.add(names[i], Type::real) = real_column(columns[i]);
  return table;
}

const json::object& group_of(const json::array& groups, std::string_view name) {
  for (const json::value& one : groups)
    if (one.at("group").is_string() && std::string_view(one.at("group").as_string()) == name) return one.as_object();
  throw std::out_of_range("no such group");
}

double term(const json::object& summary, std::string_view name, const char* what) {
  for (const json::value& one : summary.at("cox").at("terms").as_array())
    if (std::string_view(one.at("name").as_string()) == name) return one.at(what).as_double();
  throw std::out_of_range("no such term");
}

double number(const json::value& value) { return value.to_number<double>(); }

std::string field_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.first().field;
  }
  return "nothing";
}

}  // namespace

TEST_CASE("survival of a table: Telco, as R gives it") {
  const auto path = data_path("telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv");
  if (!path) return;
  const CsvColumns file(*path);
  const Computed found = survival(telco_table(file), {{"duration", "tenure"},
                                                      {"event", "Churn"},
                                                      {"ended", "Yes"},
                                                      {"group", "Contract"},
                                                      {"covariates",
                                                       {"gender", "SeniorCitizen", "Partner", "Dependents", "Contract",
                                                        "PaperlessBilling", "MonthlyCharges", "InternetService"}}});
  const json::object& told = found.summary;
  CHECK(told.at("rows") == json::value(7'043));
  CHECK(told.at("skipped") == json::value(11));
  CHECK(number(told.at("events")) == 1'869);
  CHECK(std::abs(number(told.at("log_rank").at("statistic")) - 2'352.9) < .05);
  CHECK(number(told.at("log_rank").at("degrees")) == 2);
  const json::object& monthly = group_of(told.at("curves").as_array(), "Month-to-month");
  CHECK(number(monthly.at("median")) == 35);
  CHECK(number(monthly.at("median_interval").at(0)) == 32);
  CHECK(number(monthly.at("median_interval").at(1)) == 38);
  CHECK(std::abs(number(told.at("cox").at("log_likelihood")) - -14'120.544435) < 1e-6);
  CHECK(term(told, "Contract=Two year", "hazard_ratio") < .1);
  const std::map<double, double> published = {{1, .9460},  {12, .8432}, {24, .7887}, {36, .7485},
                                              {48, .7088}, {60, .6644}, {72, .5928}};
  std::size_t met = 0;
  for (std::size_t row = 0; row < found.curves.rows(); ++row) {
    if (found.curves.columns[0].valid[row]) continue;  // of a group
    const auto at = published.find(found.curves.columns[1].value(row).real());
    if (at == published.end()) continue;
    ++met;
    CHECK(std::abs(found.curves.columns[5].value(row).real() - at->second) < 5e-5);
  }
  CHECK(met == published.size());
}

TEST_CASE("survival of a table: lung, as R gives it") {
  const Computed found = survival(
      lung_table(),
      {{"duration", "time"}, {"event", "status"}, {"group", "sex"}, {"covariates", {"age", "sex", "ph.ecog"}}});
  const json::object& told = found.summary;
  CHECK(told.at("verdict") == json::value("sufficient"));
  CHECK(std::abs(term(told, "age", "estimate") - .0110668) < 1e-7);
  CHECK(std::abs(term(told, "sex", "estimate") - -.5526124) < 1e-7);
  CHECK(std::abs(term(told, "ph.ecog", "estimate") - .4637285) < 1e-7);
  CHECK(std::abs(number(told.at("cox").at("log_likelihood")) - -729.23012) < 1e-5);
  CHECK(std::abs(number(told.at("cox").at("concordance")) - .63713549) < 1e-8);
  CHECK(group_of(told.at("curves").as_array(), "1").at("rows") == json::value(137));
}

TEST_CASE("survival of a table: rows that lack something, and what is refused") {
  NamedTable table;
  const double none = std::nan("");
  table.add("d", Type::real) = real_column(std::vector<double>{1, 2, none, 4, 5, 6});
  table.add("e", Type::real) = real_column(std::vector<double>{1, 0, 1, none, 1, 1});
  table.add("x", Type::real) = real_column(std::vector<double>{1, 2, 3, 4, none, 2});
  const auto with = [&](json::object more) {
    json::object options = {{"duration", "d"}, {"event", "e"}};
    for (const auto& [name, value] : more) options[name] = value;
    return survival(table, options).summary;
  };
  const json::object told = with({{"covariates", {"x"}}});
  CHECK(told.at("skipped") == json::value(2));
  CHECK(told.at("kept") == json::value(4));
  CHECK(field_of([&] { with({{"duration", "nothing"}}); }) == "nothing");
  CHECK(field_of([&] { with({{"event", "d"}}); }) == "d");
  CHECK(with({{"ended", "9"}}).at("verdict") == json::value("insufficient: nothing ended"));
  NamedTable negative = table;
  negative.columns[0] = real_column(std::vector<double>{-1, 2, 3, 4, 5, 6});
  CHECK(field_of([&] { survival(negative, {{"duration", "d"}, {"event", "e"}}); }) == "d");
}

namespace {

constexpr std::int32_t first = 19'000;

class ContractShop {
 public:
  ContractShop() : store_(open_store(":memory:", {.create = true})), session_(*store_) {}
  Id customer() { return changes_.put("customer").set("name", "somebody").id(); }
  ChangeSet::Put contract(Id customer, const char* kind, std::int32_t start, const char* status) {
    ChangeSet::Put put = changes_.put("contract");
    put.set("customer_id", customer).set("kind", kind).set("starts_on", Date{first + start}).set("status", status);
    return put;
  }
  ChangeSet::Put subscription(Id customer, std::int32_t start, const char* status) {
    ChangeSet::Put put = changes_.put("subscription");
    put.set("customer_id", customer).set("starts_on", Date{first + start}).set("status", status);
    put.set("period", "month");
    return put;
  }
  Agreements agreements(std::optional<std::int32_t> day = {}) {
    apply();
    return read_agreements(session_.view(), day ? std::optional(Date{first + *day}) : std::nullopt, 30);
  }
  void apply() {
    if (!changes_.empty()) session_.apply(changes_);
    changes_ = ChangeSet();
  }
  Session& session() { return session_; }

 private:
  std::unique_ptr<Store> store_;
  Session session_;
  ChangeSet changes_;
};

}  // namespace

TEST_CASE("agreements: when they ended, and when they were last seen to run") {
  ContractShop shop;
  const Id ann = shop.customer();
  shop.contract(ann, "service", 0, "ended").set("ends_on", Date{first + 100});
  shop.contract(ann, "rental", 10, "active").set("ends_on", Date{first + 900});                       // still runs
  shop.contract(ann, "licence", 20, "active").set("ends_on", Date{first + 200}).set("renews", true);  // goes on
  shop.contract(ann, "frame", 30, "active").set("ends_on", Date{first + 300});                        // ran out
  shop.contract(ann, "sale", 40, "draft");
  shop.contract(ann, "maintenance", 50, "cancelled");  // nobody knows when
  const Agreements all = shop.agreements(400);
  REQUIRE(all.all.size() == 4);
  CHECK(all.skipped == 2);
  const auto of = [&](std::string_view kind) {
    return *std::find_if(all.all.begin(), all.all.end(), [&](const Agreement& one) { return one.kind == kind; });
  };
  CHECK(of("service").ended);
  CHECK(of("service").end == Date{first + 100});
  CHECK_FALSE(of("rental").ended);
  CHECK(of("rental").end == Date{first + 400});
  CHECK_FALSE(of("licence").ended);
  CHECK(of("frame").ended);
  // As of a day before it ended, it ran; what began later is not known.
  const Agreements before = shop.agreements(25);
  CHECK(before.all.size() == 3);
  for (const Agreement& one : before.all) CHECK_FALSE(one.ended);
}

TEST_CASE("agreements: one that follows soon continues the one before, another does not") {
  ContractShop shop;
  const Id ann = shop.customer(), ben = shop.customer();
  shop.subscription(ann, 0, "ended").set("ends_on", Date{first + 100});
  shop.subscription(ann, 110, "ended").set("ends_on", Date{first + 200});
  shop.subscription(ann, 300, "active");
  shop.subscription(ben, 105, "cancelled")
      .set("cancelled_at", Instant{(first + 150) * micros_per_day + micros_per_day / 2});
  const Agreements all = shop.agreements(400);
  REQUIRE(all.all.size() == 3);
  CHECK(all.all[0].kind == "subscription month");
  CHECK(all.all[0].end == Date{first + 200});
  CHECK(all.all[0].ended);
  CHECK_FALSE(all.all[1].ended);
  CHECK(all.all[2].end == Date{first + 150});
}

TEST_CASE("survival of agreements: curves by kind, risks, and a chance for whoever has one that runs") {
  ContractShop shop;
  std::vector<Id> customers;
  for (int i = 0; i < 400; ++i) {
    const Id customer = shop.customer();
    // Service ends after 100 to 397 days, rental after 300 to 498; those begun last still run on day 600.
    const bool rental = i % 2 == 0;
    const std::int32_t start = i, length = rental ? 300 + i % 100 * 2 : 100 + i % 100 * 3;
    const bool ends = start + length <= 600;
    ChangeSet::Put put = shop.contract(customer, rental ? "rental" : "service", start, ends ? "ended" : "active");
    put.set("ends_on", Date{first + start + length});
  }
  shop.apply();
  const InsightOptions options{.as_of = Date{first + 600}, .json = R"({"horizon_days":60})", .table = true};
  const InsightResult result = run_insight(shop.session(), "survival", options);
  const json::object told = json::parse(result.json).as_object();
  CHECK(told.at("agreements") == json::value(400));
  CHECK(told.at("verdict") == json::value("sufficient"));
  const json::array& curves = told.at("curves").as_array();
  CHECK(number(group_of(curves, "service").at("median")) < 300);
  CHECK(number(group_of(curves, "rental").at("median")) > 350);
  CHECK(number(told.at("log_rank").at("p_value")) < 1e-9);
  CHECK(term(told, "kind=service", "hazard_ratio") > 5);
  CHECK(result.scored > 20);
  const View view = shop.session().view();
  CHECK(view.count("score", Where::equal("name", "survival.chance")) == static_cast<std::int64_t>(result.scored));
  const std::int64_t position = view.info().position;
  run_insight(shop.session(), "survival", options);
  CHECK(shop.session().view().info().position == position);
}

TEST_CASE("survival of agreements: a store without any says so") {
  ContractShop shop;
  const json::object told = json::parse(run_insight(shop.session(), "survival").json).as_object();
  CHECK(told.at("verdict") == json::value("insufficient: there are no contracts or subscriptions"));
}
