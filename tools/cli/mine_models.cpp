#include <algorithm>
#include <charconv>

#include "cli/mine.hpp"
#include "cli/table_cells.hpp"
#include "emptor/mine/algorithm.hpp"
#include "emptor/mine/design_matrix.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/splits.hpp"

namespace emptor::cli {
namespace {

/// What a form fits where nothing else is asked for: sound on tables of a few thousand customers.
struct ModelKind {
  const char* name;
  const char* doc;
  const char* algorithm;
  const char* options;
  mine::DesignOptions design;
};
const ModelKind kinds[] = {
    {"tree", "One decision tree", "decision_tree", R"({"max_depth":5,"min_leaf":20})", {}},
    {"forest", "A random forest", "random_forest", R"({"trees":200,"min_leaf":10,"out_of_bag":false})", {}},
    {"boost",
     "Gradient boosting",
     "gradient_boosting",
     R"({"rounds":150,"learning_rate":0.06,"max_depth":4,"min_leaf":20})",
     {}},
    {"logistic", "Logistic regression", "logistic", R"({"ridge":1,"inference":false})", {.standardise = true}},
};

struct ModelForm : MineOptions {
  std::string target, positive, drop, fold_file, fold_column, options;
  std::uint32_t folds = 0;
  std::uint64_t seed = 0;
};

std::uint32_t fold_in(std::string_view cell) {
  std::uint32_t fold = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), fold);
  if (error != std::errc() || end != cell.data() + cell.size())
    fail(Exit::input, "the column of folds holds what is no whole number from 0 on");
  return fold;
}

std::vector<std::uint32_t> folds_of(const ModelForm& form, const TableCells& cells, std::span<const double> y) {
  if (form.fold_column.empty()) return mine::stratified_folds(y, {form.folds, form.seed});
  const TableCells other = form.fold_file.empty() ? TableCells() : read_cells(form.fold_file);
  const TableCells& from = form.fold_file.empty() ? cells : other;
  if (from.rows() != cells.rows()) fail(Exit::input, "the file of folds has another number of rows");
  std::vector<std::uint32_t> folds;
  for (const std::string& cell : from.columns[from.find(form.fold_column)]) folds.push_back(fold_in(cell));
  return folds;
}

/// All columns but the target, those that are dropped, and the folds where they stand in the same file.
std::vector<mine::TableColumn> features_of(const ModelForm& form, const TableCells& cells) {
  std::vector<std::string> without = names_in(form.drop);
  for (const std::string& name : without) cells.find(name);
  without.push_back(form.target);
  if (form.fold_file.empty() && !form.fold_column.empty()) without.push_back(form.fold_column);
  std::vector<mine::TableColumn> columns;
  for (std::size_t i = 0; i < cells.names.size(); ++i)
    if (std::find(without.begin(), without.end(), cells.names[i]) == without.end())
      columns.push_back(mine::column_of(cells.names[i], cells.views(i)));
  if (columns.empty()) fail(Exit::usage, "no column is left to learn from");
  return columns;
}

int run_model(const ModelKind& kind, const ModelForm& form) {
  const Stopwatch watch;
  const TableCells cells = read_cells(form.file);
  const std::vector<double> y = mine::target_of(form.target, cells.views(cells.find(form.target)), form.positive);
  const std::vector<mine::TableColumn> columns = features_of(form, cells);
  const std::vector<std::uint32_t> folds = folds_of(form, cells, y);
  const mine::Run run = run_of(form);
  const std::string options = form.options.empty() ? kind.options : form.options;
  std::size_t features = 0;
  const auto learn_and_score = [&](const mine::Split& split, std::uint32_t) {
    const mine::DesignMatrix design = fit_design_matrix(columns, split.train, kind.design);
    features = design.names.size();
    const std::vector<double> x = matrix_of(design, columns, split.train),
                              others = matrix_of(design, columns, split.test);
    std::vector<double> target;
    for (const std::size_t row : split.train) target.push_back(y[row]);
    const std::vector<std::uint64_t> ids(split.train.begin(), split.train.end());
    const mine::AnyModel model =
        mine::fit(kind.algorithm, options, {{x.data(), target.size(), features, features, 1}, target, {}, ids}, run);
    std::vector<double> chances(split.test.size() * 2), scores(split.test.size());
    mine::predict(model, {others.data(), split.test.size(), features, features, 1}, mine::Answer::probabilities,
                  chances, run);
    for (std::size_t row = 0; row < scores.size(); ++row) scores[row] = chances[2 * row + 1];
    return scores;
  };
  const mine::CrossValidation result = mine::cross_validate(folds, y, learn_and_score, run);
  print(Figures()
            .add("auc", result.means[0])
            .add("auc_sd", result.deviations[0])
            .add("ks", result.means[1])
            .add("brier", result.means[2])
            .add("seconds", watch.seconds())
            .add("rows", cells.rows())
            .add("features", features)
            .add("folds", result.auc.size())
            .add("fold_auc", result.auc)
            .put("options", options)
            .text(form.json));
  return Exit::done;
}

void check_form(const ModelForm& form) {
  if (form.folds == 0 && form.fold_column.empty())
    fail(Exit::usage, "how to split is not given", "give --folds with --seed, or --fold-column");
  if (!form.fold_file.empty() && form.fold_column.empty()) fail(Exit::usage, "--fold-file needs --fold-column");
}

void add_model(Command mine, const ModelKind& kind) {
  auto form = std::make_shared<ModelForm>();
  const Command command =
      mine.add_subcommand(kind.name, std::string(kind.doc) + ", judged on folds that it did not learn from");
  add_mine_options(command, *form);
  command.add_option("--target", &form->target, "Column of what is to be told").required();
  command.add_option("--positive", &form->positive, "The value of the target that counts as 1").required();
  command.add_option("--drop", &form->drop, "Columns to leave out, as a,b");
  const Option folds = command.add_option("--folds", &form->folds, "So many folds by chance, stratified");
  command.add_option("--seed", &form->seed, "Of the folds (0)").needs(folds);
  const Option column = command.add_option("--fold-column", &form->fold_column, "Column with the fold of each row");
  command.add_option("--fold-file", &form->fold_file, "File with that column, its rows in the same order");
  folds.excludes(column);
  command.add_option("--options", &form->options, "Options of the algorithm, as JSON, instead of this form's own");
  command.footer(std::string("\nExample:\n  emptor mine ") + kind.name +
                 " churn.csv --target Churn --positive Yes --drop customerID --folds 10 --seed 42 --json");
  command.runs([form, &kind] {
    check_form(*form);
    return run_model(kind, *form);
  });
}

}  // namespace

void add_mine_models(Command mine) {
  for (const ModelKind& kind : kinds) add_model(mine, kind);
}

}  // namespace emptor::cli
