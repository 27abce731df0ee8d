#include "store/arrow_batch.hpp"

#include <limits>

#include "emptor/core/error.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {
namespace {

constexpr std::size_t batch_rows = 1 << 16;

/// One bit a value, the first lowest, as Arrow has truth values and marks of presence.
template <class IsSet>
std::vector<std::uint8_t> bitmap(std::size_t size, const IsSet& is_set) {
  std::vector<std::uint8_t> bits((size + 7) / 8);
  for (std::size_t i = 0; i < size; ++i)
    bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (is_set(i) ? 1U << (i % 8) : 0U));
  return bits;
}

ArrowBuffer marks_of(const Column& column, std::int64_t& nulls) {
  for (const std::uint8_t valid : column.valid) nulls += valid == 0;
  if (nulls == 0) return {};
  return arrow_buffer(bitmap(column.size(), [&](std::size_t i) { return column.valid[i] != 0; }));
}

template <class Number>
std::vector<Number> converted(const std::vector<std::int64_t>& bits) {
  return std::vector<Number>(bits.begin(), bits.end());
}

std::vector<std::int32_t> starts_of(const Column& column) {
  if (column.bytes.size() > std::numeric_limits<std::int32_t>::max())
    throw Error(Code::budget, "the text of one batch is larger than 2 GiB", "ask for fewer fields");
  std::vector<std::int32_t> starts(1);
  starts.reserve(column.size() + 1);
  for (const std::uint32_t end : column.ends) starts.push_back(static_cast<std::int32_t>(end));
  return starts;
}

ArrowBuffer numbers_of(Column&& column) {
  switch (column.type) {
    case Type::decimal:
      return arrow_buffer(converted<Wide>(column.bits));
    case Type::date:
      return arrow_buffer(converted<std::int32_t>(column.bits));
    case Type::boolean:
      return arrow_buffer(bitmap(column.size(), [&](std::size_t i) { return column.bits[i] != 0; }));
    default:
      return arrow_buffer(std::move(column.bits));
  }
}

/// Rows of a column from `first` on.
Column part_of(const Column& column, std::size_t first, std::size_t count) {
  Column part;
  part.type = column.type;
  for (std::size_t i = first; i < first + count; ++i) part.append(column.value(i));
  return part;
}

/// Rows of lists from `first` on, as Arrow has large lists.
ArrowColumn lists_of(const ListColumn& lists, std::size_t first, std::size_t count) {
  Column held;
  held.type = lists.values->type;
  for (std::uint64_t i = lists.starts[first]; i < lists.starts[first + count]; ++i)
    held.append(lists.values->value(lists.codes[i]));
  std::vector<std::int64_t> starts;
  starts.reserve(count + 1);
  for (std::size_t row = first; row <= first + count; ++row)
    starts.push_back(static_cast<std::int64_t>(lists.starts[row] - lists.starts[first]));
  ArrowColumn out;
  out.length = static_cast<std::int64_t>(count);
  out.buffers = {ArrowBuffer(), arrow_buffer(std::move(starts))};
  out.children.push_back(to_arrow(std::move(held)));
  return out;
}

class TableStream final : public ArrowSource {
 public:
  explicit TableStream(NamedTable&& table) : table_(std::move(table)) {
    for (const ListColumn& lists : table_.lists)
      fields_.push_back({lists.name, "+L", true, {{"item", std::string(arrow_format(lists.values->type))}}});
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
      fields_.push_back({table_.names[i], std::string(arrow_format(table_.columns[i].type))});
  }
  const std::vector<ArrowField>& fields() const noexcept override { return fields_; }
  bool next(std::vector<ArrowColumn>& columns, std::int64_t& rows) override {
    const std::size_t count = std::min(batch_rows, table_.rows() - at_);
    if (count == 0) return false;
    for (const ListColumn& lists : table_.lists) columns.push_back(lists_of(lists, at_, count));
    for (const Column& column : table_.columns) columns.push_back(to_arrow(part_of(column, at_, count)));
    at_ += count;
    rows = static_cast<std::int64_t>(count);
    return true;
  }

 private:
  NamedTable table_;
  std::vector<ArrowField> fields_;
  std::size_t at_ = 0;
};

}  // namespace

std::string_view arrow_format(Type type) noexcept {
  switch (type) {
    case Type::id:
    case Type::integer:
      return "l";
    case Type::decimal:
      return "d:38,6";
    case Type::real:
      return "g";
    case Type::boolean:
      return "b";
    case Type::text:
      return "u";
    case Type::date:
      return "tdD";
    case Type::instant:
      return "tsu:UTC";
    case Type::bytes:
      return "z";
  }
  return "n";
}

ArrowColumn to_arrow(Column&& column) {
  ArrowColumn out;
  out.length = static_cast<std::int64_t>(column.size());
  out.buffers.push_back(marks_of(column, out.nulls));
  if (column.is_text()) {
    out.buffers.push_back(arrow_buffer(starts_of(column)));
    out.buffers.push_back(arrow_buffer(std::move(column.bytes)));
  } else {
    out.buffers.push_back(numbers_of(std::move(column)));
  }
  return out;
}

Column& NamedTable::add(std::string_view name, Type type) {
  names.emplace_back(name);
  Column& column = columns.emplace_back();
  column.type = type;
  return column;
}

void to_arrow(NamedTable table, ArrowArrayStream* out) {
  export_stream(std::make_unique<TableStream>(std::move(table)), out);
}

}  // namespace emptor
