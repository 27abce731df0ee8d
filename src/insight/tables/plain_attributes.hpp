/// Columns of a foreign table as numbers that can be binned: quantities as they are, texts as codes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/arrow_table.hpp"
#include "emptor/mine/numbers.hpp"

namespace emptor {

struct PlainAttribute {
  std::string name;
  bool categorical = false;                            ///< its numbers are names
  std::optional<std::vector<std::string>> texts = {};  ///< ascending, a text's place is its code; nothing of numbers
};

/// Which columns are attributes; all others but the target are left out.
struct AttributeChoice {
  std::string target;
  std::vector<std::string> columns = {};      ///< empty: all
  std::vector<std::string> allowed = {};      ///< protected columns that may decide all the same
  std::vector<std::string> categorical = {};  ///< columns of numbers that are names
  std::size_t most_categories = 100;          ///< texts that a column may have
};

/// A column that may not or cannot decide.
struct LeftOutColumn {
  std::string name;
  std::string_view why;  ///< "protected", "neither numbers nor texts", "too many texts"
};

struct ChosenAttributes {
  std::vector<PlainAttribute> attributes;
  std::vector<LeftOutColumn> left_out;
};
/// Throws Code::not_found for a name that is none of the columns, Code::invalid where the target would be an attribute
/// and where a column of texts is to be quantities.
ChosenAttributes choose_attributes(const ArrowTable& table, const AttributeChoice& choice);

/// Numbers of attributes, one column after the other; NaN where nothing is.
struct PlainNumbers {
  std::size_t rows = 0, columns = 0;
  std::vector<double> x;
  std::uint64_t unknown = 0;  ///< texts that an attribute does not know; they are NaN

  mine::NumberView view() const noexcept { return {x.data(), rows, columns, 1, rows}; }
};
/// The rows that are marked (all, if no marks are given). A column that the table lacks is NaN throughout where
/// `needed` does not ask for it. Throws Code::not_found for one that is asked for, and Code::invalid, naming column and
/// row, for a value that is not of its kind.
PlainNumbers attribute_numbers(const ArrowTable& table, const std::vector<PlainAttribute>& attributes,
                               const std::vector<std::uint8_t>& needed = {},
                               const std::vector<std::uint8_t>& marked = {});

/// Where a column of this name stands; nothing without one.
std::optional<std::size_t> find_column(const ArrowTable& table, std::string_view name);
/// A number, a truth as 0 or 1, NaN where nothing is; nothing for anything else.
std::optional<double> real_of(const ArrowCell& cell);

}  // namespace emptor
