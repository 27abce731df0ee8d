/// The columns of one row, in the order of the query's fields.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

class RowCells {
 public:
  RowCells(const Batch& batch, std::size_t row) : batch_(batch), row_(row) {}
  bool has(std::size_t column) const { return batch_.columns[column].valid[row_] != 0; }
  std::int64_t bits(std::size_t column) const { return batch_.columns[column].bits[row_]; }
  /// 0 where there is none: of ids, which begin at 1.
  std::int64_t id(std::size_t column) const { return has(column) ? bits(column) : 0; }
  std::string text(std::size_t column) const { return std::string(batch_.columns[column].text(row_)); }
  bool is_true(std::size_t column) const { return has(column) && bits(column) != 0; }
  template <class Whole = std::int64_t>
  std::optional<Whole> whole(std::size_t column) const {
    return has(column) ? std::optional(static_cast<Whole>(bits(column))) : std::nullopt;
  }
  std::optional<double> number(std::size_t column) const {
    return has(column) ? std::optional(Decimal::from_micros(bits(column)).to_double()) : std::nullopt;
  }
  double real(std::size_t column) const { return batch_.columns[column].value(row_).real(); }
  std::int64_t row_id() const { return batch_.ids[row_].value; }

 private:
  const Batch& batch_;
  std::size_t row_;
};

/// Calls take for every row of an entity that is not deleted; its first column is the version, `fields` follow. The
/// data version rises to the greatest one.
void each_versioned_row(const View& view, const char* entity, std::vector<std::string> fields,
                        std::int64_t& data_version, const std::function<void(const RowCells&)>& take);

}  // namespace emptor
