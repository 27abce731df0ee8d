/// Some rows as columns: what a scan delivers, and what analytics read without a copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/record.hpp"
#include "emptor/model/schema.hpp"
#include "emptor/model/value.hpp"

namespace emptor {

/// The values of one field. Numbers (and everything that is one 64-bit integer inside) stand in
/// `bits`; text stands in `bytes`, from ends[i - 1] to ends[i]. Missing values have valid[i] == 0.
struct Column {
  FieldNumber field = 0;
  Type type = Type::integer;
  std::vector<std::int64_t> bits;
  std::vector<std::uint32_t> ends;
  std::string bytes;
  std::vector<std::uint8_t> valid;

  std::size_t size() const noexcept { return valid.size(); }
  bool is_text() const noexcept { return type == Type::text || type == Type::bytes; }
  std::string_view text(std::size_t row) const noexcept {
    const std::uint32_t begin = row == 0 ? 0 : ends[row - 1];
    return std::string_view(bytes).substr(begin, ends[row] - begin);
  }
  Value value(std::size_t row) const noexcept {
    if (!valid[row]) return {};
    if (type == Type::bytes) return Value::bytes(text(row));
    return type == Type::text ? Value(text(row)) : Value::of_bits(type, bits[row]);
  }
  void append(const Value& value) {
    valid.push_back(value.present());
    if (is_text()) {
      bytes.append(value.text());
      ends.push_back(static_cast<std::uint32_t>(bytes.size()));
    } else {
      bits.push_back(value.present() ? value.bits() : 0);
    }
  }
  void clear() noexcept;
};

struct Batch {
  std::vector<Id> ids;
  std::vector<Column> columns;  ///< one a field of the query, in its order

  std::size_t rows() const noexcept { return ids.size(); }
  /// Empties the rows and sets the columns to these fields of the entity.
  void reset(const Entity& entity, std::span<const FieldNumber> fields);
  void reset(const Entity& entity);  ///< to all of its fields, each at its number
  /// A row of which nothing is there, not even an id.
  void append_nothing();
  /// The values of a row, in the order of the columns, appended to `out`. Text is a view of the batch.
  void copy_row(std::size_t row, std::vector<Value>& out) const;
};

/// Where a scan stands: the last row's order values and id. Owns its text; valid across commits.
struct ScanKey {
  bool begun = false;
  bool ended = false;
  std::vector<Value> values;
  Id id;
  Arena text;
};

}  // namespace emptor
