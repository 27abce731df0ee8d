// Lifetimes of a store whose customers' fields move how often they buy.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/insight/insight.hpp"
#include "emptor/store/open.hpp"
#include "support/made_facts.hpp"
#include "support/put_purchases.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

/// 400 customers over a year; those of the web buy four times as often. The region tells nothing; some ages are
/// unknown.
class Shop {
 public:
  Shop() : store_(open_store(":memory:", {.create = true})), session_(*store_) {
    session_.define_field({"customer", "x_channel", Type::text, 0, ""});
    session_.define_field({"customer", "x_age", Type::integer, 0, ""});
    session_.define_field({"customer", "x_remark", Type::text, 0, ""});
    Random random(5);
    ChangeSet changes;
    std::vector<Id> customers;
    std::vector<MadePurchase> purchases;
    for (std::int32_t i = 0; i < 400; ++i) {
      const bool web = i % 2 == 0;
      ChangeSet::Put put = changes.put("customer");
      put.set("x_channel", std::string_view(web ? "web" : "shop"));
      put.set("region", std::string_view(i % 3 == 0 ? "north" : "south"));
      put.set("x_remark", std::string_view("remark " + std::to_string(i)));
      if (i % 5 != 0) put.set("x_age", std::int64_t{20 + i % 50});
      customers.push_back(put.id());
      // A rate of its own, gamma of shape 2, and a time after which nothing is bought.
      const double own = -std::log(random.uniform()) - std::log(random.uniform());
      const double rate = own / 2 * (web ? 0.08 : 0.02), leaves = -std::log(random.uniform()) * 500;
      for (double day = 60 * random.uniform(), first = day; day < 365 && (day == first || day < first + leaves);
           day -= std::log(random.uniform()) / rate)
        purchases.push_back({i + 1, 0, 19'000 + static_cast<std::int32_t>(day), 10});
    }
    put_purchases(changes, purchases, customers);
    session_.apply(changes);
  }
  json::object told(const std::string& options) {
    return json::parse(run_insight(session_, "lifetime", {.json = options, .write_back = false}).json).as_object();
  }

 private:
  std::unique_ptr<Store> store_;
  Session session_;
};

double number(const json::value& value) { return value.to_number<double>(); }

}  // namespace

TEST_CASE("lifetime, fields: what moves the rate is found, and the richer model never fits worse") {
  Shop shop;
  const double plain = number(shop.told(R"({"model":"pareto-nbd"})").at("log_likelihood"));
  const json::object one = shop.told(R"({"model":"pareto-nbd","covariates":["x_channel"],"leaving_covariates":[]})");
  CHECK(number(one.at("covariates").at("log_likelihood_without")) == doctest::Approx(plain).epsilon(1e-9));
  CHECK(number(one.at("log_likelihood")) > plain);
  CHECK(number(one.at("covariates").at("p_value")) < 1e-9);
  // Planted: four times the rate. Its logarithm lies within 99 % of the estimate.
  const double effect = number(one.at("parameters").at("rate.x_channel=web"));
  const double error = number(one.at("standard_errors").at("rate.x_channel=web"));
  CHECK(std::abs(effect - std::log(4)) < 2.576 * error);
  CHECK(json::serialize(one.at("options").at("covariates")) == R"(["x_channel"])");
  const json::object more = shop.told(
      R"({"model":"pareto-nbd","covariates":["x_channel","x_age","region"],"leaving_covariates":["region"]})");
  CHECK(number(more.at("log_likelihood")) >= number(one.at("log_likelihood")) - 1e-6);
  CHECK(more.at("parameters").as_object().contains("rate.x_age"));
  CHECK(more.at("parameters").as_object().contains("leaving.region=south"));
}

TEST_CASE("lifetime, fields: without leaving_covariates the same move both, and of nbd the rate alone") {
  Shop shop;
  const json::object both = shop.told(R"({"covariates":["x_channel"],"diagnostics":false})");
  CHECK(both.at("parameters").as_object().contains("leaving.x_channel=web"));
  const json::object rate = shop.told(R"({"model":"nbd","covariates":["x_channel"],"diagnostics":false})");
  CHECK(rate.at("parameters").as_object().contains("rate.x_channel=web"));
  CHECK_FALSE(rate.at("parameters").as_object().contains("leaving.x_channel=web"));
}

TEST_CASE("lifetime, fields: a field that is none, or no class, is refused by name") {
  Shop shop;
  for (const char* options : {R"({"covariates":["x_nothing"]})", R"({"covariates":["name"]})",
                              R"({"covariates":["x_remark"]})", R"({"covariates":["owner_id"]})"}) {
    CAPTURE(options);
    try {
      shop.told(options);
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.first().field == "covariates");
      CHECK(error.first().entity == "customer");
    }
  }
}
