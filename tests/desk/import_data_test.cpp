// Public data sets, imported whole: what comes out equals the facts that their pages state, every digit.
#include <doctest/doctest.h>

#include "support/data.hpp"
#include "support/import_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

struct Facts {
  std::string entity;
  std::uint64_t read;
};

void check_counts(const ImportReport& report, const std::vector<Facts>& facts) {
  for (const Facts& fact : facts) {
    REQUIRE_MESSAGE(report.entities.count(fact.entity) == 1, fact.entity);
    const ImportCounts& counts = report.entities.at(fact.entity);
    CHECK_MESSAGE(counts.read == fact.read, fact.entity);
    CHECK_MESSAGE(counts.written == fact.read, fact.entity);
  }
}

Decimal sum(ImportGround& ground, const std::string& entity, const std::string& field) {
  AggregateQuery query;
  query.entity = entity;
  query.measures = {{Measure::sum, field}};
  const Groups groups = ground.session().view().aggregate(query);
  return groups.groups.at(0).results.at(0).decimal();
}

std::pair<std::string, std::string> span(ImportGround& ground, const std::string& entity, const std::string& field) {
  AggregateQuery query;
  query.entity = entity;
  query.measures = {{Measure::min, field}, {Measure::max, field}};
  const Groups groups = ground.session().view().aggregate(query);
  return {to_string(groups.groups.at(0).results.at(0).instant()),
          to_string(groups.groups.at(0).results.at(1).instant())};
}

// Importing again changes nothing.
void check_again(ImportGround& ground, const std::vector<std::string>& paths, const ImportReport& first) {
  const std::int64_t before = ground.position();
  const ImportReport again = ground.import(paths);
  CHECK(ground.position() == before);
  CHECK(again.amount == first.amount);
  for (const auto& [entity, counts] : again.entities) {
    CHECK_MESSAGE(counts.written == 0, entity);
    CHECK_MESSAGE(counts.unchanged == counts.read, entity);
    CHECK_MESSAGE(counts.read == first.entities.at(entity).read, entity);
  }
}

}  // namespace

