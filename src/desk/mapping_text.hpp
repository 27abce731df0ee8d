// The mapping of an import as text that people read and edit (docs/import.md): one column a line,
//     orders.csv.Order ID -> order.external_id  [note]
//     orders.csv.Scratch -> -
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "desk/understanding.hpp"
#include "emptor/desk/import.hpp"

namespace emptor::desk {

/// Sets the targets of the columns that the text names; the others stay as guessed. Throws Code::invalid with
/// every line that is not understood.
void apply_mapping(std::string_view text, std::vector<TableUnderstanding>& tables, const Schema& schema);

/// Every column of every table that is read, as it was understood.
std::vector<ColumnMapping> list_mapping(std::span<const TableUnderstanding> tables);

}  // namespace emptor::desk
