/// What differs between the SQL databases that one compiler writes for.
#pragma once

#include <string_view>

namespace emptor::sql {

struct Dialect {
  char parameter;              ///< what stands before a parameter's number
  std::string_view find_text;  ///< function: the place of one text in another, from 1; 0 if nowhere
  std::string_view open_list;  ///< around a parameter that packs many values
  std::string_view close_list;
  std::string_view among;  ///< function: whether an id is in the set at an address (1 or 0, also for no id)
};

inline constexpr Dialect sqlite_dialect{'?', "instr", "(SELECT value FROM json_each(", "))", "emptor_among"};

}  // namespace emptor::sql
