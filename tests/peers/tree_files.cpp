// Writes models of trees as ONNX and as SQL, with rows and what we predict for them, for tree_oracle.py to run
// elsewhere. Argument: a folder.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <string>

#include "emptor/core/random.hpp"
#include "emptor/mine/decision_tree.hpp"
#include "emptor/mine/gradient_boosting.hpp"
#include "emptor/mine/random_forest.hpp"
#include "emptor/mine/tree_text.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

constexpr std::size_t rows = 2'000, columns = 5;

struct Table {
  std::vector<float> x;
  std::vector<double> y;
  NumberView view() const { return {x.data(), rows, columns, columns, 1}; }
};

/// The last column has names 0 ... 11; a tenth of the first is missing. y: 0 or 1, 0 to 2, a number, or a count.
Table made(int kind) {
  Random random(7);
  Table table;
  for (std::size_t row = 0; row < rows; ++row) {
    float x[columns];
    for (float& each : x) each = static_cast<float>(random.normal());
    x[4] = static_cast<float>(random.below(12));
    double z = x[0] - x[1] * x[2] + (random.below(2) == 0 ? .3 : -.3) + std::sin(3 * x[4]);
    if (random.below(10) == 0) x[0] = std::nanf("");
    table.x.insert(table.x.end(), x, x + columns);
    if (kind == 0) z = z > 0 ? 1 : 0;
    if (kind == 1) z = z < -.7 ? 0 : z < .7 ? 1 : 2;
    if (kind == 3) z = std::floor(std::exp(std::min(z, 2.0)));
    table.y.push_back(z);
  }
  return table;
}

void write(const std::string& path, const void* data, std::size_t size) {
  std::ofstream(path, std::ios::binary).write(static_cast<const char*>(data), static_cast<std::streamsize>(size));
}

void write_model(const std::string& stem, const TreeEnsemble& ensemble, bool classifier, const Table& table) {
  const std::vector<double> found = predict(ensemble, table.view()), raw = raw_scores(ensemble, table.view());
  const std::string onnx = to_onnx(ensemble, classifier), sql = to_sql(ensemble);
  write(stem + ".onnx", onnx.data(), onnx.size());
  write(stem + ".sql", sql.data(), sql.size());
  write(stem + ".x", table.x.data(), table.x.size() * sizeof(float));
  write(stem + ".predictions", found.data(), found.size() * sizeof(double));
  write(stem + ".raw", raw.data(), raw.size() * sizeof(double));
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const std::string folder = std::string(arguments[1]) + "/";
  const std::vector<std::size_t> names{4};
  const Table two = made(0), three = made(1), numbers = made(2), counts = made(3);
  const auto given = [](const Table& table) { return TrainingRows{.x = table.view(), .y = table.y}; };
  const auto boost = [&](const Table& table, BoostingLoss loss) {
    return fit_gradient_boosting(given(table), {.loss = loss, .rounds = 20, .max_depth = 5, .categorical = names})
        .ensemble;
  };
  write_model(folder + "tree_2", fit_decision_tree(given(two), {.max_depth = 6, .categorical = names}).ensemble, true,
              two);
  write_model(folder + "tree_3", fit_decision_tree(given(three), {.max_depth = 6, .categorical = names}).ensemble, true,
              three);
  write_model(
      folder + "tree_number",
      fit_decision_tree(given(numbers), {.task = TreeTask::regress, .max_depth = 8, .categorical = names}).ensemble,
      false, numbers);
  write_model(folder + "forest_2", fit_random_forest(given(two), {.trees = 20, .categorical = names}).ensemble, true,
              two);
  write_model(folder + "boost_2", boost(two, BoostingLoss::logistic), true, two);
  write_model(folder + "boost_3", boost(three, BoostingLoss::softmax), true, three);
  write_model(folder + "boost_number", boost(numbers, BoostingLoss::squared), false, numbers);
  write_model(folder + "boost_count", boost(counts, BoostingLoss::poisson), false, counts);
  return 0;
}
