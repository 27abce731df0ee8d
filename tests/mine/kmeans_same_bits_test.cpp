// One digest of model and labels over threads, orders, batches, layouts, bounds and kinds of processor.
#include <doctest/doctest.h>
#include <hwy/targets.h>

#include <memory>

#include "emptor/core/error.hpp"
#include "emptor/mine/kmeans_rounds.hpp"
#include "mine/kmeans_ground.hpp"

using namespace emptor;
using namespace emptor::mine;
using namespace emptor::test;

namespace {

Points sample() {
  Points points = blobs(3'000, 11, 9, 77);
  Random random(5);
  for (std::size_t row = 0; row < points.rows(); ++row) points.weights.push_back(0.25 + random.uniform());
  return points;
}

KmeansOptions options_of(KmeansStart start) { return {.k = 14, .seed = 42, .start = start, .restarts = 2}; }

/// The rows cut into batches at random places, some of them empty.
RowBatches cut(const Points& points, std::size_t batches, std::uint64_t seed) {
  auto ends = std::make_shared<std::vector<std::size_t>>();
  Random random(seed);
  for (std::size_t i = 1; i < batches; ++i) ends->push_back(random.below(points.rows() + 1));
  ends->push_back(points.rows());
  std::sort(ends->begin(), ends->end());
  auto at = std::make_shared<std::pair<std::size_t, std::size_t>>();
  return {points.columns,
          [at] {
            *at = {0, 0};
          },
          [at, ends, &points](TrainingRows& out) {
            if (at->first == ends->size()) return false;
            const std::size_t begin = at->second, end = (*ends)[at->first++];
            at->second = end;
            out.x = points.view().slice(begin, end - begin);
            out.weights = std::span(points.weights).subspan(begin, end - begin);
            out.ids = std::span(points.ids).subspan(begin, end - begin);
            return true;
          }};
}

/// Highway answers as on a lesser processor while it lives.
class Target {
 public:
  explicit Target(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(target);
  }
  ~Target() {
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
  }
};

constexpr KmeansStart starts[] = {KmeansStart::plus_plus, KmeansStart::parallel, KmeansStart::random};

std::string digest_for(const Points& points, KmeansStart start, const Run& run = {}) {
  return digest_of(fit_kmeans(points.training(), options_of(start), run), points.ids);
}

}  // namespace

TEST_CASE("k-means: the digests are these, by whatever compiler and machine") {
  const Points points = sample();
  CHECK(digest_for(points, KmeansStart::plus_plus) == "981f853581b88501");
  CHECK(digest_for(points, KmeansStart::parallel) == "9712e997d2760676");
  CHECK(digest_for(points, KmeansStart::random) == "f39f95a667f8a657");
}

TEST_CASE("k-means: one to eight threads give the same bits") {
  const Points points = sample();
  for (const KmeansStart start : starts) {
    const std::string expected = digest_for(points, start);
    for (std::size_t threads = 2; threads <= 8; ++threads) {
      CHECK(digest_for(points, start, {.executor = thread_executor(threads)}) == expected);
    }
  }
}

TEST_CASE("k-means: the order of rows does not matter") {
  const Points points = sample();
  for (const KmeansStart start : starts) {
    const std::string expected = digest_for(points, start);
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      CHECK(digest_for(permuted(points, shuffled(points.rows(), seed)), start) == expected);
    }
  }
}

TEST_CASE("k-means: one to 17 batches give the same bits as one table") {
  const Points points = sample();
  for (const KmeansStart start : starts) {
    const std::string expected = digest_for(points, start);
    for (std::size_t batches = 1; batches <= 17; batches += 4) {
      const Run run{.executor = thread_executor(batches % 3 + 1)};
      const KmeansFit fit = fit_kmeans(cut(points, batches, batches), options_of(start), run);
      CHECK(digest_of(fit, points.ids) == expected);
    }
  }
}

