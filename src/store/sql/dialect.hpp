/// What differs between the SQL databases that one compiler writes for.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "emptor/model/value.hpp"

namespace emptor::sql {

/// What stands around a parameter that packs many values.
struct ListWords {
  std::string_view open;
  std::string_view close;        ///< after integers
  std::string_view close_texts;  ///< after texts
};

struct Dialect {
  char parameter;              ///< what stands before a parameter's number
  std::string_view find_text;  ///< function: the place of one text in another, from 1; 0 if nowhere
  ListWords in, not_in;
  std::string (*pack)(std::span<const Value> values);  ///< integers or texts as one parameter
  std::string_view among;    ///< function: whether an id is in the set at an address; empty where none can be called
  std::string_view half_of;  ///< after a sum of 32-bit halves, which is to be an integer of 64 bits
  bool texts_are_utf8;       ///< a parameter that is not cannot be compared with a text
  bool limit_is_written;     ///< into the statement, where it helps to choose a plan
  bool has_least_bytes;      ///< min and max of octets
  bool trusts_statistics;    ///< without them a list of keys may be looked for row by row

  std::string_view integer, real, text, bytes;  ///< types of columns
  std::string_view text_order;                  ///< after the type of a column of texts: by bytes
  std::string_view key;                         ///< that of the column "id"
  std::string_view index_order;                 ///< after each column of an index
  bool index_ends_in_id;                        ///< it has to be told to order ties by id
  std::size_t fields_a_table;                   ///< more stand in satellites
  std::size_t longest_name;
};

extern const Dialect sqlite_dialect;
extern const Dialect postgres_dialect;

}  // namespace emptor::sql
