// Cases over the whole box of parameters that the lifetime models are meant for, by mpmath at two precisions
// (tests/peers/lifetime_golden.py).
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

#include "emptor/mine/lifetime.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Case {
  LifetimeModel model;
  double x = 0, tx = 0, age = 0, ahead = 0;
  double log_likelihood = 0, log_alive = 0, purchases = 0, repeats = 0;
  Purchases row() const { return {{&x, 1}, {&tx, 1}, {&age, 1}}; }
};

LifetimeKind kind_of(const std::string& name) {
  for (const LifetimeKind kind : {LifetimeKind::bg_nbd, LifetimeKind::mbg_nbd, LifetimeKind::pareto_nbd}) {
    if (name_of(kind) == name) return kind;
  }
  return LifetimeKind::nbd;
}

Case case_of(const std::string& line) {
  std::istringstream fields(line);
  std::string word;
  fields >> word;
  const LifetimeKind kind = kind_of(word);
  std::vector<double> numbers;
  while (fields >> word) numbers.push_back(std::strtod(word.c_str(), nullptr));  // also below what a double holds
  REQUIRE(numbers.size() == 12);
  Case one{lifetime_of(kind, std::span(numbers).first(kind == LifetimeKind::nbd ? 2 : 4))};
  double* places[] = {&one.x,         &one.tx,        &one.age,    &one.ahead, &one.log_likelihood,
                      &one.log_alive, &one.purchases, &one.repeats};
  for (std::size_t i = 0; i < 8; ++i) *places[i] = numbers[4 + i];
  return one;
}

/// Relative, and absolute where the number is a logarithm near 0.
double off(double found, double expected, double least) {
  return std::abs(found - expected) / std::max(std::abs(expected), least);
}

}  // namespace

TEST_CASE("lifetime: golden cases of 28 and 40 digits, to 1e-10") {
  std::ifstream file(EMPTOR_SOURCE_DIR "/tests/mine/lifetime_golden.txt");
  REQUIRE(file.good());
  std::size_t cases = 0;
  for (std::string line; std::getline(file, line); ++cases) {
    CAPTURE(line);
    const Case one = case_of(line);
    double value = 0;
    log_likelihoods(one.model, one.row(), {&value, 1});
    CHECK(off(value, one.log_likelihood, 1) < 1e-10);
    log_alive(one.model, one.row(), {&value, 1});
    CHECK(off(value, one.log_alive, 1) < 1e-10);
    expected_purchases(one.model, one.row(), 0, one.ahead, {&value, 1});
    CHECK(off(value, one.purchases, 1e-290) < 1e-10);
    CHECK(off(expected_repeats(one.model, one.ahead), one.repeats, 1e-290) < 1e-10);
  }
  CHECK(cases >= 1'500);
}
