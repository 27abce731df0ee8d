/// Columns of a batch as Arrow has them (docs/types.md): numbers move, only what Arrow lays out otherwise
/// (decimals, days, truth values, marks of presence) is written anew.
#pragma once

#include <string>

#include "core/arrow_export.hpp"
#include "emptor/store/batch.hpp"
#include "emptor/store/named_table.hpp"

namespace emptor {

/// The Arrow type of a field's type: "l", "d:38,6", "tsu:UTC", ...
std::string_view arrow_format(Type type) noexcept;
/// Takes the column's memory. Throws Code::budget where its text passes 2 GiB.
ArrowColumn to_arrow(Column&& column);

}  // namespace emptor
