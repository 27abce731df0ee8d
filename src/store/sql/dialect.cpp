#include "store/sql/dialect.hpp"

#include <cstdint>
#include <limits>

#include "store/sql/binary.hpp"

namespace emptor::sql {
namespace {

void append_json_string(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte < 0x20) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string json_list(std::span<const Value> values) {
  std::string list = "[";
  for (const Value& value : values) {
    if (list.size() > 1) list += ',';
    value.is_text() ? append_json_string(list, value.text()) : void(list += std::to_string(value.bits()));
  }
  return list + "]";
}

std::string binary_list(std::span<const Value> values) {
  BinaryArray array(values.empty() ? Type::integer : values.front().type());
  for (const Value& value : values) array.add(value);
  return array.take();
}

}  // namespace

const Dialect sqlite_dialect{.parameter = '?',
                             .find_text = "instr",
                             .in = {" IN (SELECT value FROM json_each(", "))", "))"},
                             .not_in = {" NOT IN (SELECT value FROM json_each(", "))", "))"},
                             .pack = json_list,
                             .among = "emptor_among",
                             .half_of = "",
                             .texts_are_utf8 = false,
                             .limit_is_written = false,
                             .has_least_bytes = true,
                             .trusts_statistics = false,
                             .integer = "INTEGER",
                             .real = "REAL",
                             .text = "TEXT",
                             .bytes = "BLOB",
                             .text_order = "",
                             .key = "INTEGER PRIMARY KEY",
                             .index_order = "",
                             .index_ends_in_id = false,
                             .fields_a_table = 1000,
                             .longest_name = std::numeric_limits<std::size_t>::max()};

// A row must fit a page of 8 KiB: what cannot be moved out of it takes up to 24 bytes a column.
const Dialect postgres_dialect{.parameter = '$',
                               .find_text = "strpos",
                               .in = {" = ANY(", "::bigint[])", "::text[])"},
                               .not_in = {" <> ALL(", "::bigint[])", "::text[])"},
                               .pack = binary_list,
                               .among = "",
                               .half_of = "::bigint",
                               .texts_are_utf8 = true,
                               .limit_is_written = true,
                               .has_least_bytes = false,
                               .trusts_statistics = true,
                               .integer = "bigint",
                               .real = "double precision",
                               .text = "text",
                               .bytes = "bytea",
                               .text_order = " COLLATE \"C\"",
                               .key = "bigint PRIMARY KEY",
                               .index_order = " NULLS FIRST",
                               .index_ends_in_id = true,
                               .fields_a_table = 300,
                               .longest_name = 63};

}  // namespace emptor::sql
