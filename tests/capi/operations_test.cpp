#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <set>

#include "emptor/core/wide.hpp"
#include "support/arrow_consumer.hpp"
#include "support/capi_world.hpp"
#include "support/made_arrow.hpp"
#include "support/taken_document.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;
namespace json = boost::json;

namespace {

json::value run(emptor_session* session, const char* operation, const std::string& text = "{}") {
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status = emptor_run(session, operation, text.data(), text.size(), &document, &error);
  REQUIRE_MESSAGE(status == EMPTOR_OK, operation, ": ", error.message);
  return take(document);
}

// How many records of an entity statistics count.
std::int64_t records_of(const json::value& statistics, std::string_view entity) {
  for (const json::value& row : statistics.at("tables").at(0).at("rows").as_array())
    if (row.at("keys").at(0).as_string() == entity) return std::stoll(std::string(row.at("count").as_string()));
  return 0;
}

emptor_status refused(emptor_session* session, const char* operation, const char* options, std::string& field) {
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status = emptor_run(session, operation, options, EMPTOR_NUL, &document, &error);
  field = error.field;
  CHECK(document == nullptr);
  return status;
}

json::array operations() {
  emptor_document* list = nullptr;
  REQUIRE(emptor_operations(&list, nullptr) == EMPTOR_OK);
  return take(list).as_array();
}

// Six purchases of three customers. By hand, as of 2024-01-31: 7 bought on the 1st and 31st for 30 in two
// orders, 8 on the 11th for 5, 9 on the 21st for 100 in two rows of one order.
MadeArrow purchases() {
  MadeColumn amounts = numbers<double>("paid", "g", {10, 20, 5, 60, 40, 3});
  amounts.buffers[0] = std::string("\x1f", 1);  // the last is missing
  amounts.nulls = 1;
  return MadeArrow({numbers<std::int64_t>("who", "l", {7, 7, 8, 9, 9, 8}),
                    numbers<std::int32_t>("on", "tdD", {19'723, 19'753, 19'733, 19'743, 19'743, 19'750}), amounts,
                    texts("receipt", {"a", "b", "c", "d", "d", "e"})});
}

const char* const column_names = R"({"customer":"who","date":"on","amount":"paid","order":"receipt"})";

}  // namespace

TEST_CASE("operations: the list tells of each its doc, a schema of its options, and what goes in and out") {
  std::set<std::string> names;
  for (const json::value& value : operations()) {
    const json::object& one = value.as_object();
    const std::string name(one.at("name").as_string()), input(one.at("input").as_string());
    CHECK(names.insert(name + "/" + input).second);
    CHECK(!one.at("doc").as_string().empty());
    CHECK(one.at("options").as_object().at("type").as_string() == "object");
    CHECK(one.at("options").as_object().at("properties").is_object());
    const std::string output(one.at("output").as_string());
    CHECK((input == "none" || input == "table" || input == "matrix"));
    CHECK((output == "model" || output == "table" || (output == "document" && input == "none")));
    CHECK((output == "model" ? input != "none" : input != "matrix"));
    CHECK(one.contains("target") == (input == "matrix"));
    CHECK(one.contains("batches") == (input == "matrix" || (input == "table" && output == "table")));
  }
  for (const char* name : {"import/none",
                           "problems/none",
                           "export/none",
                           "verify/none",
                           "feed/none",
                           "backup/none",
                           "report/none",
                           "generate/none",
                           "statistics/none",
                           "analyse/none",
                           "rfm/none",
                           "value_class/none",
                           "interaction_groups/none",
                           "churn/none",
                           "survival/none",
                           "outcome/none",
                           "leak_screen/table",
                           "campaigns/none",
                           "rfm/table",
                           "churn/table",
                           "survival/table",
                           "uplift/table",
                           "satisfaction/none",
                           "satisfaction/table",
                           "service/none",
                           "itemsets/table",
                           "rules/table",
                           "sequences/table",
                           "markov_chain/table",
                           "rule_server/table",
                           "kmeans/matrix",
                           "mini_batch_kmeans/matrix",
                           "decision_tree/matrix",
                           "random_forest/matrix",
                           "gradient_boosting/matrix",
                           "logistic/matrix",
                           "naive_bayes/matrix",
                           "isolation_forest/matrix",
                           "scaling/matrix",
                           "kmeans_choice/matrix",
                           "scorecard/matrix",
                           "blended_boosting/matrix"})
    CHECK_MESSAGE(names.count(name) == 1, name);
}

