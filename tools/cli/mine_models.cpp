#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <cstdio>

#include "cli/mine.hpp"
#include "cli/output_file.hpp"
#include "cli/table_cells.hpp"
#include "emptor/mine/algorithm.hpp"
#include "emptor/mine/design_matrix.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/leak_screen.hpp"
#include "emptor/mine/splits.hpp"

namespace emptor::cli {
namespace {

/// What is fitted: an algorithm, its options, and how columns of words come to it.
struct ModelChoice {
  const char* algorithm = nullptr;
  const char* options = nullptr;
  mine::DesignOptions design = {};
};
/// What a form fits where nothing else is asked for: sound on tables of a few thousand customers.
struct ModelKind {
  const char* name;
  const char* doc;
  ModelChoice fixed;
  ModelChoice tuned = {};  ///< tunes itself to the rows; without an algorithm there is none
};
constexpr mine::DesignOptions codes{.missing = mine::MissingNumber::keep, .one_hot = false};
const ModelKind kinds[] = {
    {"tree", "One decision tree", {"decision_tree", R"({"max_depth":5,"min_leaf":20})"}},
    {"forest", "A random forest", {"random_forest", R"({"trees":200,"min_leaf":10,"out_of_bag":false})"}},
    {"boost",
     "Gradient boosting",
     {"gradient_boosting", R"({"rounds":150,"learning_rate":0.06,"max_depth":4,"min_leaf":20})"},
     {"blended_boosting", "{}", codes}},
    {"logistic", "Logistic regression", {"logistic", R"({"ridge":1,"inference":false})", {.standardise = true}}},
};

enum class Tuning : std::uint8_t { unsaid, automatic, none };

struct ModelForm : MineOptions {
  std::string target, positive, drop, fold_file, fold_column, options, out;
  Tuning tuning = Tuning::unsaid;
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

/// Options that are given without a word on tuning are those of the plain algorithm.
ModelChoice choice_of(const ModelKind& kind, const ModelForm& form) {
  const bool tuned = form.tuning == Tuning::unsaid ? form.options.empty() : form.tuning == Tuning::automatic;
  return tuned && kind.tuned.algorithm != nullptr ? kind.tuned : kind.fixed;
}

/// The options with the columns of names, where those come as codes.
std::string with_categories(std::string options, const mine::DesignMatrix& design) {
  if (design.options.one_hot) return options;
  boost::json::array categorical;
  for (std::size_t i = 0; i < design.parts.size(); ++i)
    if (!design.parts[i].is_number) categorical.push_back(i);
  boost::json::error_code fault;
  boost::json::value told = boost::json::parse(options, fault);
  if (fault || !told.is_object()) return options;  // the algorithm says what is wrong with it
  told.as_object().emplace("categorical", std::move(categorical));
  return boost::json::serialize(told);
}

/// Chances of the test rows by a model of the training rows.
class FoldModel {
 public:
  FoldModel(const ModelChoice& choice, std::string options, std::span<const mine::TableColumn> columns,
            std::span<const double> y, const mine::Run& run)
      : choice_(choice), options_(std::move(options)), columns_(columns), y_(y), run_(run) {}

  std::vector<double> operator()(const mine::Split& split) {
    const Stopwatch watch;
    const mine::DesignMatrix design = fit_design_matrix(columns_, split.train, choice_.design);
    features_ = design.names.size();
    const std::vector<double> x = matrix_of(design, columns_, split.train),
                              others = matrix_of(design, columns_, split.test);
    std::vector<double> target;
    for (const std::size_t row : split.train) target.push_back(y_[row]);
    const std::vector<std::uint64_t> ids(split.train.begin(), split.train.end());
    const mine::AnyModel model = mine::fit(choice_.algorithm, with_categories(options_, design),
                                           {view_of(x, target.size()), target, {}, ids}, run_);
    fit_seconds_ += watch.seconds();
    std::vector<double> chances(split.test.size() * 2), scores(split.test.size());
    mine::predict(model, view_of(others, scores.size()), mine::Answer::probabilities, chances, run_);
    for (std::size_t row = 0; row < scores.size(); ++row) scores[row] = chances[2 * row + 1];
    return scores;
  }
  std::size_t features() const noexcept { return features_; }
  double fit_seconds() const noexcept { return fit_seconds_; }

