// The generator's buyers follow Pareto/NBD and Gamma-Gamma with parameters that its truth tells.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <cmath>

#include "emptor/desk/generate.hpp"
#include "emptor/insight/insight.hpp"
#include "support/import_ground.hpp"

using namespace emptor;
using namespace emptor::test;

namespace {

namespace json = boost::json;

constexpr double normal_99 = 2.5758293035489004;

}  // namespace

TEST_CASE("lifetime, generated: [I2] planted parameters lie in the 99 % intervals of the fit") {
  for (const std::uint64_t seed : {1, 2, 3}) {
    ImportGround ground;
    const BuyerModel planted;
    generate(
        ground.path("shop"),
        {.customers = 20'000, .seed = seed, .buyers = planted, .flaws = false, .season = false, .front_office = false});
    ground.import({ground.path("shop")});
    const json::object told =
        json::parse(run_insight(ground.session(), "lifetime",
                                {.json = R"({"model":"pareto-nbd","unit":"week"})", .write_back = false})
                        .json)
            .as_object();
    const auto check = [&](const json::object& fit, const char* name, double truth) {
      CAPTURE(name);
      const double estimate = fit.at("parameters").at(name).as_double();
      const double error = fit.at("standard_errors").at(name).as_double();
      CHECK(std::abs(estimate - truth) < normal_99 * error);
    };
    for (const auto& [name, truth] :
         {std::pair{"r", planted.r}, {"alpha", planted.alpha}, {"s", planted.s}, {"beta", planted.beta}})
      check(told, name, truth);
    for (const auto& [name, truth] : {std::pair{"p", planted.p}, {"q", planted.q}, {"gamma", planted.gamma}})
      check(told.at("gamma_gamma").as_object(), name, truth);
  }
}
