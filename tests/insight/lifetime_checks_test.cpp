// What the computation "lifetime" says about itself, and covariates out of a table.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <fstream>
#include <sstream>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/compute.hpp"
#include "emptor/mine/spend.hpp"
#include "insight/lifetime/lifetime_checks.hpp"
#include "support/data.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

/// A table of purchases, with a column of words beside them.
struct Sales {
  NamedTable table;
  Sales() {
    table.add("customer", Type::integer);
    table.add("date", Type::date);
    table.add("amount", Type::real);
    table.add("channel", Type::text);
  }
  void add(std::int64_t customer, std::int32_t day, double amount, std::string_view channel = "shop") {
    table.columns[0].append(Value(customer));
    table.columns[1].append(Value(Date{day}));
    table.columns[2].append(Value(amount));
    table.columns[3].append(Value(channel));
  }
};

struct Answer {
  json::object told;
  NamedTable table;
};

Answer lifetimes(const Sales& sales, const std::string& options) {
  ArrowArrayStream stream{};
  to_arrow(sales.table, &stream);
  ComputedResult result = compute("lifetime", {&stream, options});
  return {json::parse(result.json).as_object(), std::move(result.table)};
}

std::optional<Sales> cdnow_sales() {
  const auto path = data_path("cdnow/cdnow_elog_sample.csv");
  if (!path) return std::nullopt;
  std::ifstream file(*path);
  Sales sales;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    std::int64_t master = 0, customer = 0;
    int date = 0, count = 0;
    double paid = 0;
    fields >> master >> customer >> date >> count >> paid;
    const std::string text = std::to_string(date);
    sales.add(customer, parse_date(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6))->days, paid);
  }
  return sales;
}

double number(const json::value& object, const char* name) { return object.at(name).to_number<double>(); }

/// Customers of two channels for 400 days; those of the web buy `times` as often.
Sales two_channels(double times, std::uint64_t seed) {
  Random random(seed);
  Sales sales;
  for (std::int64_t id = 1; id <= 1'500; ++id) {
    const bool web = id % 3 == 0;
    const double rate = .05 * random.gamma(1.5) * (web ? times : 1);
    const double born = 100 * random.uniform(), ends = born - std::log(1 - random.uniform()) * 300 / random.gamma(1.5);
    for (double day = born; day <= std::min(ends, 400.0); day -= std::log(1 - random.uniform()) / rate)
      sales.add(id, 19'000 + static_cast<std::int32_t>(day), 5 + 20 * random.uniform(), web ? "web" : "shop");
  }
  return sales;
}

}  // namespace

