/// The types of foreign Arrow columns, as their format strings say them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emptor/core/arrow.hpp"

namespace emptor {

struct ArrowType {
  enum class Kind { null, boolean, integer, real, decimal, text, text_view, day, day_millis, time, timestamp, list };
  Kind kind = Kind::null;
  int width = 0;  ///< bytes of a number; of text and lists: of their offsets (4 or 8)
  bool is_signed = true;
  int scale = 0;                ///< digits of a decimal after the point
  std::int64_t per_second = 1;  ///< ticks of a time or timestamp
  bool zoned = false;           ///< a timestamp that is an instant, not what a clock on the wall shows

  std::int64_t buffers() const noexcept;  ///< how many an array has; a text view has more
};

/// One column of a foreign table.
struct ArrowInput {
  std::string name;
  ArrowType type;                       ///< of the values
  std::optional<ArrowType> index = {};  ///< where they stand in a dictionary
  std::optional<ArrowType> list = {};   ///< of a column of lists, whose values are of the type above
};

/// What becomes of a column of lists.
enum class ArrowLists { refused, read };

/// Reads a child of a table's schema. Throws Code::unsupported, naming the column, for types that hold no
/// single value that a field could take (binary, struct, ..., lists unless they are read: then of such values, without
/// a dictionary), and Code::invalid for no schema.
ArrowInput read_arrow_input(const ArrowSchema* schema, ArrowLists lists = ArrowLists::refused);

}  // namespace emptor
