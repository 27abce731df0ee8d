// Every insight from C, on a store that is made here and on an empty one, with the options that its schema allows and
// those that it does not. The cases are made from the schemas, so that an option that is added is tested.

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "emptor.h"
#include "support/taken_document.hpp"
#include "support/temp_folder.hpp"

using namespace emptor::test;
namespace json = boost::json;

namespace {

struct CStore {
  CStore() {
    emptor_store_options options = EMPTOR_STORE_OPTIONS_INIT;
    options.create = 1;
    options.currency = "EUR";
    REQUIRE(emptor_store_open(":memory:", EMPTOR_NUL, &options, &store, nullptr) == EMPTOR_OK);
    REQUIRE(emptor_session_open(store, nullptr, &session, nullptr) == EMPTOR_OK);
  }
  ~CStore() {
    emptor_session_close(session, nullptr);
    emptor_store_close(store, nullptr);
  }
  CStore(const CStore&) = delete;
  CStore& operator=(const CStore&) = delete;

  emptor_store* store = nullptr;
  emptor_session* session = nullptr;
};

struct Answer {
  emptor_status status = EMPTOR_OK;
  std::string field, message;
  json::value told;
};

Answer run(const CStore& ground, const std::string& operation, const std::string& options) {
  Answer answer;
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  answer.status = emptor_run(ground.session, operation.c_str(), options.data(), options.size(), &document, &error);
  answer.field = error.field;
  answer.message = error.message;
  CHECK((document == nullptr) == (answer.status != EMPTOR_OK));
  if (answer.status == EMPTOR_OK) answer.told = take(document);
  return answer;
}

/// A shop of so many customers, made and imported: order lines of a quarter, and what came of each customer.
void fill(const CStore& ground, int customers) {
  const TempFolder folder;
  std::ofstream people(folder.file("customers.csv")), lines(folder.file("order_lines.csv"));
  people << "customer_id,name,plan,visits,left\n";
  lines << "order_id,customer_id,order_date,product,quantity,unit_price\n";
  for (int who = 0, order = 0; who < customers; ++who) {
    people << 'C' << who << ",Customer " << who << (who % 2 == 0 ? ",monthly," : ",yearly,") << who % 9 << ','
           << (who % 3 == 0 ? "yes" : "no") << '\n';
    for (int i = 0; i <= who % 7; ++i, ++order)
      lines << 'O' << order << ",C" << who << ",2023-" << 10 + (i + who) % 3 << '-' << 10 + (order * 5) % 19 << ",P"
            << order % 5 << ',' << order % 3 + 1 << ",2.50\n";
  }
  people.close();
  lines.close();
  const json::array paths = {folder.file("customers.csv"), folder.file("order_lines.csv")};
  REQUIRE(run(ground, "import", json::serialize(json::object{{"paths", paths}, {"currency", "EUR"}})).status ==
          EMPTOR_OK);
}

struct Insight {
  std::string name;
  json::object properties;
};

std::vector<Insight> all_insights() {
  emptor_document* list = nullptr;
  REQUIRE(emptor_insights(&list, nullptr) == EMPTOR_OK);
  const json::value told = take(list);
  std::vector<Insight> all;
  for (const json::value& one : told.as_array())
    all.push_back({std::string(one.at("name").as_string()), one.at("options").at("properties").as_object()});
  return all;
}

std::string with(const std::string& option, const json::value& value) {
  return json::serialize(json::object{{"no_write", true}, {option, value}});
}

bool is_number(const json::object& schema) {
  const json::value* type = schema.if_contains("type");
  return type != nullptr && type->is_string() && (type->as_string() == "integer" || type->as_string() == "number");
}

/// Values that the schema names: choices, truths, ends of a range.
std::vector<json::value> allowed_values(const json::object& schema) {
  std::vector<json::value> values;
  if (const json::value* choices = schema.if_contains("enum"))
    for (const json::value& one : choices->as_array()) values.push_back(one);
  if (schema.at("type") == json::value("boolean")) values = {true, false};
  if (!is_number(schema)) return values;
  constexpr double most_work = 5'000;  // a million repetitions are allowed, and take their time
  for (const char* end : {"minimum", "maximum"})
    if (const json::value* value = schema.if_contains(end); value != nullptr && value->to_number<double>() <= most_work)
      values.push_back(*value);
  return values;
}

/// Values that it does not allow.
std::vector<json::value> refused_values(const json::object& schema) {
  std::vector<json::value> values = {nullptr, json::object{{"a", 1}}, json::array{json::array{}}};
  if (schema.contains("enum")) values.emplace_back("no such choice");
  if (const json::value* least = schema.if_contains("minimum"); least != nullptr && is_number(schema)) {
    values.emplace_back(least->to_number<double>() - 1);
    values.emplace_back(-1e300);
  }
  if (schema.contains("maximum") && is_number(schema)) values.emplace_back(1e300);
  for (const char* end : {"exclusiveMinimum", "exclusiveMaximum"})
    if (const json::value* value = schema.if_contains(end)) values.push_back(*value);
  return values;
}

}  // namespace