TEST_CASE("[G1] import of online-retail: every line, document, product and penny") {
  const auto path = data_path("online-retail/online_retail.csv.gz");
  if (!path) return;
  ImportGround ground("GBP");
  ImportOptions options;
  options.currency = "GBP";
  const ImportReport report = ground.import({*path}, options);
  check_counts(report, {{"order_line", 541'909}, {"order", 25'900}, {"product", 4'070}, {"customer", 4'372}});
  CHECK(report.amount.at("GBP").to_string() == "9747747.934");
  CHECK(problem_rows(report, "missing_customer") == 135'080);
  CHECK(problem_rows(report, "missing_value", "Description") == 1'454);
  CHECK(problem_rows(report, "duplicate_row") == 5'268);
  CHECK(problem_rows(report, "cancellations") == 9'288);
  CHECK(problem_rows(report, "no_currency") == -1);
  CHECK(span(ground, "order", "ordered_at") ==
        std::pair<std::string, std::string>{"2010-12-01T08:26:00Z", "2011-12-09T12:50:00Z"});
  check_again(ground, {*path}, report);
}

TEST_CASE("[G1] import of superstore: lines, returns and managers") {
  const auto folder = data_path("superstore");
  if (!folder) return;
  ImportGround ground("USD");
  const std::vector<std::string> paths = {*folder + "/orders.csv", *folder + "/returns.csv", *folder + "/people.csv"};
  const ImportReport report = ground.import(paths);
  check_counts(report, {{"order_line", 10'194},
                        {"order", 5'111},
                        {"customer", 804},
                        {"product", 1'862},
                        {"return", 800},
                        {"user", 4},
                        {"territory", 4}});
  CHECK(report.amount.at("USD").to_string() == "2326534.3543");
  CHECK(sum(ground, "order_line", "x_profit").to_string() == "292296.8146");
  CHECK(sum(ground, "order_line", "quantity").to_string() == "38654");
  CHECK(span(ground, "order", "ordered_at") ==
        std::pair<std::string, std::string>{"2019-01-03T00:00:00Z", "2022-12-30T00:00:00Z"});
  check_again(ground, paths, report);
}

TEST_CASE("[G1] import of adventureworks-sales: sales priced from the products file") {
  const auto folder = data_path("adventureworks-sales");
  if (!folder) return;
  ImportGround ground("USD");
  const ImportReport report = ground.import({*folder});
  check_counts(report, {{"customer", 18'148}, {"order_line", 56'046}, {"order", 25'164}, {"return", 1'809}});
  CHECK(report.amount.at("USD").to_string() == "24914586.8193");
  CHECK(sum(ground, "order_line", "cost").to_string() == "14456871.3851");
  CHECK(sum(ground, "order_line", "quantity").to_string() == "84174");
  CHECK(sum(ground, "return", "quantity").to_string() == "1828");
  CHECK(problem_rows(report, "customers_without_orders") == 18'148 - 17'416);
  CHECK(problem_rows(report, "file_not_read", "calendar") == 912);
  CHECK(span(ground, "order", "ordered_at") ==
        std::pair<std::string, std::string>{"2015-01-01T00:00:00Z", "2017-06-30T00:00:00Z"});
  check_again(ground, {*folder}, report);
}

TEST_CASE("[G1] import of crm-maven: a pipeline with its flaws named") {
  const auto folder = data_path("crm-maven");
  if (!folder) return;
  ImportGround ground("USD");
  const ImportReport report = ground.import({*folder});
  check_counts(report, {{"customer", 85}, {"product", 7}, {"user", 35}, {"opportunity", 8'800}});
  CHECK(report.amount.at("USD").to_string() == "10005534");
  CHECK(problem_rows(report, "missing_customer") == 1'425);
  CHECK(problem_rows(report, "inconsistent_name", "GTXPro") == 1'480);
  CHECK(problem_rows(report, "suspect_spelling", "technolgy") == 12);
  CHECK(problem_rows(report, "suspect_spelling", "Philipines") == 1);
  CHECK(problem_rows(report, "missing_value", "close_date") == 1'589 + 500);
  CHECK(problem_rows(report, "missing_value", "close_value") == 1'589 + 500);
  CHECK(problem_rows(report, "unused_user") == 5);
  CHECK(problem_rows(report, "file_not_read", "describes other files") == 21);
  AggregateQuery stages;
  stages.entity = "opportunity";
  stages.group_by = {"stage"};
  stages.measures = {{Measure::count, ""}};
  const Groups groups = ground.session().view().aggregate(stages);
  std::map<std::string, std::int64_t> found;
  for (const auto& group : groups.groups) found[std::string(group.keys.at(0).text())] = group.results.at(0).integer();
  CHECK(found == std::map<std::string, std::int64_t>{
                     {"Engaging", 1'589}, {"Lost", 2'473}, {"Prospecting", 500}, {"Won", 4'238}});
  check_again(ground, {*folder}, report);
}

TEST_CASE("[G1] import of cdnow: sales without a document number") {
  const auto path = data_path("cdnow/cdnow_elog_sample.csv");
  if (!path) return;
  ImportGround ground("USD");
  const ImportReport report = ground.import({*path});
  check_counts(report, {{"customer", 2'357}, {"order_line", 6'919}, {"order", 6'919}});
  CHECK(report.amount.at("USD").to_string() == "244091.94");
  CHECK(sum(ground, "order_line", "quantity").to_string() == "16479");
  check_again(ground, {*path}, report);
}

TEST_CASE("[G11] import of northwind: the tables of a foreign SQLite file") {
  const auto path = data_path("northwind/northwind.sqlite");
  if (!path) return;
  ImportGround ground("USD");
  const ImportReport report = ground.import({*path});
  check_counts(report, {{"customer", 91}, {"order", 830}, {"order_line", 2'155}, {"product", 77}, {"user", 9}});
  // 1,265,793.0387 where each line is rounded to six digits.
  CHECK(report.amount.at("USD").round(4, Rounding::half_even).to_string() == "1265793.0387");
  CHECK(sum(ground, "order", "freight").to_string() == "64942.69");
  CHECK(problem_rows(report, "customers_without_orders") == 2);
  CHECK(ground.one("user", "name", "Nancy Davolio").get("manager_id").id() ==
        ground.one("user", "name", "Andrew Fuller").id());
  CHECK(ground.one("product", "name", "Chai").get("category").text() == "Beverages");
  CHECK(span(ground, "order", "ordered_at") ==
        std::pair<std::string, std::string>{"1996-07-04T00:00:00Z", "1998-05-06T00:00:00Z"});
  check_again(ground, {*path}, report);
}

TEST_CASE("[G11] import of chinook: what lines refer to and has a price is a product") {
  const auto path = data_path("chinook/Chinook.sqlite");
  if (!path) return;
  ImportGround ground("USD");
  const ImportReport report = ground.import({*path});
  check_counts(report, {{"customer", 59}, {"order", 412}, {"order_line", 2'240}, {"product", 3'503}, {"user", 8}});
  CHECK(report.amount.at("USD").to_string() == "2328.6");
  CHECK(span(ground, "order", "ordered_at") ==
        std::pair<std::string, std::string>{"2021-01-01T00:00:00Z", "2025-12-22T00:00:00Z"});
  check_again(ground, {*path}, report);
}

TEST_CASE("[G1] import of lists of customers: every column is kept") {
  for (const auto& [name, rows, columns] :
       {std::tuple{"telco-churn/WA_Fn-UseC_-Telco-Customer-Churn.csv", 7'043u, 21u},
        std::tuple{"hillstrom/hillstrom.csv", 64'000u, 12u}, std::tuple{"mall/Mall_Customers.csv", 200u, 5u}}) {
    const auto path = data_path(name);
    if (!path) return;
    ImportGround ground("USD");
    ImportOptions options;
    options.dry_run = true;
    const ImportReport report = ground.import({*path}, options);
    CHECK_MESSAGE(report.entities.at("customer").written == rows, name);
    CHECK_MESSAGE(report.mapping.size() == columns, name);
  }
}
