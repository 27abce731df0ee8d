// One field's value from the cells of a row, exactly.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "desk/record_plan.hpp"
#include "emptor/model/value.hpp"

namespace emptor::desk {

struct ReadCell {
  Value value;              ///< missing where the cell is blank
  bool unreadable = false;  ///< something stands there that the field cannot take
  bool rounded = false;     ///< digits past the sixth after the point
  bool outlier = false;
};

/// Text of a value is a view of the cell, of a table of names or of `buffer`.
class CellReader {
 public:
  explicit CellReader(Zone zone) : zone_(std::move(zone)) {}
  ReadCell read(const CellPlan& plan, std::span<const std::string_view> cells);
  const Zone& zone() const noexcept { return zone_; }

 private:
  ReadCell read_text(const CellPlan& plan, std::span<const std::string_view> cells);
  ReadCell read_decimal(const CellPlan& plan, std::string_view cell) const;
  ReadCell read_time(const CellPlan& plan, std::span<const std::string_view> cells);

  Zone zone_;
  std::string buffer_;
  Date last_date_;
  std::int64_t last_midnight_ = 0;
  bool has_last_ = false;
};

/// A number with more digits than a field keeps (up to 12 after the point), for multiplying before rounding.
struct LongNumber {
  __extension__ using Wide = __int128;
  Wide units = 0;
  int scale = 0;
};
std::optional<LongNumber> read_long(std::string_view text);
/// The nine digits that tell a 32-bit float from its neighbours: 9.80000019 for 9.8.
std::optional<LongNumber> digits_of_single(std::string_view text);
/// quantity x price x (1 - discount) in micros, rounded once, half to even. Nothing where it does not fit.
std::optional<std::int64_t> multiply(const LongNumber& a, const LongNumber& b, const LongNumber& less);

}  // namespace emptor::desk
