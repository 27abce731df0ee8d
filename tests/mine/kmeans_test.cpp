// k-means against plain k-means, written out here, and against what can be said of every answer.
#include "emptor/mine/kmeans.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>

#include "emptor/core/error.hpp"
#include "mine/kmeans_ground.hpp"

using namespace emptor;
using namespace emptor::mine;
using namespace emptor::test;

namespace {

struct Plain {
  std::vector<double> centres;
  std::vector<std::uint32_t> labels;
  double inertia = 0;
  bool emptied = false;  ///< some cluster had no rows before an update
};

/// Lloyd's iteration with exact sums, a row at a time; a cluster without rows keeps its centre.
Plain plain_kmeans(const Points& points, std::vector<double> centres, std::size_t updates) {
  const std::size_t d = points.columns, k = centres.size() / d;
  Plain out{std::move(centres), std::vector<std::uint32_t>(points.rows())};
  for (std::size_t update = 0;; ++update) {
    for (std::size_t row = 0; row < points.rows(); ++row)
      out.labels[row] = nearest({&points.values[row * d], d}, out.centres);
    if (update == updates) break;
    for (std::size_t c = 0; c < k; ++c) {
      const auto count = std::count(out.labels.begin(), out.labels.end(), c);
      out.emptied = out.emptied || count == 0;
      for (std::size_t i = 0; i < d && count > 0; ++i) {
        DoubleSum sum;
        for (std::size_t row = 0; row < points.rows(); ++row)
          sum.add(out.labels[row] == c ? points.values[row * d + i] : 0);
        out.centres[c * d + i] = sum.value() / static_cast<double>(count);
      }
    }
  }
  DoubleSum sum;
  for (std::size_t row = 0; row < points.rows(); ++row) {
    sum.add(square_distance({&points.values[row * d], d}, {&out.centres[out.labels[row] * d], d}));
  }
  out.inertia = sum.value();
  return out;
}

KmeansFit fit_from(const Points& points, const std::vector<double>& starts, std::size_t updates,
                   KmeansBounds bounds = KmeansBounds::automatic) {
  KmeansOptions options{.k = starts.size() / points.columns, .start = KmeansStart::given, .updates = updates};
  options.starts = NumberView(starts.data(), options.k, points.columns, points.columns, 1);
  options.bounds = bounds;
  return fit_kmeans(points.training(), options);
}

bool close(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance * (1 + std::abs(b)); }

/// What holds of every answer, ties and empty clusters or not. Returns the number of clusters with rows.
std::size_t check_answer(const Points& points, const KmeansFit& fit) {
  const KmeansModel& model = fit.model;
  const std::size_t d = points.columns;
  std::vector<std::uint64_t> sizes(model.k());
  DoubleSum inertia;
  for (std::size_t row = 0; row < points.rows(); ++row) {
    const std::span<const double> at(&points.values[row * d], d);
    REQUIRE(fit.labels[row] == nearest(at, model.centres));
    ++sizes[fit.labels[row]];
    const double weight = points.weights.empty() ? 1 : points.weights[row];
    inertia.add(weight * square_distance(at, model.centre(fit.labels[row])));
  }
  REQUIRE(model.sizes == sizes);
  REQUIRE(close(model.inertia, inertia.value(), 1e-12));
  return static_cast<std::size_t>(model.k() - std::count(sizes.begin(), sizes.end(), 0U));
}

void check_means(const Points& points, const KmeansFit& fit) {
  for (std::size_t c = 0; c < fit.model.k(); ++c) {
    for (std::size_t i = 0; i < points.columns; ++i) {
      DoubleSum sum, weights;
      for (std::size_t row = 0; row < points.rows(); ++row) {
        if (fit.labels[row] != c) continue;
        const double weight = points.weights.empty() ? 1 : points.weights[row];
        sum.add(weight * points.values[row * points.columns + i]);
        weights.add(weight);
      }
      if (weights.value() > 0) REQUIRE(close(fit.model.centre(c)[i], sum.value() / weights.value(), 1e-12));
    }
  }
}

Code code_of(const Points& points, const KmeansOptions& options) {
  try {
    (void)fit_kmeans(points.training(), options);
  } catch (const Error& error) {
    CHECK_FALSE(error.first().hint.empty());
    return error.code();
  }
  return Code::ok;
}

}  // namespace