TEST_CASE("operations: every insight is an operation, with as_of and no_write beside its own options") {
  emptor_document* list = nullptr;
  REQUIRE(emptor_insights(&list, nullptr) == EMPTOR_OK);
  const json::value insights = take(list);
  for (const json::value& insight : insights.as_array()) {
    bool found = false;
    for (const json::value& one : operations()) {
      if (one.at("name") != insight.at("name") || one.at("input").as_string() != "none") continue;
      found = true;
      const json::object& options = one.at("options").at("properties").as_object();
      CHECK(options.contains("as_of"));
      CHECK(options.contains("no_write"));
      for (const auto& option : insight.at("options").at("properties").as_object())
        CHECK(options.contains(option.key()));
    }
    CHECK(found);
  }
}

TEST_CASE("operations: options that the schema does not allow are refused by name") {
  const CapiWorld world;
  std::string field;
  for (const json::value& one : operations()) {
    if (one.at("input").as_string() != "none") continue;
    CHECK(refused(world.session, one.at("name").as_string().c_str(), R"({"no_such_option":1})", field) ==
          EMPTOR_INVALID);
    CHECK(field == "no_such_option");
  }
  CHECK(refused(world.session, "verify", R"({"deep":"yes"})", field) == EMPTOR_INVALID);
  CHECK(field == "deep");
  CHECK(refused(world.session, "feed", R"({"limit":0})", field) == EMPTOR_INVALID);
  CHECK(refused(world.session, "rfm", R"({"as_of":"2024-02-30"})", field) == EMPTOR_INVALID);
  CHECK(field == "as_of");
  CHECK(refused(world.session, "analyse", R"({"positive":"yes"})", field) == EMPTOR_INVALID);
  CHECK(field == "positive");
  CHECK(refused(world.session, "analyse", R"({"memory_mib":0})", field) == EMPTOR_INVALID);
  CHECK(field == "memory_mib");
  CHECK(refused(world.session, "import", "{}", field) == EMPTOR_INVALID);
  CHECK(field == "paths");
  CHECK(refused(world.session, "generate", R"({"folder":"x","seed":18446744073709551615})", field) == EMPTOR_INVALID);
  CHECK(field == "seed");
  CHECK(refused(world.session, "verify", "[]", field) == EMPTOR_INVALID);
  CHECK(refused(world.session, "no_such", "{}", field) == EMPTOR_NOT_FOUND);
}

TEST_CASE("operations: from made-up extracts to a report, by names alone") {
  const TempFolder folder;
  const CapiWorld world;
  const auto path = [&](const char* option, const char* name) {
    return std::string("\"") + option + "\":\"" + folder.file(name) + "\"";
  };
  const std::string paths = R"("paths":[")" + folder.file("in") + R"("])";
  const json::value made =
      run(world.session, "generate", "{" + path("folder", "in") + R"(,"customers":50,"lines":400,"seed":3})");
  CHECK(made.at("lines").to_number<int>() == 400);
  CHECK(!run(world.session, "problems", "{" + paths + "}").at("problems").as_array().empty());
  CHECK(records_of(run(world.session, "statistics"), "order_line") == 0);
  const json::value report = run(world.session, "import", "{" + paths + R"(,"source":"shop"})");
  const json::value& lines = report.at("entities").at("order_line");
  CHECK(lines.at("read").to_number<int>() == 400);
  CHECK(records_of(run(world.session, "statistics"), "order_line") == lines.at("written").to_number<int>());
  CHECK(run(world.session, "rfm", R"({"scoring":"ntile"})").at("insight").as_string() == "rfm");
  const json::value some = run(world.session, "analyse", R"({"memory_mib":1,"rows":100,"language":"zh"})");
  CHECK(some.at("insights").as_object().empty());
  CHECK(some.at("verdicts").at("rfm").as_string().starts_with("未运行：需读取 "));
  const json::value all = run(world.session, "analyse", R"({"memory_mib":4096,"no_write":true})");
  CHECK(all.at("insights").at("rfm").at("model_id").is_null());
  const json::value campaigns = run(world.session, "campaigns", R"({"language":"zh","repetitions":20})");
  CHECK(!campaigns.at("campaigns").as_array().empty());
  CHECK(campaigns.at("campaigns").at(0).at("words").as_string().find("人") != json::string::npos);
  CHECK(run(world.session, "verify").at("intact").as_bool());
  const json::value exported = run(world.session, "export", R"({"entity":"score",)" + path("path", "score.csv") + "}");
  std::ifstream file(folder.file("score.csv"));
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line);) ++rows;
  CHECK(std::to_string(rows - 1) == exported.at("records").as_string());
  run(world.session, "report", "{" + path("path", "report.html") + R"(,"language":"zh"})");
  CHECK(std::filesystem::file_size(folder.file("report.html")) > 1'000);
  run(world.session, "backup", "{" + path("path", "copy") + "}");
  CHECK(std::filesystem::exists(folder.file("copy")));
  const json::value state = run(world.session, "copy", "{" + path("to", "whole.emptor") + "}").at("state");
  CHECK(run(world.session, "state_hash").at("state") == state);
  std::string refused_field;
  CHECK(refused(world.session, "copy", ("{" + path("to", "whole.emptor") + "}").c_str(), refused_field) ==
        EMPTOR_INVALID);
  CHECK(!run(world.session, "feed", R"({"after":1,"limit":5})").at("items").as_array().empty());
}

