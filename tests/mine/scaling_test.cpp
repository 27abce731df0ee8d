#include "emptor/mine/scaling.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "emptor/core/error.hpp"
#include "mine/kmeans_ground.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();

NumberView column_of(const std::vector<double>& values) { return {values.data(), values.size(), 1, 1, 1}; }

Scaling scaling_of(const std::vector<double>& values, ScalingMethod method) {
  return fit_scaling(column_of(values), {.method = method});
}

Code code_of(const std::vector<double>& values, ScalingMethod method = ScalingMethod::zscore) {
  try {
    (void)scaling_of(values, method);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::ok;
}

}  // namespace

TEST_CASE("scaling: a z-score has the sample standard deviation") {
  const Scaling scaling = scaling_of({2, 4, 4, 4, 5, 5, 7, 9}, ScalingMethod::zscore);
  CHECK(scaling.centre[0] == 5);
  CHECK(scaling.spread[0] == std::sqrt(32.0 / 7));
}

TEST_CASE("scaling: a deviation that is small beside its mean is not lost") {
  const Scaling scaling = scaling_of({1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}, ScalingMethod::zscore);
  CHECK(scaling.centre[0] == 1e9 + 10);
  CHECK(scaling.spread[0] == std::sqrt(30.0));
}

TEST_CASE("scaling: least value and range; median and quartiles as R's type 7 has them") {
  CHECK(scaling_of({3, -1, 7}, ScalingMethod::min_max).centre[0] == -1);
  CHECK(scaling_of({3, -1, 7}, ScalingMethod::min_max).spread[0] == 8);
  // R: quantile(c(1, 2, 4, 8, 16, 32), c(.25, .5, .75)) is 2.5 6.0 14.0
  const Scaling robust = scaling_of({8, 1, 32, 2, 16, 4}, ScalingMethod::robust);
  CHECK(robust.centre[0] == 6);
  CHECK(robust.spread[0] == 11.5);
  CHECK(scaling_of({3, -1, 7}, ScalingMethod::none) == Scaling{{.method = ScalingMethod::none}, {0}, {1}});
}

TEST_CASE("scaling: there and back, missing values staying missing") {
  const std::vector<double> values{2, missing, 4, 9};
  const Scaling scaling = scaling_of(values, ScalingMethod::min_max);
  std::vector<double> scaled(4), back(4);
  apply(scaling, column_of(values), scaled);
  undo(scaling, column_of(scaled), back);
  CHECK(scaled[0] == 0);
  CHECK(std::isnan(scaled[1]));
  CHECK(scaled[3] == 1);
  CHECK(back[2] == doctest::Approx(4));
}

TEST_CASE("scaling: the order of rows and the threads do not matter to the last bit") {
  const test::Points points = test::blobs(5'001, 6, 5, 3);
  const test::Points other = test::permuted(points, test::shuffled(points.rows(), 9));
  for (const ScalingMethod method : {ScalingMethod::zscore, ScalingMethod::min_max, ScalingMethod::robust}) {
    const Scaling scaling = fit_scaling(points.view(), {.method = method});
    CHECK(scaling == fit_scaling(other.view(), {.method = method}, {.executor = thread_executor(3)}));
  }
}

TEST_CASE("scaling: constant columns are refused by name, or kept as zeros where that is asked for") {
  const std::vector<double> values{5, 5, 5};
  CHECK(code_of(values) == Code::invalid);
  CHECK(code_of(values, ScalingMethod::min_max) == Code::invalid);
  CHECK(code_of({1, 2, 2, 2, 2, 2, 9}, ScalingMethod::robust) == Code::invalid);
  const Scaling kept = fit_scaling(column_of(values), {.constant = ConstantColumn::keep});
  CHECK(kept.spread[0] == 1);
  std::vector<double> scaled(3);
  apply(kept, column_of(values), scaled);
  CHECK(scaled == std::vector<double>{0, 0, 0});
}

TEST_CASE("scaling: what has no scale is refused") {
  CHECK(code_of({}) == Code::invalid);
  CHECK(code_of({1}) == Code::invalid);
  CHECK(code_of({missing, missing}) == Code::invalid);
  CHECK(code_of({1, std::numeric_limits<double>::infinity()}) == Code::invalid);
  CHECK(code_of({-1e308, 1e308}, ScalingMethod::min_max) == Code::invalid);
  const Scaling scaling = scaling_of({1, 2}, ScalingMethod::zscore);
  std::vector<double> out(4);
  CHECK_THROWS_AS(apply(scaling, NumberView(out.data(), 2, 2, 2, 1), out), Error);
}

TEST_CASE("scaling: what is read is what was written") {
  const Scaling scaling = fit_scaling(test::blobs(30, 4, 2, 3).view(), {.method = ScalingMethod::robust});
  const std::string bytes = save(scaling);
  CHECK(load_scaling(bytes) == scaling);
  CHECK_THROWS_AS(load_scaling(bytes.substr(1)), Error);
}
