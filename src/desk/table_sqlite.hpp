/// The tables of a foreign SQLite file.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/desk/table.hpp"

namespace emptor {

bool is_sqlite(std::string_view first_bytes) noexcept;
/// Whether these first bytes (at least 72) are of a store of this library.
bool is_own_store(std::string_view first_bytes) noexcept;

/// The user's tables in byte order of their names: neither views nor virtual tables nor SQLite's own. The
/// file is opened read-only and left as it is. Throws Code::corrupt, Code::io and Code::busy.
std::vector<std::unique_ptr<TableSource>> open_sqlite_tables(const std::string& name, const std::string& path);

}  // namespace emptor
