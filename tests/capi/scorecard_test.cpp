// A scorecard from C: learnt by one call, kept as the text it gave, and used on other rows by another.

#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "emptor.h"
#include "support/arrow_consumer.hpp"
#include "support/made_arrow.hpp"
#include "support/taken_document.hpp"

using namespace emptor::test;
namespace json = boost::json;

namespace {

// 400 loans: with a guarantee 1 in 8 goes bad, without one 5 in 8; the ages tell nothing.
MadeArrow loans() {
  std::vector<std::string> guarantee;
  std::vector<double> age, bad;
  for (int i = 0; i < 400; ++i) {
    const bool with = i % 2 == 0;
    guarantee.push_back(with ? "yes" : "no");
    age.push_back(20 + i % 40);
    bad.push_back(i / 2 % 8 < (with ? 1 : 5) ? 1 : 0);
  }
  return MadeArrow({texts_of("guarantee", guarantee), real_numbers("age", age), real_numbers("bad", bad)});
}

emptor_status call(const char* computation, MadeArrow& rows, const std::string& options, ArrowConsumer& out,
                   json::value& summary, std::string& field) {
  ArrowArrayStream in = rows.stream();
  emptor_document* document = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status =
      emptor_compute(computation, options.data(), options.size(), &in, nullptr, &out.stream, &document, &error);
  CHECK((in.release == nullptr));
  field = error.field;
  if (status == EMPTOR_OK) summary = take(document);
  return status;
}

}  // namespace

TEST_CASE("scorecard in C: a card is learnt, kept as JSON, and scores rows that came later") {
  MadeArrow rows = loans();
  ArrowConsumer card_table;
  json::value learnt;
  std::string field;
  REQUIRE(call("scorecard", rows, R"({"target":"bad"})", card_table, learnt, field) == EMPTOR_OK);
  CHECK(learnt.at("events").to_number<int>() == 150);
  CHECK(learnt.at("left_out").at(0).at("column").as_string() == "age");
  REQUIRE(card_table.more());
  REQUIRE(card_table.batch.length == 2);
  // Groups rise in their share of events: with a guarantee 25 of 200, without one 125 of 200.
  CHECK(card_table.text(card_table.column("bin"), 0) == "yes");
  CHECK(card_table.number<double>(card_table.column("events"), 0) == 25);
  CHECK(card_table.number<double>(card_table.column("woe"), 0) ==
        doctest::Approx(std::log((175.0 / 250) / (25.0 / 150))));
  const double points = card_table.number<double>(card_table.column("points"), 1);

  MadeArrow later({texts("guarantee", {"no", "yes", "no"})});
  ArrowConsumer scores;
  json::value told;
  const std::string kept = json::serialize(json::object{{"card", learnt.at("card")}, {"reasons", 1}});
  REQUIRE(call("scorecard_points", later, kept, scores, told, field) == EMPTOR_OK);
  CHECK(scores.columns() == std::vector<std::string>{"points:g", "chance:g", "reason_1:u", "lost_1:g"});
  REQUIRE(scores.more());
  REQUIRE(scores.batch.length == 3);
  CHECK(scores.number<double>(0, 0) == points);
  // A regression on one attribute gives each bin its own share.
  CHECK(scores.number<double>(1, 0) == doctest::Approx(125.0 / 200));
  CHECK(scores.number<double>(1, 1) == doctest::Approx(25.0 / 200));
  CHECK(scores.text(2, 0) == "guarantee");
  CHECK(scores.missing(2, 1));
}

TEST_CASE("scorecard in C: faults name the field, and every stream is released") {
  ArrowConsumer out;
  json::value told;
  std::string field;
  MadeArrow rows = loans();
  CHECK(call("scorecard", rows, "{}", out, told, field) == EMPTOR_INVALID);
  CHECK(field == "target");
  CHECK(call("scorecard", rows, R"({"target":"guarantee"})", out, told, field) == EMPTOR_INVALID);
  CHECK(field == "positive");
  CHECK(call("scorecard", rows, R"({"target":"nothing"})", out, told, field) == EMPTOR_NOT_FOUND);
  CHECK(call("scorecard_points", rows, R"({"card":{"target":"bad"}})", out, told, field) == EMPTOR_INVALID);
  CHECK(field == "card");
  CHECK(rows.streams + rows.schemas + rows.arrays == 0);
}
