#include "emptor/desk/generate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <vector>

#include "core/digest.hpp"
#include "emptor/core/error.hpp"
#include "support/import_ground.hpp"
#include "support/temp_folder.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

/// A shop in a folder that goes away with the test.
struct Shop {
  explicit Shop(const GenerateOptions& options) : path(folder.file("shop")), made(generate(path, options)) {}
  std::string read(const std::string& file) const {
    std::ifstream in(path + "/" + file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  json::object truth() const { return json::parse(read("truth.json")).as_object(); }

  TempFolder folder;
  std::string path;
  Generated made;
};

constexpr const char* all_files[] = {
    "customers.csv",       "products.csv",       "order_lines.csv", "truth.json",       "orders.csv",
    "users.csv",           "contact_points.csv", "consents.csv",    "interactions.csv", "cases.csv",
    "surveys.csv",         "responses.csv",      "campaigns.csv",   "memberships.csv",  "opportunities.csv",
    "truth/customers.csv", "truth/doubles.csv",  "truth/season.csv"};

/// Rows of a file without quoted cells.
std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',') {
        cells.emplace_back();
      } else {
        cells.back() += c;
      }
    }
    rows.push_back(cells);
  }
  rows.erase(rows.begin());
  return rows;
}

}  // namespace

TEST_CASE("generator: the same seed gives the same bytes, another seed others") {
  const Shop one({.customers = 300}), two({.customers = 300}), other({.customers = 300, .seed = 2});
  for (const char* file : all_files) {
    CHECK_MESSAGE(one.read(file).size() > 0, file);
    CHECK_MESSAGE(one.read(file) == two.read(file), file);
  }
  for (const char* file : {"customers.csv", "products.csv", "order_lines.csv", "cases.csv", "memberships.csv"})
    CHECK_MESSAGE(one.read(file) != other.read(file), file);
}