TEST_CASE("lifetime checks: the hold-out of CDNOW has the errors of the papers' forecasts") {
  const auto sales = cdnow_sales();
  if (!sales) return;
  // Independently computed on the same customers: sum, mean absolute error, root of the mean square.
  const std::tuple<const char*, double, double, double> expected[] = {{"bg-nbd", 1653.4087, .785454, 1.607982},
                                                                      {"pareto-nbd", 1665.5131, .754523, 1.602848}};
  for (const auto& [model, sum, absolute, root] : expected) {
    const Answer answer =
        lifetimes(*sales, R"({"as_of":"1998-06-30","hold_out":39,"model":")" + std::string(model) + "\"}");
    const json::value& checks = answer.told.at("diagnostics");
    const json::value& held = checks.at("hold_out");
    CHECK(held.at("until").as_string() == "1997-09-30");
    CHECK(number(held, "customers") == 2'357);
    CHECK(number(held, "actual") == 1'882);
    CHECK(number(held.at("model"), "purchases") == doctest::Approx(sum).epsilon(1e-6));
    CHECK(number(held.at("model"), "mean_absolute_error") == doctest::Approx(absolute).epsilon(1e-5));
    CHECK(number(held.at("model"), "root_mean_square_error") == doctest::Approx(root).epsilon(1e-5));
    CHECK(number(held.at("model"), "root_mean_square_error") < number(held.at("own_rate"), "root_mean_square_error"));
    double customers = 0, actual = 0, predicted = 0;
    for (const json::value& group : held.at("groups").as_array()) {
      customers += number(group, "customers");
      actual += number(group, "actual");
      predicted += number(group, "expected");
    }
    CHECK(customers == 2'357);
    CHECK(actual == 1'882);
    CHECK(predicted == doctest::Approx(sum).epsilon(1e-6));
    const json::value& track = checks.at("tracking");
    CHECK(track.at("fitted_until").as_string() == "1997-09-30");
    CHECK(number(track, "period_days") == 7);
    const json::array &came = track.at("actual").as_array(), &due = track.at("expected").as_array();
    REQUIRE(came.size() == 78);
    double all = 0, after = 0, in_sample = 0;
    for (std::size_t week = 0; week < 78; ++week) {
      (week < 39 ? all : after) += came[week].to_number<double>();
      if (week < 39) in_sample += due[week].to_number<double>();
    }
    CHECK(all == 2'457);
    CHECK(after == 1'882);
    CHECK(in_sample == doctest::Approx(2'457).epsilon(.05));  // the models are within 5 % of what they were fitted to
    CHECK(checks.at("frequencies").at("actual").as_array().size() == 8);
  }
}

TEST_CASE("lifetime checks: frequencies and tracking by their definition, on made customers") {
  const Sales sales = two_channels(1, 3);
  const Answer answer = lifetimes(sales, R"({"unit":"day","model":"bg-nbd","hold_out":0})");
  const json::value& checks = answer.told.at("diagnostics");
  CHECK(checks.at("hold_out").is_null());
  const std::vector<double> parameters{
      number(answer.told.at("parameters"), "r"), number(answer.told.at("parameters"), "alpha"),
      number(answer.told.at("parameters"), "a"), number(answer.told.at("parameters"), "b")};
  const mine::LifetimeModel model = mine::lifetime_of(mine::LifetimeKind::bg_nbd, parameters);
  double none = 0, repeats = 0;
  const Column &frequency = answer.table.columns[1], &age = answer.table.columns[3], &spend = answer.table.columns[4];
  std::vector<double> counts_of, means;
  for (std::size_t i = 0; i < age.size(); ++i) {
    none += mine::repeat_chance(model, age.value(i).real(), 0);
    repeats += mine::expected_repeats(model, age.value(i).real());
    counts_of.push_back(frequency.value(i).real());
    means.push_back(spend.value(i).real());
  }
  const json::value& independence = checks.at("independence");
  const double correlation = mine::frequency_spend_correlation({counts_of, means});
  CHECK(number(independence, "correlation") == doctest::Approx(correlation).epsilon(1e-9));
  CHECK(independence.at("interval").as_array()[0].to_number<double>() < correlation);
  CHECK(std::abs(number(independence, "rank_correlation")) < .25);  // only purchases of one day are added up
  const json::value& counts = checks.at("frequencies");
  CHECK(counts.at("expected").as_array()[0].to_number<double>() == doctest::Approx(none).epsilon(1e-4));
  const json::value& track = checks.at("tracking");
  double expected = 0, came = 0;
  for (const json::value& one : track.at("expected").as_array()) expected += one.to_number<double>();
  for (const json::value& one : track.at("actual").as_array()) came += one.to_number<double>();
  CHECK(expected == doctest::Approx(repeats).epsilon(1e-9));
  CHECK(came == number(json::value(answer.told), "repeat_purchases"));
  CHECK(track_of_state(json::serialize(answer.told))->expected.size() == track.at("expected").as_array().size());
  CHECK_FALSE(track_of_state("{}").has_value());
  CHECK_FALSE(track_of_state("[").has_value());
  CHECK(lifetimes(sales, R"({"diagnostics":false})").told.at("diagnostics").is_null());
}

TEST_CASE(
    "lifetime covariates of a table: a planted effect is found, forecasts use it, and known parameters give it again") {
  const Sales sales = two_channels(2.5, 5);
  const Answer answer = lifetimes(sales, R"({"model":"pareto-nbd","covariates":["channel"],"interval_level":0.9})");
  const json::object& found = answer.told.at("parameters").as_object();
  REQUIRE(found.contains("rate.channel=web"));
  REQUIRE(found.contains("leaving.channel=web"));
  const double effect = found.at("rate.channel=web").to_number<double>();
  const double error = answer.told.at("standard_errors").at("rate.channel=web").to_number<double>();
  CHECK(std::abs(effect - std::log(2.5)) < 4 * error);
  CHECK(number(answer.told.at("covariates"), "p_value") < 1e-6);
  CHECK(number(answer.told.at("covariates"), "groups") == 2);
  CHECK(number(answer.told.at("covariates"), "log_likelihood_without") <
        number(json::value(answer.told), "log_likelihood"));
  CHECK(answer.told.at("diagnostics").at("hold_out").at("end").as_string() == "certified");
  std::string known;
  for (const auto& [name, value] : found) known += (known.empty() ? "" : ",") + json::serialize(value);
  const Answer again =
      lifetimes(sales, R"({"model":"pareto-nbd","covariates":["channel"],"parameters":[)" + known + "]}");
  const auto expected_of = [](const Answer& of) { return number(json::value(of.told), "expected"); };
  CHECK(expected_of(again) == doctest::Approx(expected_of(answer)).epsilon(1e-12));
  // Confidence and prediction stand side by side, around the expectation.
  const auto column = [&](std::string_view name) -> const Column& {
    for (std::size_t i = 0; i < answer.table.names.size(); ++i)
      if (answer.table.names[i] == name) return answer.table.columns[i];
    throw std::runtime_error("there is no such column");
  };
  for (std::size_t i = 0; i < 1'500; i += 50) {
    const double expected = column("expected").value(i).real();
    CHECK(column("expected_low").value(i).real() <= expected);
    CHECK(column("expected_high").value(i).real() >= expected);
    CHECK(column("purchases_low").value(i).real() <= column("purchases_high").value(i).real());
  }
}

TEST_CASE("lifetime covariates of a table: what says two things of a customer is refused by column and row") {
  Sales sales = two_channels(1, 7);
  sales.add(1, 19'390, 5, "web");
  sales.add(1, 19'391, 5, "shop");
  try {
    lifetimes(sales, R"({"covariates":["channel"]})");
    FAIL("taken");
  } catch (const Error& error) {
    CHECK(error.code() == Code::invalid);
    CHECK(error.first().field == "channel");
    CHECK(error.first().row.has_value());
  }
  CHECK_THROWS_AS(lifetimes(sales, R"({"covariates":["colour"]})"), Error);
  CHECK_THROWS_AS(lifetimes(two_channels(1, 7), R"({"model":"nbd","leaving_covariates":["channel"]})"), Error);
}

TEST_CASE("lifetime verdict: purchases that are known and values that are not are told apart") {
  Sales sales = two_channels(1, 9);
  for (auto& bits : sales.table.columns[2].bits) bits = 0;
  const json::object told = lifetimes(sales, R"({"diagnostics":false})").told;
  CHECK(told.at("verdict").as_string() ==
        "sufficient for purchases, not for their value: no customer has a repeat purchase with an amount above 0");
  CHECK(told.at("value").is_null());
}
