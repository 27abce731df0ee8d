#include "insight/tables/plain_fields.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "core/arrow_convert.hpp"
#include "insight/tables/plain_attributes.hpp"
#include "insight/words/kind_writer.hpp"

namespace emptor {
namespace {

bool holds_numbers(const ArrowType& type) {
  using Kind = ArrowType::Kind;
  return type.kind == Kind::integer || type.kind == Kind::real || type.kind == Kind::decimal;
}

}  // namespace

std::string text_of(const ArrowCell& cell) {
  if (cell.kind == ArrowCell::Kind::text) return std::string(cell.text);
  if (cell.kind == ArrowCell::Kind::boolean) return cell.number != 0 ? "true" : "false";
  const std::optional<std::int64_t> whole = whole_of(cell);
  return whole ? std::to_string(*whole) : std::string();
}

std::string checked_text(const ArrowTable& table, std::size_t column, std::uint64_t row, const ArrowCell& cell) {
  std::string text = text_of(cell);
  const bool real = cell.kind == ArrowCell::Kind::real || cell.kind == ArrowCell::Kind::single;
  const bool nothing = is_missing(cell) || (real && std::isnan(cell.real));
  if (text.empty() && !nothing) refuse_cell(table, column, row, "whole number, truth or text");
  return text;
}

template <class Value, class Read>
std::vector<Value> PlainFields::newest(const std::string& column, const Value& unknown, const Read& read) const {
  const std::size_t at = table_.column(column);
  std::vector<Value> values(purchases_.customers.size(), unknown);
  std::vector<std::int32_t> days(values.size(), std::numeric_limits<std::int32_t>::min());
  each_cell(table_, purchases_, at, [&](std::size_t i, const ArrowCell& cell) {
    std::optional<Value> value = read(at, purchases_.place[i] + 1, cell);
    const std::uint32_t customer = purchases_.customer[i];
    if (!value || purchases_.day[i] > until_ || purchases_.day[i] < days[customer]) return;
    days[customer] = purchases_.day[i];
    values[customer] = std::move(*value);
  });
  return values;
}

std::vector<std::string> PlainFields::texts(const std::string& column) const {
  return newest<std::string>(column, {}, [&](std::size_t at, std::uint64_t row, const ArrowCell& cell) {
    std::string text = checked_text(table_, at, row, cell);
    return text.empty() ? std::nullopt : std::optional(std::move(text));
  });
}

PortraitKinds PlainFields::kinds(const std::string& column, std::span<const std::int64_t> customers) const {
  const std::vector<std::string> all = texts(column);
  KindWriter kinds(column);
  for (const std::int64_t customer : customers) kinds.add(all[static_cast<std::size_t>(customer - 1)]);
  return kinds.take();
}

PortraitNumbers PlainFields::numbers(const std::string& column, std::span<const std::int64_t> customers) const {
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> all =
      newest<double>(column, nothing, [&](std::size_t at, std::uint64_t row, const ArrowCell& cell) {
        const std::optional<double> number = is_missing(cell) ? std::optional(nothing) : real_of(cell);
        if (!number || std::isinf(*number)) refuse_cell(table_, at, row, "number");
        return std::isnan(*number) ? std::nullopt : number;
      });
  PortraitNumbers numbers{column, {}};
  for (const std::int64_t customer : customers) numbers.values.push_back(all[static_cast<std::size_t>(customer - 1)]);
  return numbers;
}

PortraitColumns PlainFields::fields(std::span<const std::string> columns,
                                    std::span<const std::int64_t> customers) const {
  PortraitColumns out;
  for (const std::string& column : columns) {
    if (holds_numbers(table_.columns()[table_.column(column)].type))
      out.numbers.push_back(numbers(column, customers));
    else
      out.kinds.push_back(kinds(column, customers));
  }
  return out;
}

}  // namespace emptor
