#include "insight/tables/plain_covariates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/tables/plain_rows.hpp"

namespace emptor {
namespace {

using Kind = ArrowCell::Kind;

bool same(const ArrowCell& a, const ArrowCell& b) {
  if (is_missing(a) || is_missing(b)) return is_missing(a) == is_missing(b);
  return a.kind == b.kind && a.scale == b.scale && a.number == b.number && a.text == b.text &&
         (a.real == b.real || (std::isnan(a.real) && std::isnan(b.real)));
}

/// A number's value; nothing for texts.
std::optional<double> number_of(const ArrowCell& cell) {
  if (cell.kind == Kind::real || cell.kind == Kind::single) return cell.real;
  if (cell.kind == Kind::boolean) return static_cast<double>(cell.number);
  if (cell.kind != Kind::decimal) return std::nullopt;
  double value = static_cast<double>(cell.number);
  for (int digit = 0; digit < cell.scale; ++digit) value /= 10;
  return value;
}

/// Cells by the place of a row in the whole table; places ascend.
class PlacedCells {
 public:
  PlacedCells(const ArrowTable& table, std::size_t column) : table_(table), column_(column) {}
  ArrowCell at(std::uint64_t place) {
    while (place >= before_ + table_.rows(batch_)) before_ += table_.rows(batch_++);
    return table_.cell(batch_, column_, place - before_);
  }

 private:
  const ArrowTable& table_;
  std::size_t column_, batch_ = 0;
  std::uint64_t before_ = 0;
};

/// The cell of each customer, who has one value in all rows.
std::vector<ArrowCell> cells_of(const ArrowTable& table, const PlainPurchases& purchases, std::size_t column) {
  std::vector<ArrowCell> cells(purchases.customers.size());
  std::vector<std::uint8_t> known(cells.size());
  PlacedCells placed(table, column);
  for (std::size_t i = 0; i < purchases.size(); ++i) {
    if (i % 65'536 == 0) beat("covariates", i, purchases.size());
    const ArrowCell cell = placed.at(purchases.place[i]);
    const std::size_t customer = purchases.customer[i];
    if (!is_missing(cell) && cell.kind != Kind::text && !number_of(cell))
      refuse_cell(table, column, purchases.place[i] + 1, "number or text");
    if (known[customer] == 0) cells[customer] = cell;
    known[customer] = 1;
    if (same(cells[customer], cell)) continue;
    const std::string& name = table.columns()[column].name;
    throw Error(Problem{.code = Code::invalid,
                        .message = "the column '" + name + "' says two things of one customer",
                        .field = name,
                        .row = static_cast<std::int64_t>(purchases.place[i] + 1),
                        .hint = "a static covariate is the same in all rows of a customer"});
  }
  return cells;
}

mine::TableColumn column_of(const ArrowTable& table, const PlainPurchases& purchases, const std::string& name) {
  const std::vector<ArrowCell> cells = cells_of(table, purchases, table.column(name));
  const bool texts =
      std::any_of(cells.begin(), cells.end(), [](const ArrowCell& cell) { return cell.kind == Kind::text; });
  if (texts) {
    std::vector<std::string_view> words;
    for (const ArrowCell& cell : cells) words.push_back(cell.text);
    return mine::column_of(name, words);
  }
  mine::TableColumn column{.name = name};
  for (const ArrowCell& cell : cells)
    column.numbers.push_back(is_missing(cell) ? std::numeric_limits<double>::quiet_NaN() : *number_of(cell));
  return column;
}

}  // namespace

PlainCovariates covariates_of(std::span<const mine::TableColumn> columns) {
  PlainCovariates out;
  if (columns.empty() || columns.front().rows() == 0) return out;
  const mine::DesignMatrix design = mine::fit_design_matrix(columns, {}, {.drop_first = true});
  out.names = design.names;
  out.numbers = mine::matrix_of(design, columns);
  return out;
}

PlainCovariates plain_covariates(const ArrowTable& table, const PlainPurchases& purchases,
                                 std::span<const std::string> columns) {
  if (columns.empty() || purchases.customers.size() == 0) return {};
  std::vector<mine::TableColumn> read;
  for (const std::string& name : columns) read.push_back(column_of(table, purchases, name));
  return covariates_of(read);
}

}  // namespace emptor
