/// Kinds of files that are no tables of text, known by their first bytes or their names.
#pragma once

#include <string>
#include <string_view>

namespace emptor {

/// Why a file is passed over without looking at its text; empty for one that may be a table.
std::string known_kind(std::string_view name, std::string_view first_bytes);
/// Whether the name says that the file is a table of delimited text (".csv", ".tsv", ..., also with ".gz").
bool is_named_as_table(std::string_view name);

}  // namespace emptor
