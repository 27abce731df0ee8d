/// What differs between the SQL databases that one compiler writes for.
#pragma once

#include <string_view>

namespace emptor::sql {

struct Dialect {
  char parameter;              ///< what stands before a parameter's number
  std::string_view find_text;  ///< function: the place of one text in another, from 1; 0 if nowhere
  std::string_view open_list;  ///< around a parameter that packs many values
  std::string_view close_list;
};

inline constexpr Dialect sqlite_dialect{'?', "instr", "(SELECT value FROM json_each(", "))"};

}  // namespace emptor::sql
