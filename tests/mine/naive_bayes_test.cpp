#include "emptor/mine/naive_bayes.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "support/made_numbers.hpp"
#include "support/same_bits.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::MadeNumbers;
using emptor::test::OwnedRows;

namespace {

NumberView view_of(const std::vector<double>& x) { return NumberView(x.data(), x.size() / 3, 3, 3, 1); }

void check_near(const std::vector<double>& found, std::initializer_list<double> expected, double within = 1e-9) {
  REQUIRE(found.size() == expected.size());
  std::size_t i = 0;
  for (const double value : expected) CHECK(std::abs(found[i++] - value) < within);
}

std::vector<double> in_quarters(const MadeNumbers& made) {
  std::vector<double> codes = made.x;
  for (double& code : codes) code *= 4;
  return codes;
}

}  // namespace

TEST_CASE("naive Bayes: means, variances and chances are those of scikit-learn") {
  const MadeNumbers made;  // GaussianNB of 1.9.1; its floor takes the variance without weights: hence 1e-8
  const NaiveBayes model = fit_naive_bayes({view_of(made.x), made.y3, made.weights, {}});
  check_near(model.means, {1.446261682243, 1.852803738318, 1.544392523364, 1.789351851852, 1.4375, 1.361111111111,
                           2.209090909091, 2.1, 1.527272727273});
  check_near(model.variances,
             {0.986014063721, 0.921674383399, 2.030155473451, 1.325419025706, 1.673755788394, 0.967978396419,
              0.697190084002, 0.187727274084, 0.856074381523},
             1e-8);
  check_near(predict(model, view_of(made.x).slice(0, 2)),
             {0.599197877295, 0.393066902118, 0.007735220586, 0.407852104977, 0.471209398106, 0.120938496918}, 1e-7);
}

TEST_CASE("naive Bayes: counts and categories give scikit-learn's chances") {
  const MadeNumbers made;
  const std::vector<double> codes = in_quarters(made);
  const TrainingRows rows{view_of(codes), made.y3, {}, {}};
  const NumberView two = view_of(codes).slice(0, 2);
  check_near(predict(fit_naive_bayes(rows, {.kind = NaiveBayesKind::multinomial}), two),
             {0.842812985698, 0.044617538119, 0.112569476183, 0.225837277233, 0.494311071873, 0.279851650894});
  check_near(predict(fit_naive_bayes(rows, {.kind = NaiveBayesKind::categorical}), two),
             {0.224596134405, 0.765350153498, 0.010053712098, 0.835081067852, 0.006691788589, 0.158227143558});
}

TEST_CASE("naive Bayes: order and batches do not change a bit") {
  Random random(1);
  OwnedRows rows{3, {}, {}, {}, {}};
  for (std::uint64_t r = 0; r < 500; ++r) {
    for (int c = 0; c < 3; ++c)
      rows.x.push_back(static_cast<double>(random.below(5)) + (c == 9 ? random.uniform() : 0));
    rows.y.push_back(static_cast<double>(random.below(3)));
    rows.weights.push_back(random.uniform());
    rows.ids.push_back(r);
  }
  const OwnedRows mixed = test::permuted(rows, 5);
  for (const auto kind : {NaiveBayesKind::gaussian, NaiveBayesKind::multinomial, NaiveBayesKind::categorical}) {
    const std::string expected = save(fit_naive_bayes(rows.view(), {.kind = kind}));
    CHECK(save(fit_naive_bayes(mixed.view(), {.kind = kind})) == expected);
    CHECK(save(fit_naive_bayes(test::in_batches(mixed, 9, 2), {.kind = kind})) == expected);
    const NaiveBayes model = load_naive_bayes(expected);
    CHECK(save(model) == expected);
    CHECK(predict(model, rows.view().x, {thread_executor(3), {}}) == predict(model, rows.view().x));
  }
}

TEST_CASE("naive Bayes: missing and unseen categories say nothing; explanations add up") {
  const MadeNumbers made;
  const std::vector<double> codes = in_quarters(made), odd{std::nan(""), 99, 2.5};
  const NaiveBayes model =
      fit_naive_bayes({view_of(codes), made.y, {}, {}}, {.kind = NaiveBayesKind::categorical, .priors = {0.25, 0.75}});
  check_near(predict(model, view_of(odd)), {0.25, 0.75});
  const std::vector<double> parts = explain(model, view_of(codes).slice(0, 1));
  const std::vector<double> chances = predict(model, view_of(codes).slice(0, 1));
  const double odds = std::log(3.0) + parts[3] + parts[4] + parts[5] - parts[0] - parts[1] - parts[2];
  CHECK(chances[1] / chances[0] == doctest::Approx(std::exp(odds)));
}

TEST_CASE("naive Bayes: wrong input is refused") {
  const MadeNumbers made;
  std::vector<double> x = made.x;
  const auto code = [&](const NaiveBayesOptions& options) {
    try {
      fit_naive_bayes({view_of(x), made.y, {}, {}}, options);
    } catch (const Error& error) {
      return error.code();
    }
    return Code::ok;
  };
  CHECK(code({.smoothing = 0}) == Code::invalid);
  CHECK(code({.priors = {1}}) == Code::invalid);
  CHECK(code({.kind = NaiveBayesKind::categorical}) == Code::invalid);  // quarters are no codes
  x[7] = -1;
  CHECK(code({.kind = NaiveBayesKind::multinomial}) == Code::invalid);
  x[7] = std::nan("");
  CHECK(code({}) == Code::invalid);
  x.assign(x.size(), 2);
  CHECK(code({}) == Code::invalid);  // every column constant
  x[0] = 1e9;
  CHECK(code({.kind = NaiveBayesKind::categorical}) == Code::budget);
  CHECK_THROWS_AS(fit_naive_bayes({view_of(made.x).slice(0, 0), {}, {}, {}}), Error);
}