TEST_CASE("insights in C: each runs on a made store, and once more after its own results were kept") {
  const CStore ground;
  fill(ground, 120);
  for (const Insight& insight : all_insights()) {
    CAPTURE(insight.name);
    const Answer first = run(ground, insight.name, "{}");
    CHECK_MESSAGE(first.status == EMPTOR_OK, first.message);
    if (first.status != EMPTOR_OK) continue;
    CHECK(first.told.at("insight").as_string() == insight.name);
    CHECK(first.told.at("model_id").is_string());
    CHECK(run(ground, insight.name, R"({"no_write":true})").status == EMPTOR_OK);
  }
}

TEST_CASE("insights in C: on an empty store each has an answer, and writes no score") {
  const CStore ground;
  for (const Insight& insight : all_insights()) {
    CAPTURE(insight.name);
    const Answer answer = run(ground, insight.name, "");
    CHECK_MESSAGE(answer.status == EMPTOR_OK, answer.message);
  }
  std::int64_t scores = -1;
  REQUIRE(emptor_count(ground.session, "score", nullptr, &scores, nullptr) == EMPTOR_OK);
  CHECK(scores == 0);
}

TEST_CASE("insights in C: what a schema allows is taken, each choice and both ends of each range") {
  // These ask for another option beside them, or for what an earlier run kept.
  const std::set<std::string> not_alone = {R"(rfm {"no_write":true,"scoring":"fixed_cuts"})",
                                           R"(market {"no_write":true,"least_k":50})",
                                           R"(market {"no_write":true,"use_kept":true})"};
  const CStore ground;
  fill(ground, 60);
  std::size_t taken = 0, refused = 0;
  for (const Insight& insight : all_insights())
    for (const auto& [option, schema] : insight.properties)
      for (const json::value& value : allowed_values(schema.as_object())) {
        const std::string options = with(std::string(option), value);
        CAPTURE(insight.name);
        CAPTURE(options);
        const Answer answer = run(ground, insight.name, options);
        if (not_alone.count(insight.name + ' ' + options) == 1) {
          CHECK(answer.status == EMPTOR_INVALID);
          CHECK(!answer.field.empty());
          ++refused;
          continue;
        }
        CHECK_MESSAGE(answer.status == EMPTOR_OK, answer.message);
        ++taken;
      }
  CHECK(taken > 100);
  CHECK(refused == not_alone.size());
}

TEST_CASE("insights in C: what a schema does not allow is refused, and the field says which option it was") {
  const CStore ground;
  fill(ground, 30);
  for (const Insight& insight : all_insights()) {
    CAPTURE(insight.name);
    for (const auto& [option, schema] : insight.properties)
      for (const json::value& value : refused_values(schema.as_object())) {
        const std::string options = with(std::string(option), value);
        CAPTURE(options);
        const Answer answer = run(ground, insight.name, options);
        CHECK(answer.status == EMPTOR_INVALID);
        CHECK(answer.field.starts_with(std::string_view(option)));
      }
    const Answer unknown = run(ground, insight.name, R"({"no_write":true,"no such option":1})");
    CHECK(unknown.status == EMPTOR_INVALID);
    CHECK(unknown.field == "no such option");
  }
}

TEST_CASE("insights in C: texts and lists that no schema can check end in an answer or a refusal, never worse") {
  const CStore ground;
  fill(ground, 30);
  const std::string long_text(100'000, 'x');
  const std::vector<std::string> hostile = {"", "'; drop table customer; --", "\xf0\x9f\x90\x89", long_text};
  const std::set<emptor_status> defined = {EMPTOR_OK, EMPTOR_INVALID, EMPTOR_NOT_FOUND};
  for (const Insight& insight : all_insights())
    for (const auto& [option, schema] : insight.properties) {
      const json::value type = schema.at("type");
      if (schema.as_object().contains("enum") || (type != "string" && type != "array")) continue;
      for (const std::string& text : hostile) {
        const json::value value = type == "array" ? json::value(json::array{text, text}) : json::value(text);
        CAPTURE(insight.name);
        CAPTURE(std::string(option));
        CHECK(defined.count(run(ground, insight.name, with(std::string(option), value)).status) == 1);
      }
    }
}

TEST_CASE("insights in C: options that are no JSON, no text or no object are refused") {
  const CStore ground;
  emptor_document* document = nullptr;
  for (const Insight& insight : all_insights()) {
    CAPTURE(insight.name);
    for (const char* options : {"{", "[]", "7", "null", "\"text\"", "{\"as_of\":\"yesterday\"}", "{\"as_of\":7}",
                                "\xff\xfe", "{\"no_write\":\"yes\"}"}) {
      CAPTURE(options);
      CHECK(run(ground, insight.name, options).status == EMPTOR_INVALID);
    }
    CHECK(run(ground, insight.name, std::string(3'000, '[')).status == EMPTOR_INVALID);
    CHECK(emptor_run(ground.session, insight.name.c_str(), nullptr, 0, &document, nullptr) == EMPTOR_OK);
    CHECK(emptor_document_free(document, nullptr) == EMPTOR_OK);
    CHECK(emptor_run(ground.session, insight.name.c_str(), nullptr, 5, &document, nullptr) == EMPTOR_MISUSE);
    CHECK(emptor_run(nullptr, insight.name.c_str(), "{}", 2, &document, nullptr) == EMPTOR_MISUSE);
  }
  CHECK(run(ground, "no_such_insight", "{}").status == EMPTOR_NOT_FOUND);
}
