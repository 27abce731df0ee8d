#include "emptor/mine/kmeans_choice.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "mine/kmeans_ground.hpp"

using namespace emptor;
using namespace emptor::mine;
using namespace emptor::test;

TEST_CASE("silhouette: as Rousseeuw defines it, row by row") {
  // Two clusters on a line, by hand: row 0 has a = 1, b = (9 + 11) / 2 = 10; row 3 has a = 2, b = (11 + 10) / 2.
  const std::vector<double> x{0, 1, 9, 11};
  const std::vector<std::uint32_t> labels{0, 0, 1, 1};
  const std::vector<double> s = silhouettes(NumberView(x.data(), 4, 1, 1, 1), labels);
  CHECK(s[0] == doctest::Approx(0.9));
  CHECK(s[1] == doctest::Approx(1 - 1 / 9.0));
  CHECK(s[2] == doctest::Approx(1 - 2 / 8.5));
  CHECK(s[3] == doctest::Approx(1 - 2 / 10.5));
  CHECK(silhouettes(NumberView(x.data(), 4, 1, 1, 1), std::vector<std::uint32_t>{0, 0, 0, 1})[3] == 0);
}

TEST_CASE("silhouette: the sample does not depend on the order of rows") {
  const Points points = blobs(500, 3, 4, 2);
  const KmeansFit fit = fit_kmeans(points.training(), {.k = 4});
  const std::vector<std::size_t> order = shuffled(points.rows(), 4);
  const Points other = permuted(points, order);
  std::vector<std::uint32_t> labels;
  for (const std::size_t row : order) labels.push_back(fit.labels[row]);
  const double mean = mean_silhouette(points.training(), fit.labels, 100, 7);
  CHECK(mean == mean_silhouette(other.training(), labels, 100, 7, {.executor = thread_executor(3)}));
  CHECK(mean != mean_silhouette(points.training(), fit.labels, 100, 8));
}

TEST_CASE("choice: elbow and silhouette find the number of blobs that lie apart") {
  Points points{2, {}, {}, {}};
  Random random(5);
  for (int row = 0; row < 600; ++row) {
    points.values.push_back(20.0 * (row % 4 % 2) + random.normal());
    points.values.push_back(20.0 * (row % 4 / 2) + random.normal());
    points.ids.push_back(static_cast<std::uint64_t>(row));
  }
  const KmeansChoice choice = choose_kmeans(points.training(), {.least_k = 1, .greatest_k = 9, .fit = {.seed = 3}});
  CHECK(choice.by_elbow == 4);
  CHECK(choice.by_silhouette == 4);
  CHECK(choice.candidates.size() == 9);
  CHECK(choice.candidates[0].silhouette == 0);
  CHECK(choice.sample == 600);
  CHECK_THROWS_AS(choose_kmeans(points.training(), {.least_k = 3, .greatest_k = 2}), Error);
}

TEST_CASE("adjusted Rand index: Hubert and Arabie's formula") {
  // scikit-learn's adjusted_rand_score gives 4 / 7 for the first and 0 for the second.
  using Labels = std::vector<std::uint32_t>;
  CHECK(adjusted_rand_index(Labels{0, 0, 1, 2}, Labels{0, 0, 1, 1}) == doctest::Approx(4.0 / 7));
  CHECK(adjusted_rand_index(Labels{0, 0, 0, 0}, Labels{0, 1, 2, 3}) == doctest::Approx(0));
  CHECK(adjusted_rand_index(Labels{0, 0, 1, 1}, Labels{1, 1, 0, 0}) == 1);
  CHECK(adjusted_rand_index(Labels{}, Labels{}) == 1);
}

TEST_CASE("stability: blobs that lie apart are firm, one cloud cut in five is not") {
  const Points apart = blobs(600, 8, 5, 3), cloud = blobs(600, 2, 1, 3);
  const KmeansStability firm =
      stability_of_kmeans(apart.training(), {.rounds = 6, .fit = {.k = 5, .seed = 1, .restarts = 5}});
  const KmeansStability loose = stability_of_kmeans(cloud.training(), {.rounds = 6, .fit = {.k = 5, .seed = 1}});
  CHECK(firm.mean_rand_index > 0.98);
  CHECK(loose.mean_rand_index < 0.8);
  for (const double overlap : firm.cluster_overlap) CHECK(overlap > 0.95);
  CHECK(firm.rand_indices.size() == 6);
  CHECK_THROWS_AS(stability_of_kmeans(apart.training(), {.rounds = 0}), Error);
}

TEST_CASE("chosen clusters: the same for any threads and order of rows, and kept whole; damaged bytes are refused") {
  const Points points = blobs(300, 2, 3, 2);
  const ChosenKmeansOptions options{.choice = {.greatest_k = 5, .sample = 100, .fit = {.k = 2, .seed = 3}},
                                    .by = KmeansChooser::elbow,
                                    .stability_rounds = 3};
  ChosenKmeans chosen = fit_chosen_kmeans(points.training(), options);
  const Points other = permuted(points, shuffled(points.rows(), 4));
  CHECK(fit_chosen_kmeans(other.training(), options, {.executor = thread_executor(3)}) == chosen);
  CHECK(chosen.model.k() == chosen.choice.by_elbow);
  CHECK(chosen.stability.rand_indices.size() == 3);
  chosen.data_version = "7";
  const std::string bytes = save(chosen);
  CHECK(load_chosen_kmeans(bytes) == chosen);
  for (std::size_t at = 0; at < bytes.size(); at += 5) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    CHECK_THROWS_AS(load_chosen_kmeans(damaged), Error);
    CHECK_THROWS_AS(load_chosen_kmeans(bytes.substr(0, at)), Error);
  }
  CHECK_THROWS_AS(load_chosen_kmeans(save(chosen.model)), Error);
}

TEST_CASE("chosen clusters: more clusters than rows are refused before any are fitted, and k may be left alone") {
  const Points points = blobs(50, 2, 2, 2);
  try {
    choose_kmeans(points.training(), {.greatest_k = 51});
    FAIL_CHECK("more clusters than rows");
  } catch (const Error& error) {
    CHECK(error.first().field == "greatest_k");
  }
  const ChosenKmeans bare =
      fit_chosen_kmeans(points.training(), {.choice = {.least_k = 2, .greatest_k = 2}, .stability_rounds = 0});
  CHECK(bare.model.k() == 2);
  CHECK(bare.stability == KmeansStability());
}
