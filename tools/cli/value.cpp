#include "cli/command.hpp"

#include <algorithm>

#include "cli/mine.hpp"
#include "cli/table_cells.hpp"
#include "cli/text_table.hpp"
#include "emptor/desk/locale_values.hpp"
#include "emptor/insight/compute.hpp"
#include "emptor/mine/design_matrix.hpp"
#include "emptor/model/json.hpp"

namespace emptor::cli {
namespace {

struct LifetimeForm : MineOptions {
  std::string customer, date, amount, until, unit = "week", model = "bg-nbd", out, covariates, leaving_covariates;
  double horizon = 0;
};

[[noreturn]] void refuse(const std::string& column, const char* what, std::size_t row) {
  fail(Exit::input, "the column '" + column + "' holds what is no " + what + " in row " + std::to_string(row + 1));
}

/// The days of a column, however they are written; blank cells are missing.
Column days_of(const TableCells& cells, const std::string& name) {
  const std::vector<std::string>& column = cells.columns[cells.find(name)];
  ColumnGuess guess;
  for (const std::string& cell : column) guess.see(cell);
  const std::optional<DateFormat> format = guess.likely_date();
  if (!format) fail(Exit::input, "the column '" + name + "' holds no dates");
  Column days{.type = Type::date};
  for (std::size_t row = 0; row < column.size(); ++row) {
    const auto date = is_blank(column[row]) ? std::nullopt : read_date(column[row], *format);
    if (!date && !is_blank(column[row])) refuse(name, "date", row);
    days.append(date ? Value(date->date) : Value());
  }
  return days;
}

Column amounts_of(const TableCells& cells, const std::string& name) {
  const std::vector<std::string>& column = cells.columns[cells.find(name)];
  ColumnGuess guess;
  for (const std::string& cell : column) guess.see(cell);
  const std::optional<NumberFormat> format = guess.likely_number();
  if (!format) fail(Exit::input, "the column '" + name + "' holds no numbers");
  Column amounts{.type = Type::decimal};
  for (std::size_t row = 0; row < column.size(); ++row) {
    const auto number = is_blank(column[row]) ? std::nullopt : read_number(column[row], *format);
    if (!is_blank(column[row]) && (!number || !number->fits_micros())) refuse(name, "amount", row);
    amounts.append(number ? Value(*number) : Value());
  }
  return amounts;
}

/// A column of what is known of customers: numbers where all that is there is one, else texts; blank cells are missing.
void add_covariate(const TableCells& cells, const std::string& name, NamedTable& table) {
  if (std::find(table.names.begin(), table.names.end(), name) != table.names.end()) return;
  const std::vector<std::string_view> words = cells.views(cells.find(name));
  const mine::TableColumn column = mine::column_of(name, words);
  Column& out = table.add(name, column.is_number() ? Type::real : Type::text);
  for (std::size_t row = 0; row < words.size(); ++row) {
    if (is_blank(words[row]))
      out.append(Value());
    else
      out.append(column.is_number() ? Value(column.numbers[row]) : Value(words[row]));
  }
}

Column keys_of(const TableCells& cells, const std::string& name) {
  Column keys{.type = Type::text};
  for (const std::string& cell : cells.columns[cells.find(name)]) keys.append(Value(std::string_view(cell)));
  return keys;
}

NamedTable purchases_of(const LifetimeForm& form) {
  const TableCells cells = read_cells(form.file);
  NamedTable table;
  table.add(form.customer, Type::text) = keys_of(cells, form.customer);
  table.add(form.date, Type::date) = days_of(cells, form.date);
  table.add(form.amount, Type::decimal) = amounts_of(cells, form.amount);
  for (const std::string* names : {&form.covariates, &form.leaving_covariates})
    for (const std::string& name : names_in(*names)) add_covariate(cells, name, table);
  return table;
}

std::string options_of(const LifetimeForm& form) {
  Figures options;
  options.add("customer", std::string_view(form.customer)).add("date", std::string_view(form.date));
  options.add("amount", std::string_view(form.amount));
  options.add("model", std::string_view(form.model)).add("unit", std::string_view(form.unit));
  if (form.horizon > 0) options.add("horizon", form.horizon);
  if (!form.until.empty()) options.add("as_of", std::string_view(form.until));
  if (!form.covariates.empty()) options.add("covariates", names_in(form.covariates));
  if (!form.leaving_covariates.empty()) options.add("leaving_covariates", names_in(form.leaving_covariates));
  return options.text(true);
}

int run_lifetime(const LifetimeForm& form) {
  (void)day_of("--until", form.until);  // a wrong one is told before the file is read
  ArrowArrayStream stream{};
  to_arrow(purchases_of(form), &stream);
  const mine::Run run = run_of(form);
  const ComputedResult result = compute("lifetime", {&stream, options_of(form), run.progress, run.executor});
  print(form.json ? result.json + "\n" : text_of_json(result.json));
  return Exit::done;
}

void add_lifetime(Command value) {
  auto form = std::make_shared<LifetimeForm>();
  const Command command =
      value.add_subcommand("lifetime", "Whether each customer still is one, and what they will buy");
  add_mine_options(command, *form);
  command.add_option("--customer", &form->customer, "Column of who bought").required();
  command.add_option("--date", &form->date, "Column of when, written in any usual way").required();
  command.add_option("--amount", &form->amount, "Column of how much").required();
  command.add_option("--until", &form->until, "The last day that is seen, YYYY-MM-DD (that of the last purchase)");
  command.add_option("--unit", &form->unit, "Of time: day or week (week)");
  command.add_option("--model", &form->model, "bg-nbd, mbg-nbd, pareto-nbd or nbd (bg-nbd)");
  command.add_option("--horizon", &form->horizon, "Units of time ahead (a year)");
  command.add_option("--covariates", &form->covariates,
                     "Columns, a,b,...: what may move how often they buy and when they leave");
  command.add_option("--leaving-covariates", &form->leaving_covariates,
                     "Columns that may move when they leave (the same)");
  command.footer(
      "\nExample:\n  emptor value lifetime sales.csv --customer id --date day --amount paid --unit week "
      "--model pareto-nbd --horizon 39 --json");
  command.runs([form] { return run_lifetime(*form); });
}

}  // namespace

void add_value(Command program) {
  const Command command = program.add_subcommand("value", "What customers are worth, from plain files");
  command.require_subcommand();
  add_lifetime(command);
}

}  // namespace emptor::cli
