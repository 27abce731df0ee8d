#include "insight/tables/plain_trial.hpp"

#include <cmath>
#include <limits>

#include "insight/tables/key_numbers.hpp"
#include "insight/tables/plain_rows.hpp"

namespace emptor {
namespace {

constexpr std::size_t most_arms = 20;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Nothing for what is no number; numbers written as text are not taken for one.
std::optional<double> number_of(const ArrowCell& cell) {
  switch (cell.kind) {
    case ArrowCell::Kind::boolean:
    case ArrowCell::Kind::decimal:
    case ArrowCell::Kind::day:
    case ArrowCell::Kind::local:
    case ArrowCell::Kind::instant:
      return static_cast<double>(cell.number) / std::pow(10.0, cell.scale);
    case ArrowCell::Kind::real:
    case ArrowCell::Kind::single:
      return cell.real;
    default:
      return std::nullopt;
  }
}

/// Booleans name an arm as 0 and 1 do.
ArrowCell arm_cell(ArrowCell cell) {
  if (cell.kind == ArrowCell::Kind::boolean) cell.kind = ArrowCell::Kind::decimal;
  return cell;
}

/// Keys as they are met, and then by their places in ascending order.
class KeyReading {
 public:
  KeyReading(PlainRows& rows, const ArrowTable& table, std::size_t column)
      : rows_(rows), column_(column), keys_(table.columns()[column]) {}

  /// Nothing where the cell is empty.
  std::optional<std::uint32_t> read() {
    const ArrowCell cell = arm_cell(rows_.cell(column_));
    if (is_missing(cell)) return std::nullopt;
    const auto number = keys_.of(cell);
    if (!number) rows_.refuse(column_, "whole number or text");
    return number;
  }
  std::vector<std::uint32_t> ranks(Column& sorted) const { return keys_.ranks(sorted); }
  std::size_t size() const noexcept { return keys_.size(); }

 private:
  PlainRows& rows_;
  std::size_t column_;
  KeyNumbers keys_;
};

void read_arms(PlainRows& rows, const ArrowTable& table, const std::string& name, PlainTrial& trial) {
  KeyReading arms(rows, table, table.column(name));
  rows.each([&] {
    const auto arm = arms.read();
    trial.arm.push_back(arm ? static_cast<std::int32_t>(*arm) : PlainTrial::no_arm);
    if (arms.size() > most_arms)
      throw Error(Problem{.code = Code::invalid,
                          .message = "the column of treatments has more than 20 different values",
                          .field = name,
                          .hint = "name the column that says which arm of the trial a customer was in"});
  });
  Column sorted;
  const std::vector<std::uint32_t> ranks = arms.ranks(sorted);
  for (std::int32_t& arm : trial.arm)
    if (arm != PlainTrial::no_arm) arm = static_cast<std::int32_t>(ranks[static_cast<std::size_t>(arm)]);
  for (std::size_t i = 0; i < sorted.size(); ++i)
    trial.arms.push_back(sorted.is_text() ? std::string(sorted.text(i)) : std::to_string(sorted.bits[i]));
}

void read_outcomes(PlainRows& rows, std::size_t column, PlainTrial& trial) {
  rows.each([&] {
    const ArrowCell cell = rows.cell(column);
    const auto number = is_missing(cell) ? std::optional(nothing) : number_of(cell);
    if (!number || std::isinf(*number)) rows.refuse(column, "number");
    trial.outcome.push_back(*number);
  });
}

void read_customers(PlainRows& rows, const ArrowTable& table, const std::string& name, PlainTrial& trial) {
  if (name.empty()) {
    trial.customers.type = Type::integer;
    rows.each([&] {
      trial.customers.append(Value(static_cast<std::int64_t>(rows.done() + 1)));
      trial.customer.push_back(rows.done());
    });
    return;
  }
  const std::size_t column = table.column(name);
  KeyReading keys(rows, table, column);
  std::vector<std::uint32_t> numbers;
  rows.each([&] {
    const auto key = keys.read();
    if (!key) rows.refuse(column, "customer: it is empty");
    numbers.push_back(*key);
  });
  Column sorted;
  const std::vector<std::uint32_t> ranks = keys.ranks(sorted);
  trial.customers.type = sorted.type;
  for (const std::uint32_t number : numbers) {
    trial.customer.push_back(ranks[number]);
    trial.customers.append(sorted.value(ranks[number]));
  }
}

mine::TableColumn covariate(PlainRows& rows, const ArrowTable& table, const std::string& name) {
  const std::size_t column = table.column(name);
  const ArrowType::Kind kind = table.columns()[column].type.kind;
  if (kind == ArrowType::Kind::text || kind == ArrowType::Kind::text_view) {
    std::vector<std::string_view> cells;
    rows.each([&] { cells.push_back(rows.cell(column).text); });
    return mine::column_of(name, cells);
  }
  mine::TableColumn read{.name = name, .numbers = {}, .codes = {}, .words = {}};
  rows.each([&] {
    const ArrowCell cell = rows.cell(column);
    const auto number = is_missing(cell) ? std::optional(nothing) : number_of(cell);
    if (!number || std::isinf(*number)) rows.refuse(column, "number or text");
    read.numbers.push_back(*number);
  });
  return read;
}

}  // namespace

PlainTrial plain_trial(const ArrowTable& table, const TrialColumnNames& names) {
  PlainTrial trial;
  const auto read = [&](const auto& work) {
    PlainRows rows(table);
    return work(rows);
  };
  read([&](PlainRows& rows) { read_customers(rows, table, names.customer, trial); });
  read([&](PlainRows& rows) { read_arms(rows, table, names.treatment, trial); });
  read([&](PlainRows& rows) { read_outcomes(rows, table.column(names.outcome), trial); });
  for (const std::string& name : names.covariates)
    trial.columns.push_back(read([&](PlainRows& rows) { return covariate(rows, table, name); }));
  return trial;
}

}  // namespace emptor
