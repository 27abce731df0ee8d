#include <cmath>

#include "cli/mine.hpp"
#include "cli/table_cells.hpp"
#include "emptor/mine/design_matrix.hpp"
#include "emptor/mine/kmeans.hpp"
#include "emptor/mine/scaling.hpp"

namespace emptor::cli {
namespace {

struct KmeansForm : MineOptions {
  std::string columns;
  mine::ScalingMethod scale = mine::ScalingMethod::none;
  mine::KmeansOptions own;
};

/// The columns as numbers, row by row.
std::vector<double> numbers_of(const TableCells& cells, const std::vector<std::string>& names) {
  std::vector<double> numbers(cells.rows() * names.size());
  for (std::size_t column = 0; column < names.size(); ++column) {
    const mine::TableColumn read = mine::column_of(names[column], cells.views(cells.find(names[column])));
    if (!read.is_number()) fail(Exit::input, "the column '" + names[column] + "' holds what is no number");
    for (std::size_t row = 0; row < cells.rows(); ++row) {
      if (std::isnan(read.numbers[row]))
        fail(Exit::input, "the column '" + names[column] + "' has an empty cell in row " + std::to_string(row + 1));
      numbers[row * names.size() + column] = read.numbers[row];
    }
  }
  return numbers;
}

/// The centres, on the scale of the file, as lists in a list.
std::string centres_of(const mine::KmeansModel& model, const mine::Scaling& scaling) {
  std::vector<double> centres(model.centres.size());
  undo(scaling, {model.centres.data(), model.k(), model.columns, model.columns, 1}, centres);
  Figures all;
  for (std::size_t cluster = 0; cluster < model.k(); ++cluster) {
    const auto first = centres.begin() + static_cast<std::ptrdiff_t>(cluster * model.columns);
    all.add({}, std::vector<double>(first, first + static_cast<std::ptrdiff_t>(model.columns)));
  }
  return all.list();
}

int run_kmeans(const KmeansForm& form) {
  const Stopwatch watch;
  const TableCells cells = read_cells(form.file);
  const std::vector<std::string> names = names_in(form.columns);
  std::vector<double> numbers = numbers_of(cells, names);
  const mine::NumberView x(numbers.data(), cells.rows(), names.size(), names.size(), 1);
  const mine::Run run = run_of(form);
  const mine::Scaling scaling = fit_scaling(x, {.method = form.scale}, run);
  if (form.scale != mine::ScalingMethod::none) {
    std::vector<double> scaled(numbers.size());
    apply(scaling, x, scaled, run);
    std::copy(scaled.begin(), scaled.end(), numbers.begin());
  }
  const mine::KmeansModel model = fit_kmeans({.x = x}, form.own, run).model;
  print(Figures()
            .add("inertia", model.inertia)
            .add("sizes", model.sizes)
            .add("rows", cells.rows())
            .add("updates", model.updates)
            .add("converged", model.converged)
            .add("columns", std::string_view(form.columns))
            .put("centres", centres_of(model, scaling))
            .add("seconds", watch.seconds())
            .text(form.json));
  return Exit::done;
}

}  // namespace

void add_mine_kmeans(Command mine) {
  auto form = std::make_shared<KmeansForm>();
  form->own.restarts = 10;
  const Command command = mine.add_subcommand("kmeans", "Clusters of rows around their means");
  add_mine_options(command, *form);
  command.add_option("--columns", &form->columns, "Columns to cluster by, as a,b").required();
  command.add_option("--k", &form->own.k, "Clusters").required();
  command.add_option("--seed", &form->own.seed, "Of the starts (0)");
  command.add_option("--restarts", &form->own.restarts, "Fits from different starts; the best is kept (10)");
  command.add_choice("--scale", &form->scale,
                     {{"none", mine::ScalingMethod::none}, {"zscore", mine::ScalingMethod::zscore}},
                     "zscore: means 0, sample standard deviations 1 (none)");
  command.footer("\nExample:\n  emptor mine kmeans customers.csv --columns income,score --k 5 --seed 1 --json");
  command.runs([form] { return run_kmeans(*form); });
}

}  // namespace emptor::cli