TEST_CASE("k-means: every kind of processor gives the same bits") {
  const Points points = sample();
  const std::vector<float> single = singles(points);
  const TrainingRows narrow{
      .x = NumberView(single.data(), points.rows(), 11, 11, 1), .weights = points.weights, .ids = points.ids};
  for (const KmeansStart start : starts) {
    const std::string expected = digest_for(points, start);
    int targets = 0;
    for (const std::int64_t target : {HWY_SCALAR, HWY_SSE4, HWY_AVX2, HWY_AVX3}) {
      if (target != HWY_SCALAR && (hwy::SupportedTargets() & target) == 0) continue;
      const Target forced(target);
      ++targets;
      CHECK(digest_for(points, start) == expected);
      CHECK(digest_of(fit_kmeans(narrow, options_of(start)), points.ids) == expected);
    }
    CHECK(targets >= 2);
  }
}

TEST_CASE("k-means: layout, precision that loses nothing, and bounds do not matter") {
  const Points points = sample();
  const std::vector<float> single = singles(points);
  std::vector<double> by_column(points.values.size());
  for (std::size_t row = 0; row < points.rows(); ++row) {
    for (std::size_t i = 0; i < 11; ++i) by_column[i * points.rows() + row] = points.values[row * 11 + i];
  }
  const std::string expected = digest_for(points, KmeansStart::plus_plus);
  TrainingRows rows = points.training();
  rows.x = NumberView(single.data(), points.rows(), 11, 11, 1);
  CHECK(digest_of(fit_kmeans(rows, options_of(KmeansStart::plus_plus)), points.ids) == expected);
  rows.x = NumberView(by_column.data(), points.rows(), 11, 1, points.rows());
  CHECK(digest_of(fit_kmeans(rows, options_of(KmeansStart::plus_plus)), points.ids) == expected);
  for (const KmeansBounds bounds : {KmeansBounds::none, KmeansBounds::hamerly, KmeansBounds::elkan}) {
    KmeansOptions options = options_of(KmeansStart::plus_plus);
    options.bounds = bounds;
    KmeansFit fit = fit_kmeans(points.training(), options);
    fit.model.options.bounds = KmeansBounds::automatic;
    CHECK(digest_of(fit, points.ids) == expected);
  }
}

TEST_CASE("k-means: rounds over parts, sent as bytes, are the fit") {
  const Points points = sample();
  KmeansOptions options{.k = 5, .start = KmeansStart::given, .updates = 6};
  options.starts = NumberView(points.values.data(), 5, 11, 11, 1);
  const KmeansFit fit = fit_kmeans(points.training(), options);
  const auto part = [&](std::size_t i) {
    const std::size_t begin = i * 700, count = std::min<std::size_t>(700, points.rows() - begin);
    return TrainingRows{.x = points.view().slice(begin, count),
                        .weights = std::span(points.weights).subspan(begin, count)};
  };
  KmeansRange range;
  for (std::size_t i = 0; i < 5; ++i) merge(range, load_kmeans_range(save(range_of(part(4 - i)))));
  CHECK(range == range_of(points.training()));
  KmeansPlan plan(*options.starts, range);
  KmeansSums sums;
  for (int round = 0; round <= 6; ++round) {
    if (round > 0) plan = step_kmeans(plan, sums);
    sums = {};
    for (std::size_t i = 0; i < 5; ++i) merge(sums, load_kmeans_sums(save(partial_kmeans(part((i + 2) % 5), plan))));
  }
  CHECK(std::vector<double>(plan.centres().begin(), plan.centres().end()) == fit.model.centres);
  CHECK(sums.sizes == fit.model.sizes);
  CHECK(inertia_of(plan, sums) == fit.model.inertia);
}

TEST_CASE("k-means: batches that change between passes are refused") {
  const Points points = sample();
  std::size_t pass = 0;
  bool given = false;
  const RowBatches batches{11, [&] { ++pass, given = false; },
                           [&](TrainingRows& out) {
                             if (given) return false;
                             given = true;
                             out = {.x = points.view().slice(0, pass == 1 ? 2'000 : 1'999)};
                             return true;
                           }};
  try {
    (void)fit_kmeans(batches, {.k = 3});
    FAIL("not refused");
  } catch (const Error& error) {
    CHECK(error.code() == Code::misuse);
  }
}