TEST_CASE("generator: the bytes are the same on every machine") {
  const Shop shop({.customers = 300, .lines = 2'000});
  std::string all;
  for (const char* file : all_files) all += shop.read(file);
  // Written down from g++ 12 on x86-64; any other compiler or processor must agree.
  CHECK(hexadecimal(blake2b(shop.read("customers.csv"))).substr(0, 16) == "8424feea1f6bac13");
  CHECK(hexadecimal(blake2b(shop.read("order_lines.csv"))).substr(0, 16) == "f4edfe177808efbd");
  CHECK(hexadecimal(blake2b(all)).substr(0, 16) == "568bccbfeff40de2");
}

TEST_CASE("generator: with `lines` it writes exactly so many rows, and counts what it planted") {
  const Shop shop({.customers = 1'000, .lines = 20'000, .seed = 5});
  const Generated& made = shop.made;
  const auto lines = rows_of(shop.read("order_lines.csv"));
  CHECK(lines.size() == 20'000);
  CHECK(made.lines == 20'000);
  CHECK(made.orders_left_out == 0);
  std::uint64_t anonymous = 0, returned = 0, doubled = 0;
  std::int64_t hundredths = 0;
  std::set<std::string> orders, buyers;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    anonymous += lines[i][2].empty();
    returned += lines[i][4].front() == '-';
    doubled += i > 0 && lines[i] == lines[i - 1];
    orders.insert(lines[i][0]);
    if (!lines[i][2].empty()) buyers.insert(lines[i][2]);
    hundredths += std::stoll(lines[i][4]) * Decimal::parse(lines[i][5])->micros() / 10'000;
  }
  CHECK(anonymous == made.anonymous_lines);
  CHECK(returned == made.returned_lines);
  CHECK(doubled == made.duplicate_lines);
  CHECK(orders.size() == made.orders);
  CHECK(buyers.size() <= made.buyers);
  CHECK(Decimal::of(hundredths, 2) == made.amount);
  CHECK(made.double_customers == 10);
}

TEST_CASE("generator: `lines` multiplies the purchase rates, and the truth has the alpha that follows") {
  const Shop shop({.customers = 1'000, .lines = 20'000});
  const double alpha = shop.truth().at("buyer_model").at("alpha").to_number<double>();
  CHECK(alpha == doctest::Approx(BuyerModel{}.alpha / shop.made.rate_factor).epsilon(1e-12));
  CHECK(shop.made.rate_factor > 1);
}

TEST_CASE("generator: without `lines` there are as many as the buyers come to, and each file has the rows it counts") {
  const Shop shop({.customers = 1'000, .seed = 3});
  const Generated& made = shop.made;
  CHECK(made.rate_factor == 1);
  const auto rows = [&](const char* file) { return rows_of(shop.read(file)).size(); };
  CHECK(rows("order_lines.csv") == made.lines);
  CHECK(rows("orders.csv") == made.orders);
  CHECK(rows("customers.csv") == made.customers);
  CHECK(rows("products.csv") == made.products);
  CHECK(rows("contact_points.csv") == made.contact_points);
  CHECK(rows("consents.csv") == made.consents);
  CHECK(rows("interactions.csv") == made.interactions);
  CHECK(rows("cases.csv") == made.cases);
  CHECK(rows("responses.csv") == made.responses);
  CHECK(rows("opportunities.csv") == made.opportunities);
  CHECK(rows("memberships.csv") == made.memberships);
  CHECK(rows("truth/customers.csv") == made.customers);
  CHECK(rows("truth/doubles.csv") == made.double_customers);
  CHECK(rows("truth/season.csv") == 730);
}

TEST_CASE("generator: sales stand in the order of time, and few products carry most of them") {
  const Shop shop({.customers = 1'000, .lines = 20'000, .seed = 6});
  const auto lines = rows_of(shop.read("order_lines.csv"));
  std::map<std::string, int> sold;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) CHECK_MESSAGE(lines[i - 1][1] <= lines[i][1], "line " << i);
    ++sold[lines[i][3]];
  }
  std::vector<int> counts;
  for (const auto& [product, count] : sold) counts.push_back(count);
  std::sort(counts.rbegin(), counts.rend());
  int top = 0;
  for (std::size_t i = 0; i < counts.size() / 10; ++i) top += counts[i];
  CHECK(top > 8'000);
}

TEST_CASE("generator: buyers buy as often as their truth says, alive from their first purchase to their end") {
  // Poisson: the number of repeats differs from the sum of rate x time by a few of its square roots only.
  const Shop shop({.customers = 3'000, .flaws = false, .causes = false, .campaigns = false});
  std::map<std::string, std::vector<std::string>> times;
  for (const auto& order : rows_of(shop.read("orders.csv")))
    if (order[0].front() != 'C') times[order[2]].push_back(order[1]);
  double expected = 0, repeats = 0;
  std::uint64_t buyers = 0;
  for (const auto& truth : rows_of(shop.read("truth/customers.csv"))) {
    if (truth[1] != "true") {
      CHECK(times.count(truth[0]) == 0);
      continue;
    }
    ++buyers;
    const auto& mine = times.at(truth[0]);
    expected += std::stod(truth[2]) * (std::stod(truth[6]) - std::stod(truth[5])) / 7;
    repeats += static_cast<double>(mine.size()) - 1;
    if (truth[7] == "true") CHECK(mine.back().substr(0, 10) <= truth[8]);
  }
  CHECK(buyers == shop.made.buyers);
  CHECK(std::abs(repeats - expected) < 4 * std::sqrt(expected));
}

TEST_CASE("generator: the rates of all customers have the mean of their gamma distributions") {
  const Shop shop({.customers = 20'000, .flaws = false, .front_office = false});
  double lambda = 0, mu = 0, nu = 0;
  for (const auto& truth : rows_of(shop.read("truth/customers.csv"))) {
    lambda += std::stod(truth[2]) / 20'000;
    mu += std::stod(truth[3]) / 20'000;
    nu += std::stod(truth[4]) / 20'000;
  }
  // Mean shape / rate, standard error sqrt(shape) / rate / sqrt(n).
  const BuyerModel model;
  const double root = std::sqrt(20'000.0);
  CHECK(std::abs(lambda - model.r / model.alpha) < 4 * std::sqrt(model.r) / model.alpha / root);
  CHECK(std::abs(mu - model.s / model.beta) < 4 * std::sqrt(model.s) / model.beta / root);
  CHECK(std::abs(nu - model.q / model.gamma) < 4 * std::sqrt(model.q) / model.gamma / root);
}

TEST_CASE("generator: without flaws nothing is anonymous, double or suspect") {
  const Shop shop({.customers = 500, .lines = 3'000, .flaws = false});
  const Generated& made = shop.made;
  CHECK(made.anonymous_lines + made.duplicate_lines + made.double_customers + made.suspect_names == 0);
  CHECK(made.lines == 3'000);
}

TEST_CASE("generator: causes and campaigns leave nothing where they are off") {
  const Shop shop({.customers = 1'000, .causes = false, .campaigns = false});
  for (const auto& truth : rows_of(shop.read("truth/customers.csv"))) CHECK(truth[9] == "none");
  CHECK(shop.made.memberships + shop.made.campaign_orders == 0);
  CHECK(shop.made.lost > 0);
  CHECK(!shop.truth().contains("campaigns"));
}

TEST_CASE("generator: who is left alone is neither reached nor charged, and the truth counts both arms") {
  const Shop shop({.customers = 4'000});
  std::map<std::string, std::array<std::uint64_t, 4>> waves;
  for (const auto& member : rows_of(shop.read("memberships.csv"))) {
    const bool held_out = member[3] == "true", converted = !member[8].empty();
    auto& wave = waves[member[2]];
    ++wave[held_out ? 1 : 0];
    wave[held_out ? 3 : 2] += converted;
    CHECK(held_out == member[6].empty());
    CHECK((member[9] == "0.00") == held_out);
    CHECK(converted == (member[4] == "converted"));
  }
  const json::object truth = shop.truth();
  for (const json::value& wave : truth.at("campaigns").at("waves").as_array()) {
    const auto& counted = waves.at(wave.at("campaign_id").as_string().c_str());
    CHECK(counted[0] == wave.at("reached").to_number<std::uint64_t>());
    CHECK(counted[1] == wave.at("held_out").to_number<std::uint64_t>());
    CHECK(counted[2] == wave.at("converted_reached").to_number<std::uint64_t>());
    CHECK(counted[3] == wave.at("converted_held_out").to_number<std::uint64_t>());
  }
  std::uint64_t of_campaigns = 0;
  for (const auto& order : rows_of(shop.read("orders.csv"))) of_campaigns += order[5] == "campaign";
  CHECK(of_campaigns == shop.made.campaign_orders);
}

TEST_CASE("generator: a double has the person, the birth date and the number of its original") {
  const Shop shop({.customers = 5'000});
  std::map<std::string, std::vector<std::string>> truth;
  for (auto& row : rows_of(shop.read("truth/customers.csv"))) truth[row[0]] = row;
  std::set<std::string> typings;
  const auto doubles = rows_of(shop.read("truth/doubles.csv"));
  CHECK(doubles.size() == 50);
  for (const auto& row : doubles) {
    CHECK(truth.at(row[0])[13] == row[1]);
    CHECK(truth.at(row[0])[14] == truth.at(row[1])[14]);
    typings.insert(row[2]);
  }
  CHECK(typings.size() == 8);
}

TEST_CASE("generator: everything it writes is imported, each row once and none refused") {
  const Shop shop({.customers = 600});
  const Generated& made = shop.made;
  ImportGround ground;
  const ImportReport report = ground.import({shop.path});
  for (const auto& [entity, counts] : report.entities) CHECK_MESSAGE(counts.rejected == 0, entity);
  CHECK(report.entities.at("customer").written == made.customers);
  CHECK(report.entities.at("product").written == made.products);
  CHECK(report.entities.at("order").written == made.orders);
  CHECK(report.entities.at("order_line").written == made.lines);
  CHECK(report.entities.at("interaction").written == made.interactions);
  CHECK(report.entities.at("case").written == made.cases);
  CHECK(report.entities.at("response").written == made.responses);
  CHECK(report.entities.at("consent").written == made.consents);
  CHECK(report.entities.at("membership").written == made.memberships);
  CHECK(report.entities.at("opportunity").written == made.opportunities);
  CHECK(report.entities.at("survey").written == 1);
  CHECK(report.entities.at("campaign").written == rows_of(shop.read("campaigns.csv")).size());
  CHECK(report.entities.at("user").written == rows_of(shop.read("users.csv")).size());
  // An e-mail address and a telephone number of every customer, and what has a file of its own.
  CHECK(report.entities.at("contact_point").written == 2 * made.customers + made.contact_points);
  CHECK(report.amount.at("EUR") == made.amount);
  CHECK(problem_rows(report, "broken_reference") == -1);
}

TEST_CASE("generator: what was imported refers to what it belongs to") {
  const Shop shop({.customers = 400});
  ImportGround ground;
  ground.import({shop.path});
  for (const Record& membership : ground.all("membership")) {
    CHECK(membership.get("campaign_id").present());
    CHECK(membership.get("customer_id").present());
    CHECK(membership.get("held_out").present());
  }
  for (const Record& response : ground.all("response")) CHECK(response.get("survey_id").present());
  for (const Record& point : ground.all("contact_point")) {
    CHECK(point.get("channel").present());
    CHECK(point.get("value").present());
  }
  for (const Record& found : ground.all("case")) CHECK(found.get("owner_id").present());
  std::size_t branches = 0, due = 0;
  for (const Record& customer : ground.all("customer")) branches += customer.get("parent_id").present();
  for (const Record& order : ground.all("order")) due += order.get("due_at").present();
  CHECK(branches > 0);
  CHECK(due + shop.made.returned_lines == shop.made.orders);
}

TEST_CASE("generator: a single line and a single customer are enough") {
  const Shop shop({.customers = 1, .lines = 1, .days = 1});
  CHECK(shop.made.lines == 1);
}

TEST_CASE("generator: too few lines for all orders leave some out, and it says how many") {
  const Shop shop({.customers = 1'000, .lines = 500});
  CHECK(shop.made.lines == 500);
  CHECK(shop.made.orders_left_out > 0);
  CHECK(shop.truth().at("buyer_model").at("orders_left_out").to_number<std::uint64_t>() == shop.made.orders_left_out);
}

TEST_CASE("generator: what is out of range is refused") {
  const TempFolder folder;
  const std::string path = folder.file("shop");
  CHECK_THROWS_AS(generate(path, {.customers = 0}), Error);
  CHECK_THROWS_AS(generate(path, {.customers = 10'000'001}), Error);
  CHECK_THROWS_AS(generate(path, {.lines = 200'000'001}), Error);
  CHECK_THROWS_AS(generate(path, {.days = 0}), Error);
  CHECK_THROWS_AS(generate(path, {.days = -1}), Error);
  CHECK_THROWS_AS(generate(path, {.buyers = {.alpha = 0}}), Error);
  CHECK_THROWS_AS(generate(path, {.buyers = {.q = 1}}), Error);
  CHECK_THROWS_AS(generate(path, {.buyers = {.r = std::nan("")}}), Error);
}

TEST_CASE("generator: progress tells every stage, and may stop each") {
  const TempFolder folder;
  std::vector<std::string> stages;
  const Progress watch = [&](std::string_view stage, std::uint64_t done, std::uint64_t) {
    CHECK(done > 0);
    if (stages.empty() || stages.back() != stage) stages.emplace_back(stage);
    return true;
  };
  generate(folder.file("watched"), {.customers = 2'000, .progress = watch});
  CHECK(stages == std::vector<std::string>{"customers", "lives", "orders", "sales", "contacts", "service",
                                           "opportunities", "campaigns", "truth"});
  for (const std::string& last : stages) {
    const Progress stop = [&](std::string_view stage, std::uint64_t, std::uint64_t) { return stage != last; };
    try {
      generate(folder.file("stopped"), {.customers = 2'000, .progress = stop});
      FAIL("it went on after " << last);
    } catch (const Error& error) {
      CHECK(error.code() == Code::cancelled);
    }
  }
}