TEST_CASE("operations: the table of an insight has a row a customer, and says what the records say") {
  const CapiWorld world;
  MadeArrow made({texts("order_number", {"A1", "A2", "A3"}), texts("customer_number", {"C1", "C1", "C2"}),
                  numbers<std::int32_t>("order_date", "tdD", {19'723, 19'733, 19'743}),
                  texts("product_code", {"P1", "P1", "P2"}), numbers<std::int32_t>("quantity", "i", {1, 1, 1}),
                  numbers<double>("unit_price", "g", {10, 20, 5})});
  ArrowArrayStream stream = made.stream();
  emptor_document* report = nullptr;
  REQUIRE(emptor_import_arrow(world.session, "order_lines", &stream, nullptr, &report, nullptr) == EMPTOR_OK);
  emptor_document_free(report, nullptr);
  ArrowConsumer table;
  REQUIRE(emptor_run_arrow(world.session, "rfm", R"({"no_write":true})", EMPTOR_NUL, &table.stream, nullptr) ==
          EMPTOR_OK);
  CHECK(table.columns() == std::vector<std::string>{"customer:l", "recency:l", "frequency:l", "monetary:d:38,6", "r:l",
                                                    "f:l", "m:l", "segment:u"});
  REQUIRE(table.more());
  CHECK(table.batch.length == 2);
  CHECK(table.number<std::int64_t>(1, 0) == 10);
  CHECK(table.number<std::int64_t>(2, 0) == 2);
  CHECK(table.number<emptor::Wide>(3, 0) == 30'000'000);
  std::int64_t scores = -1;
  CHECK(emptor_count(world.session, "score", nullptr, &scores, nullptr) == EMPTOR_OK);
  CHECK(scores == 0);  // no_write
  ArrowConsumer classes, groups, counts;
  REQUIRE(emptor_run_arrow(world.session, "value_class", nullptr, 0, &classes.stream, nullptr) == EMPTOR_OK);
  CHECK(classes.columns() == std::vector<std::string>{"customer:l", "value:d:38,6", "class:u"});
  REQUIRE(emptor_run_arrow(world.session, "interaction_groups", nullptr, 0, &groups.stream, nullptr) == EMPTOR_OK);
  CHECK(groups.columns() == std::vector<std::string>{"customer:l", "value:d:38,6", "interactions:l", "group:u"});
  REQUIRE(emptor_run_arrow(world.session, "statistics", nullptr, 0, &counts.stream, nullptr) == EMPTOR_OK);
  REQUIRE(counts.more());
  for (std::int64_t i = 0; i < counts.batch.length; ++i)
    if (counts.text(0, i) == "order_line") CHECK(counts.number<std::int64_t>(1, i) == 3);
}

TEST_CASE("compute: rfm of plain rows, by hand") {
  MadeArrow made = purchases();
  ArrowArrayStream stream = made.stream();
  ArrowConsumer table;
  emptor_document* summary = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status =
      emptor_compute("rfm", column_names, EMPTOR_NUL, &stream, nullptr, &table.stream, &summary, &error);
  REQUIRE_MESSAGE(status == EMPTOR_OK, error.message);
  CHECK(made.streams + made.schemas + made.arrays == 0);
  const json::value told = take(summary);
  CHECK(told.at("rows").to_number<int>() == 6);
  CHECK(told.at("skipped").to_number<int>() == 1);
  CHECK(told.at("as_of").as_string() == "2024-01-31");
  CHECK(told.at("total").as_string() == "135");
  REQUIRE(table.more());
  REQUIRE(table.batch.length == 3);
  const std::vector<std::vector<std::int64_t>> expected = {{7, 0, 2, 30}, {8, 20, 1, 5}, {9, 10, 1, 100}};
  for (std::int64_t i = 0; i < 3; ++i) {
    const std::vector<std::int64_t>& row = expected[static_cast<std::size_t>(i)];
    for (std::size_t column = 0; column < 3; ++column) CHECK(table.number<std::int64_t>(column, i) == row[column]);
    CHECK(table.number<emptor::Wide>(3, i) == emptor::Wide{row[3]} * 1'000'000);
  }
}

TEST_CASE("compute: uplift of a trial, by hand; without covariates there is an effect and no uplift") {
  // Three of four who were called bought, one of four who were not; a ninth was in no arm.
  MadeArrow made({texts("who", {"a", "b", "c", "d", "e", "f", "g", "h", "i"}),
                  texts("arm", {"call", "call", "call", "call", "none", "none", "none", "none", ""}),
                  numbers<std::int32_t>("bought", "i", {1, 1, 1, 0, 1, 0, 0, 0, 1})});
  ArrowArrayStream stream = made.stream();
  ArrowConsumer table;
  emptor_document* summary = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const char* options = R"({"customer":"who","treatment":"arm","control":"none","outcome":"bought"})";
  REQUIRE_MESSAGE(
      emptor_compute("uplift", options, EMPTOR_NUL, &stream, nullptr, &table.stream, &summary, &error) == EMPTOR_OK,
      error.message);
  CHECK(made.streams + made.schemas + made.arrays == 0);
  const json::value told = take(summary);
  CHECK(told.at("skipped").to_number<int>() == 1);
  CHECK(told.at("sample_ratio").at("p_value").to_number<double>() == 1);
  const json::value& effect = told.at("arms").at(0).at("effect");
  CHECK(effect.at("difference").to_number<double>() == 0.5);
  // Wilson: .300642 to .954413 and .045587 to .699358; Newcombe: .5 -+ the roots of both squares.
  CHECK(effect.at("lower").to_number<double>() == doctest::Approx(0.5 - 0.635488).epsilon(1e-4));
  CHECK(told.at("verdict").as_string().starts_with("no covariates"));
  CHECK(table.columns() == std::vector<std::string>{"customer:u", "arm:u"});
  stream = made.stream();
  ArrowArrayStream none{};
  CHECK(emptor_compute("uplift", R"({"treatment":"arm","outcome":"bought"})", EMPTOR_NUL, &stream, nullptr, &none,
                       nullptr, &error) == EMPTOR_INVALID);
  CHECK(std::string(error.field) == "control");
}

TEST_CASE("compute: [I15] satisfaction of a table, by hand; a score off its scale is refused with its row") {
  MadeArrow made({texts("who", {"a", "b", "a", "c", "d"}),
                  texts("on", {"2024-01-10", "2024-02-10", "2024-07-10", "2024-07-11", "2024-07-12"}),
                  texts("shop", {"x", "x", "y", "y", ""}), numbers<std::int32_t>("said", "i", {5, 4, 1, 3, 5})});
  ArrowArrayStream stream = made.stream();
  ArrowConsumer table;
  emptor_document* summary = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const char* options =
      R"({"customer":"who","date":"on","score":"said","scale":"csat","by":["shop"],"period":"year","as_of":"2024-07-11"})";
  REQUIRE_MESSAGE(emptor_compute("satisfaction", options, EMPTOR_NUL, &stream, nullptr, &table.stream, &summary,
                                 &error) == EMPTOR_OK,
                  error.message);
  CHECK(made.streams + made.schemas + made.arrays == 0);
  const json::value told = take(summary);
  CHECK(told.at("skipped").to_number<int>() == 1);  // the last is after the day
  const json::array& groups = told.at("groups").as_array();
  REQUIRE(groups.size() == 4);  // all, 2024, x, y
  CHECK(groups[0].at("headline").at("value").to_number<double>() == 0.5);
  CHECK(groups[2].at("name").as_string() == "x");
  CHECK(groups[2].at("headline").at("value").to_number<double>() == 1);
  CHECK(groups[3].at("dissatisfied").to_number<int>() == 1);
  CHECK(table.columns() ==
        std::vector<std::string>{"customer:u", "index:g", "weight:g", "reason_1:u", "reason_2:u", "reason_3:u"});
  stream = made.stream();
  ArrowArrayStream none{};
  CHECK(emptor_compute("satisfaction", R"({"customer":"who","date":"on","score":"said","scale":"questionnaire"})",
                       EMPTOR_NUL, &stream, nullptr, &none, nullptr, &error) == EMPTOR_INVALID);
  CHECK(std::string(error.field) == "said");
}

TEST_CASE("compute: without orders each row is a purchase; customers may be texts or floats of whole numbers") {
  for (const bool text : {true, false}) {
    MadeArrow made({text ? texts("customer", {"b", "a", "b"}) : numbers<double>("customer", "g", {2, 1, 2}),
                    texts("date", {"2024-01-02", "2024-01-01T23:30:00Z", "2024-01-02"}),
                    texts("amount", {"1.25", "2", "1.25"})});
    ArrowArrayStream stream = made.stream();
    ArrowConsumer table;
    emptor_error error = EMPTOR_ERROR_INIT;
    const char* options = R"({"as_of":"2024-01-03","scoring":"ntile","bins":2,"zone":"Europe/Berlin"})";
    REQUIRE_MESSAGE(
        emptor_compute("rfm", options, EMPTOR_NUL, &stream, nullptr, &table.stream, nullptr, &error) == EMPTOR_OK,
        error.message);
    CHECK(table.columns().front() == (text ? "customer:u" : "customer:l"));
    CHECK(table.columns().size() == 7);  // two bins have no names
    REQUIRE(table.more());
    CHECK(table.batch.length == 2);
    if (text) CHECK(table.text(0, 1) == "b");
    CHECK(table.number<std::int64_t>(1, 0) == 1);  // half past midnight in Berlin
    CHECK(table.number<std::int64_t>(2, 1) == 2);
    CHECK(table.number<emptor::Wide>(3, 1) == 2'500'000);
  }
}

TEST_CASE("compute: what is wrong is told by column and row, and the stream is released") {
  const auto compute = [](MadeArrow& made, const char* options, emptor_error& error) {
    ArrowArrayStream stream = made.stream();
    ArrowArrayStream out;
    const emptor_status status = emptor_compute("rfm", options, EMPTOR_NUL, &stream, nullptr, &out, nullptr, &error);
    CHECK((stream.release == nullptr));
    CHECK((out.release == nullptr));
    CHECK(made.streams + made.schemas + made.arrays == 0);
    return status;
  };
  emptor_error error = EMPTOR_ERROR_INIT;
  MadeArrow made = purchases();
  CHECK(compute(made, "{}", error) == EMPTOR_NOT_FOUND);
  CHECK(std::string(error.field) == "customer");
  CHECK(compute(made, R"({"customer":"who","date":"receipt","amount":"paid"})", error) == EMPTOR_INVALID);
  CHECK(std::string(error.field) == "receipt");
  CHECK(error.row == 1);
  CHECK(compute(made, R"({"customer":"who","date":"on","amount":"receipt"})", error) == EMPTOR_INVALID);
  CHECK(compute(made, R"({"bins":77})", error) == EMPTOR_INVALID);
  ArrowArrayStream stream = made.stream();
  CHECK(emptor_compute("no_such", nullptr, 0, &stream, nullptr, nullptr, nullptr, nullptr) == EMPTOR_NOT_FOUND);
  CHECK((stream.release == nullptr));
}

TEST_CASE("c api: a build tells which modules it has") {
  for (const char* module :
       {"memory", "sqlite", "host", "import", "export", "arrow", "insight", "compute", "report", "generate", "mine"})
    CHECK(emptor_has(module) == 1);
  CHECK(emptor_has("no_such_module") == 0);
  CHECK(emptor_has("") == 0);
  CHECK(emptor_has(nullptr) == 0);
}