TEST_CASE("k-means: every update is the one of plain k-means, with every kind of bounds") {
  Random random(3);
  int compared = 0;
  for (int input = 0; input < 400; ++input) {
    const std::size_t d = 1 + random.below(20), rows = 20 + random.below(400), k = 1 + random.below(20);
    const Points points = blobs(rows, d, 1 + random.below(12), random.next());
    const std::vector<double> starts(points.values.begin(), points.values.begin() + static_cast<std::ptrdiff_t>(k * d));
    const std::size_t updates = random.below(8);
    const Plain plain = plain_kmeans(points, starts, updates);
    if (plain.emptied) continue;
    ++compared;
    for (const KmeansBounds bounds : {KmeansBounds::none, KmeansBounds::hamerly, KmeansBounds::elkan}) {
      const KmeansFit fit = fit_from(points, starts, updates, bounds);
      REQUIRE(fit.labels == plain.labels);
      for (std::size_t i = 0; i < plain.centres.size(); ++i)
        REQUIRE(close(fit.model.centres[i], plain.centres[i], 1e-12));
      REQUIRE(close(fit.model.inertia, plain.inertia, 1e-12));
    }
  }
  CHECK(compared > 350);
}

TEST_CASE("k-means: 10,000 small tables with ties, duplicates and equal rows end in a partition that is one") {
  Random random(4);
  std::size_t clusters = 0;
  for (int input = 0; input < 10'000; ++input) {
    Points points{1 + random.below(4), {}, {}, {}};
    const std::size_t rows = 1 + random.below(40);
    const std::uint64_t values = 1 + random.below(6);
    for (std::size_t i = 0; i < rows * points.columns; ++i)
      points.values.push_back(static_cast<double>(random.below(values)));
    if (random.below(3) == 0) {
      for (std::size_t i = 0; i < rows; ++i) points.weights.push_back(static_cast<double>(1 + random.below(5)) / 4);
    }
    const auto start = static_cast<KmeansStart>(random.below(3));
    const KmeansFit fit =
        fit_kmeans(points.training(),
                   {.k = 1 + random.below(std::min<std::size_t>(rows, 12)), .seed = random.next(), .start = start});
    clusters += check_answer(points, fit);
    if (fit.model.converged) check_means(points, fit);
    std::set<std::vector<double>> different;
    for (std::size_t row = 0; row < rows; ++row) {
      different.emplace(points.values.begin() + static_cast<std::ptrdiff_t>(row * points.columns),
                        points.values.begin() + static_cast<std::ptrdiff_t>((row + 1) * points.columns));
    }
    if (different.size() <= fit.model.k()) REQUIRE(fit.model.inertia == 0);
  }
  CHECK(clusters > 30'000);
}

TEST_CASE("k-means: an empty cluster takes the farthest row, and the next one the next") {
  const Points points{1, {0, 1, 10}, {}, {}};
  const KmeansFit fit = fit_from(points, {0, 0, 0}, 300);
  CHECK(fit.labels == std::vector<std::uint32_t>{0, 2, 1});
  CHECK(fit.model.centres == std::vector<double>{0, 10, 1});
  CHECK(fit.model.inertia == 0);
  CHECK(fit.model.converged);
}

TEST_CASE("k-means: of rows that are equally far the one with the lowest id is taken") {
  Points points{1, {-1, 1, 0, 0}, {}, {7, 5, 9, 8}};
  const KmeansFit fit = fit_from(points, {0, 0}, 300);
  CHECK(fit.labels == std::vector<std::uint32_t>{0, 1, 0, 0});
}

TEST_CASE("k-means: fewer different rows than clusters leave clusters empty and say so by their sizes") {
  const Points points{2, {1, 2, 1, 2, 3, 4}, {}, {}};
  const KmeansFit fit = fit_kmeans(points.training(), {.k = 3, .seed = 5});
  CHECK(std::count(fit.model.sizes.begin(), fit.model.sizes.end(), 0U) == 1);
  CHECK(fit.model.inertia == 0);
  CHECK(fit.model.converged);
}

TEST_CASE("k-means: a weight of three is the same row three times, a weight of none is no row") {
  Points heavy = blobs(60, 3, 4, 8), many{3, {}, {}, {}};
  for (std::size_t row = 0; row < heavy.rows(); ++row) {
    heavy.weights.push_back(static_cast<double>(row % 4));
    for (std::size_t copy = 0; copy < row % 4; ++copy) {
      many.values.insert(many.values.end(), heavy.values.begin() + static_cast<std::ptrdiff_t>(row * 3),
                         heavy.values.begin() + static_cast<std::ptrdiff_t>(row * 3 + 3));
    }
  }
  const std::vector<double> starts(heavy.values.begin() + 3, heavy.values.begin() + 15);
  const KmeansFit a = fit_from(heavy, starts, 50), b = fit_from(many, starts, 50);
  for (std::size_t i = 0; i < a.model.centres.size(); ++i) CHECK(close(a.model.centres[i], b.model.centres[i], 1e-12));
  CHECK(close(a.model.inertia, b.model.inertia, 1e-12));
  check_answer(heavy, a);
}

TEST_CASE("k-means: numbers far from zero, of very different size and close together are told apart exactly") {
  for (const double offset : {0.0, 1e9, -3e14}) {
    for (const double unit : {1e-3, 1.0, 1e60}) {
      Points points = blobs(300, 5, 6, 12);
      for (double& value : points.values) value = value * unit + (unit < 1e10 ? offset : 0);
      const KmeansFit fit = fit_kmeans(points.training(), {.k = 6, .seed = 2});
      check_answer(points, fit);
    }
  }
  Points apart = blobs(300, 4, 6, 13);  // two heaps, so far apart that single precision sees no shape in either
  for (std::size_t row = 0; row < 150; ++row) {
    for (std::size_t i = 0; i < 4; ++i) apart.values[row * 4 + i] += 1e9;
  }
  check_answer(apart, fit_kmeans(apart.training(), {.k = 9, .seed = 2}));
}

TEST_CASE("k-means: starts beyond all single precision, among rows of it, are met exactly") {
  const Points points = blobs(200, 3, 4, 17);
  const std::vector<float> single = singles(points);
  for (const double far : {1e20, 1e100, 1e150}) {
    const std::vector<double> starts{
        far, 0, 0, 0, -far, far, 1, 1, 1, points.values[0], points.values[1], points.values[2]};
    KmeansOptions options{.k = 4, .start = KmeansStart::given, .updates = 2};
    options.starts = NumberView(starts.data(), 4, 3, 3, 1);
    const KmeansFit fit = fit_kmeans({.x = NumberView(single.data(), 200, 3, 3, 1)}, options);
    check_answer(points, fit);
    options.updates = 0;
    check_answer(points, fit_kmeans({.x = NumberView(single.data(), 200, 3, 3, 1)}, options));
  }
}

TEST_CASE("k-means: better starts are kept of several, and a tolerance stops early") {
  const Points points = blobs(2'000, 4, 12, 21);
  const double one = fit_kmeans(points.training(), {.k = 12, .seed = 3, .start = KmeansStart::random}).model.inertia;
  const KmeansFit ten =
      fit_kmeans(points.training(), {.k = 12, .seed = 3, .start = KmeansStart::random, .restarts = 10});
  CHECK(ten.model.inertia < one);
  const KmeansFit whole = fit_kmeans(points.training(), {.k = 12, .seed = 3});
  const KmeansFit early = fit_kmeans(points.training(), {.k = 12, .seed = 3, .tolerance = 1e-2});
  CHECK(early.model.updates < whole.model.updates);
  CHECK(early.model.converged);
  CHECK(early.model.inertia >= whole.model.inertia);
}

TEST_CASE("k-means: starts of k-means++ and k-means|| find blobs that lie apart") {
  Points points = blobs(3'000, 8, 20, 31);
  for (const KmeansStart start : {KmeansStart::plus_plus, KmeansStart::parallel}) {
    const KmeansFit fit = fit_kmeans(points.training(), {.k = 20, .seed = 1, .start = start});
    // Each blob found: 8 columns of variance 1 a row.
    CHECK(fit.model.inertia < 3'000 * 8 * 1.1);
  }
}

TEST_CASE("k-means: what cannot be clustered is refused by name") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  const Points good{2, {1, 2, 3, 4, 5, 6}, {}, {}};
  CHECK(code_of(good, {.k = 3}) == Code::ok);
  CHECK(code_of(good, {.k = 4}) == Code::invalid);
  CHECK(code_of(good, {.k = 0}) == Code::invalid);
  CHECK(code_of(good, {.k = 2, .restarts = 0}) == Code::invalid);
  CHECK(code_of(good, {.k = 2, .tolerance = nan}) == Code::invalid);
  CHECK(code_of(good, {.k = 2, .start = KmeansStart::given}) == Code::invalid);
  CHECK(code_of(good, {.k = 2, .memory_bytes = 10}) == Code::budget);
  for (const double bad : {nan, infinite, -infinite, 1e200}) {
    Points points = good;
    points.values[3] = bad;
    CHECK(code_of(points, {.k = 2}) == Code::invalid);
  }
  for (const double bad : {-1.0, nan, infinite}) {
    Points points = good;
    points.weights = {1, bad, 1};
    CHECK(code_of(points, {.k = 2}) == Code::invalid);
  }
  Points points = good;
  points.weights = {0, 0, 0};
  CHECK(code_of(points, {.k = 1}) == Code::invalid);
  points.weights = {0, 1, 0};
  CHECK(code_of(points, {.k = 2}) == Code::invalid);
  points.weights = {1, 1};
  CHECK(code_of(points, {.k = 2}) == Code::invalid);
  CHECK_THROWS_AS(fit_kmeans(TrainingRows{}, {.k = 1}), Error);
}

TEST_CASE("k-means: the first bad number is named by row and column") {
  Points points = blobs(500, 3, 2, 1);
  points.values[400 * 3 + 2] = std::numeric_limits<double>::quiet_NaN();
  try {
    (void)fit_kmeans(points.training(), {.k = 2});
    FAIL("not refused");
  } catch (const Error& error) {
    CHECK(error.first().row == 400);
    CHECK(error.first().field == "column 2");
  }
}

TEST_CASE("k-means: the host is asked, and stops it") {
  const Points points = blobs(20'000, 8, 9, 5);
  int asked = 0;
  const Run stops{.progress = [&](std::string_view, std::uint64_t, std::uint64_t) { return ++asked < 2; }};
  try {
    for (int i = 0; i < 1'000; ++i) (void)fit_kmeans(points.training(), {.k = 50}, stops);
    FAIL("not stopped");
  } catch (const Error& error) {
    CHECK(error.code() == Code::cancelled);
  }
  CHECK(asked == 2);
}

TEST_CASE("k-means: prediction, distances and inertia are those of the fit") {
  const Points points = blobs(700, 5, 6, 2);
  const KmeansFit fit = fit_kmeans(points.training(), {.k = 6, .seed = 9});
  CHECK(predict_kmeans(fit.model, points.view()) == fit.labels);
  CHECK(inertia_kmeans(fit.model, points.training()) == fit.model.inertia);
  std::vector<double> distances(700 * 6);
  distances_kmeans(fit.model, points.view(), distances);
  for (std::size_t row = 0; row < 700; ++row) {
    const auto* line = &distances[row * 6];
    CHECK(std::min_element(line, line + 6) - line == fit.labels[row]);
    const std::span<const double> at(&points.values[row * 5], 5);
    CHECK(line[3] == std::sqrt(test::square_distance(at, fit.model.centre(3))));
  }
  CHECK_THROWS_AS(predict_kmeans(fit.model, NumberView(points.values.data(), 7, 4, 4, 1)), Error);
  CHECK(predict_kmeans(fit.model, NumberView(points.values.data(), 0, 5, 5, 1)).empty());
}

TEST_CASE("k-means: reasons sum to what sets two clusters apart") {
  const Points points = blobs(300, 4, 3, 6);
  const KmeansFit fit = fit_kmeans(points.training(), {.k = 3, .seed = 9});
  const KmeansExplanation told = explain_kmeans(fit.model, {points.values.data(), 4});
  CHECK(told.cluster == fit.labels[0]);
  double sum = 0;
  for (const KmeansReason& reason : told.reasons) sum += reason.contribution;
  CHECK(sum == doctest::Approx(told.second_squared_distance - told.squared_distance));
  CHECK(told.reasons.front().contribution >= told.reasons.back().contribution);
}

TEST_CASE("k-means: a model read is the model written; damaged ones are refused") {
  const KmeansFit fit =
      fit_kmeans(blobs(100, 3, 3, 6).training(), {.k = 3, .seed = 1ULL << 63, .data_version = "feed 3"});
  const std::string bytes = save(fit.model);
  CHECK(load_kmeans(bytes) == fit.model);
  for (std::size_t i = 0; i < bytes.size(); i += 7) CHECK_THROWS_AS(load_kmeans(bytes.substr(0, i)), Error);
  CHECK_THROWS_AS(load_kmeans("nothing"), Error);
}
