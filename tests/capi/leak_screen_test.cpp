// The screen for columns that know too much, from C.

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "emptor.h"
#include "support/arrow_consumer.hpp"
#include "support/made_arrow.hpp"
#include "support/taken_document.hpp"

using namespace emptor::test;
namespace json = boost::json;

namespace {

// 400 calls: the reason stands there only where the customer left; the day of the week tells nothing.
MadeArrow calls() {
  std::vector<std::string> reason;
  std::vector<double> day, age;
  std::vector<std::string> left;
  for (int i = 0; i < 400; ++i) {
    const bool gone = i % 4 == 0;
    reason.push_back(gone ? (i % 8 == 0 ? "price" : "moved") : "none");
    day.push_back(i / 4 % 7);
    age.push_back(20 + i / 4 % 40);
    left.push_back(gone ? "yes" : "no");
  }
  return MadeArrow(
      {texts_of("reason", reason), real_numbers("day", day), real_numbers("age", age), texts_of("left", left)});
}

emptor_status screen(const std::string& options, ArrowConsumer& out, json::value& summary, std::string& field) {
  MadeArrow rows = calls();
  ArrowArrayStream in = rows.stream();
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status =
      emptor_compute("leak_screen", options.data(), options.size(), &in, nullptr, &out.stream, &document, &error);
  CHECK((in.release == nullptr));
  field = error.field;
  if (status == EMPTOR_OK) summary = take(document);
  return status;
}

}  // namespace

TEST_CASE("leak screen in C: what was written because of the outcome is named, with every column's own AUC") {
  ArrowConsumer out;
  json::value told;
  std::string field;
  REQUIRE(screen(R"({"target":"left","positive":"yes"})", out, told, field) == EMPTOR_OK);
  REQUIRE(told.at("suspects").as_array().size() == 1);
  CHECK(told.at("suspects").at(0).at("column").as_string() == "reason");
  CHECK(told.at("suspects").at(0).at("reason").as_string() == "certain");
  CHECK(told.at("events").to_number<int>() == 100);
  CHECK(out.columns() == std::vector<std::string>{"column:u", "auc:g", "suspect:u", "rest_auc:g"});
  REQUIRE(out.more());
  REQUIRE(out.batch.length == 3);  // a protected column (age) is screened as any other
  CHECK(out.text(0, 0) == "reason");
  CHECK(out.number<double>(1, 0) == 1);
  CHECK(out.text(2, 0) == "certain");
  CHECK(out.missing(2, 1));
  CHECK(out.number<double>(1, 1) < 0.7);
}

TEST_CASE("leak screen in C: faults name the option") {
  ArrowConsumer out;
  json::value told;
  std::string field;
  CHECK(screen("{}", out, told, field) == EMPTOR_INVALID);
  CHECK(field == "target");
  CHECK(screen(R"({"target":"left"})", out, told, field) == EMPTOR_INVALID);
  CHECK(field == "positive");
  CHECK(screen(R"({"target":"nobody"})", out, told, field) == EMPTOR_NOT_FOUND);
  CHECK(screen(R"({"target":"left","positive":"yes","certain_auc":1.5})", out, told, field) == EMPTOR_INVALID);
  CHECK(field == "certain_auc");
  CHECK(screen(R"({"target":"left","positive":"yes","columns":["reason","left"]})", out, told, field) ==
        EMPTOR_INVALID);
}