 private:
  mine::NumberView view_of(const std::vector<double>& x, std::size_t rows) const {
    return {x.data(), rows, features_, features_, 1};
  }
  const ModelChoice& choice_;
  std::string options_;
  std::span<const mine::TableColumn> columns_;
  std::span<const double> y_;
  const mine::Run& run_;
  std::size_t features_ = 0;
  double fit_seconds_ = 0;
};

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

/// Columns that tell so much alone that they may have been written after the outcome.
std::vector<std::string> warnings_of(std::span<const mine::TableColumn> columns, std::span<const double> y,
                                     const mine::Run& run) {
  const auto rare = static_cast<std::size_t>(std::count(y.begin(), y.end(), 1.0));
  if (std::min(rare, y.size() - rare) < 5) return {};
  const mine::DesignMatrix design = fit_design_matrix(columns, {}, codes);
  const std::vector<double> x = matrix_of(design, columns);
  mine::LeakScreenOptions options;
  for (std::size_t c = 0; c < columns.size(); ++c)
    if (!columns[c].is_number()) options.categorical.push_back(c);
  const mine::LeakScreen screen =
      screen_leaks({{x.data(), y.size(), columns.size(), columns.size(), 1}, y}, options, run);
  std::vector<std::string> warnings;
  for (const mine::LeakSuspect& suspect : screen.suspects) {
    std::string text =
        "'" + columns[suspect.column].name + "' alone tells the target with an AUC of " + short_number(suspect.auc);
    if (suspect.reason == mine::LeakReason::more_than_the_others)
      text += ", all other columns together with " + short_number(suspect.rest_auc);
    warnings.push_back(text + ": was it known before the outcome?");
  }
  return warnings;
}

void write_chances(const std::string& path, std::span<const std::uint32_t> folds, std::span<const double> chances) {
  OutputFile file(path == "-" ? std::string() : path);
  std::string text = "fold,chance\n";
  for (std::size_t row = 0; row < chances.size(); ++row) {
    char number[32];
    const auto end = std::to_chars(std::begin(number), std::end(number), chances[row]).ptr;
    text += std::to_string(folds[row]) + ',' + std::string(number, end) + '\n';
  }
  file.write(text);
  file.finish();
}

int run_model(const ModelKind& kind, const ModelForm& form) {
  const Stopwatch watch;
  const TableCells cells = read_cells(form.file);
  const std::vector<double> y = mine::target_of(form.target, cells.views(cells.find(form.target)), form.positive);
  const std::vector<mine::TableColumn> columns = features_of(form, cells);
  const std::vector<std::uint32_t> folds = folds_of(form, cells, y);
  const mine::Run run = run_of(form);
  const ModelChoice choice = choice_of(kind, form);
  const std::string options = form.options.empty() ? choice.options : form.options;
  FoldModel model(choice, options, columns, y, run);
  const mine::CrossValidation result = mine::cross_validate(
      folds, y, [&](const mine::Split& split, std::uint32_t) { return model(split); }, run);
  const double seconds = watch.seconds();
  if (!form.out.empty()) write_chances(form.out, folds, result.scores);
  Figures warnings;
  for (const std::string& warning : warnings_of(columns, y, run)) warnings.add({}, warning);
  print(Figures()
            .add("auc", result.means[0])
            .add("auc_sd", result.deviations[0])
            .add("ks", result.means[1])
            .add("brier", result.means[2])
            .add("seconds", seconds)
            .add("fit_seconds", model.fit_seconds())
            .add("rows", cells.rows())
            .add("features", model.features())
            .add("folds", result.auc.size())
            .add("fold_auc", result.auc)
            .add("algorithm", choice.algorithm)
            .put("options", options)
            .put("warnings", warnings.list())
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
  if (kind.tuned.algorithm != nullptr)
    command.add_choice<Tuning>("--tuning", &form->tuning, {{"auto", Tuning::automatic}, {"none", Tuning::none}},
                               "auto, unless options are given: a blend that tunes itself; none: fixed options");
  command.add_option("--out", &form->out, "Write the fold of each row, and its chance by a model that has not seen it");
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
