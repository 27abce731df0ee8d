#include "emptor/mine/kmeans_stream.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "mine/kmeans_ground.hpp"

using namespace emptor;
using namespace emptor::mine;
using namespace emptor::test;

namespace {

KmeansModel streamed(const Points& points, std::size_t batch, const Run& run = {}, KmeansStreamOptions options = {}) {
  options.k = 6;
  KmeansStream stream(options);
  for (std::size_t begin = 0; begin < points.rows(); begin += batch) {
    stream.add({.x = points.view().slice(begin, std::min(batch, points.rows() - begin))}, run);
  }
  return stream.model();
}

}  // namespace

TEST_CASE("mini-batch: blobs that lie apart are followed nearly as well as with all rows at hand") {
  const Points points = blobs(6'000, 4, 6, 15);
  const KmeansModel model = streamed(points, 100);
  const double whole = fit_kmeans(points.training(), {.k = 6, .restarts = 5}).model.inertia;
  CHECK(inertia_kmeans(model, points.training()) < whole * 1.05);
  std::uint64_t rows = 0;
  for (const std::uint64_t size : model.sizes) rows += size;
  CHECK(rows == 6'000);
  CHECK(model.updates == 60);
}

TEST_CASE("mini-batch: the same batches give the same bits on any threads") {
  const Points points = blobs(2'000, 4, 6, 15);
  CHECK(streamed(points, 300) == streamed(points, 300, {.executor = thread_executor(3)}));
}

TEST_CASE("mini-batch: each centre is the mean of all that it was given") {
  KmeansModel start;
  start.columns = 1;
  start.centres = {0, 10};
  start.sizes = {0, 0};
  KmeansStream stream(start, {.k = 2});
  const std::vector<double> first{1, 9, 2}, second{0, 30};
  stream.add({.x = NumberView(first.data(), 3, 1, 1, 1)});
  CHECK(stream.model().centres == std::vector<double>{1.5, 9});
  stream.add({.x = NumberView(second.data(), 2, 1, 1, 1)});
  CHECK(stream.model().centres == std::vector<double>{1, 19.5});
}

TEST_CASE("mini-batch: with a short memory centres follow what moves") {
  KmeansStream all({.k = 1, .first_rows = 1}), recent({.k = 1, .memory = 0.1, .first_rows = 1});
  for (int batch = 0; batch <= 10; ++batch) {
    const double value = batch;
    all.add({.x = NumberView(&value, 1, 1, 1, 1)});
    recent.add({.x = NumberView(&value, 1, 1, 1, 1)});
  }
  CHECK(all.model().centres[0] == doctest::Approx(5));
  CHECK(recent.model().centres[0] > 9.8);
}

TEST_CASE("mini-batch: there is no model before the first rows, and a bad batch changes nothing") {
  KmeansStream stream({.k = 3});
  CHECK_THROWS_AS(stream.model(), Error);
  const Points points = blobs(100, 2, 3, 1);
  stream.add(points.training());
  CHECK(stream.started());
  const KmeansModel before = stream.model();
  const std::vector<double> bad{1, std::nan("")};
  CHECK_THROWS_AS(stream.add({.x = NumberView(bad.data(), 1, 2, 2, 1)}), Error);
  CHECK_THROWS_AS(stream.add({.x = NumberView(bad.data(), 2, 1, 1, 1)}), Error);
  CHECK(stream.model() == before);
  CHECK_THROWS_AS(KmeansStream({.k = 0}), Error);
  CHECK_THROWS_AS(KmeansStream({.memory = 0}), Error);
}
