// k-means on the data sets whose best partitions are known: best of at least 200 starts by scikit-learn and R
// (the reference results that stand beside the data).
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "emptor/mine/kmeans.hpp"
#include "emptor/mine/kmeans_choice.hpp"
#include "emptor/mine/scaling.hpp"
#include "support/data.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

/// Columns of a CSV file whose fields have no commas.
struct Table {
  std::vector<double> values;
  std::size_t columns = 0;
  NumberView view() const { return {values.data(), values.size() / columns, columns, columns, 1}; }
};

Table read(const std::string& path, const std::vector<std::size_t>& wanted) {
  std::ifstream file(path);
  Table table{{}, wanted.size()};
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> fields;
    std::stringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) fields.push_back(cell);
    for (const std::size_t column : wanted) table.values.push_back(std::strtod(fields.at(column).c_str(), nullptr));
  }
  return table;
}

std::vector<std::uint64_t> sorted(std::vector<std::uint64_t> sizes) {
  std::sort(sizes.begin(), sizes.end());
  return sizes;
}

KmeansModel best(const Table& table, std::size_t k, std::size_t restarts = 50) {
  return fit_kmeans({.x = table.view()}, {.k = k, .seed = 1, .restarts = restarts}).model;
}

using Sizes = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("k-means data: the clusters of the Chinese book's customers") {
  const auto path = test::data_path("zh-mining-book/consumption_data.csv");
  if (!path) return;
  Table table = read(*path, {1, 2, 3});
  apply(fit_scaling(table.view()), table.view(), table.values);
  const KmeansModel model = best(table, 3);
  CHECK(model.inertia == doctest::Approx(1546.3022).epsilon(1e-7));
  CHECK(sorted(model.sizes) == Sizes{40, 341, 559});
}

TEST_CASE("k-means data: Mall by income and score") {
  const auto path = test::data_path("mall/Mall_Customers.csv");
  if (!path) return;
  const Table table = read(*path, {3, 4});
  const KmeansModel five = best(table, 5);
  CHECK(five.inertia == doctest::Approx(44'448.4554).epsilon(1e-8));
  CHECK(sorted(five.sizes) == Sizes{22, 23, 35, 39, 81});
  CHECK(best(table, 3).inertia == doctest::Approx(106'348.3731).epsilon(1e-8));
  CHECK(best(table, 6).inertia == doctest::Approx(37'233.8145).epsilon(1e-8));
  const KmeansChoice choice =
      choose_kmeans({.x = table.view()}, {.least_k = 2, .greatest_k = 10, .fit = {.seed = 1, .restarts = 20}});
  CHECK(choice.by_silhouette == 5);
  CHECK(choice.by_elbow == 5);
  CHECK(choice.candidates[3].silhouette == doctest::Approx(0.5539).epsilon(1e-4));
}

TEST_CASE("k-means data: Wholesale by six raw spends") {
  const auto path = test::data_path("wholesale/Wholesale_customers_data.csv");
  if (!path) return;
  const Table table = read(*path, {2, 3, 4, 5, 6, 7});
  const KmeansModel three = best(table, 3);
  CHECK(three.inertia == doctest::Approx(80'332'413'843.0163).epsilon(1e-13));
  CHECK(sorted(three.sizes) == Sizes{50, 60, 330});
  const KmeansModel five = best(table, 5, 400);
  CHECK(five.inertia == doctest::Approx(52'928'148'942.5761).epsilon(1e-13));
  CHECK(sorted(five.sizes) == Sizes{7, 13, 81, 106, 233});
}
