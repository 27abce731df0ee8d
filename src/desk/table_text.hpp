/// Tables in files of delimited text.
#pragma once

#include <memory>
#include <string>

#include "desk/table_input.hpp"
#include "emptor/desk/table.hpp"

namespace emptor {

/// A table, or the reason why there is none.
struct OpenedText {
  std::unique_ptr<TableSource> table;
  std::string not_table;
};

struct TextFile {
  std::string name, path;
  std::unique_ptr<ByteInput> bytes;  ///< not decompressed
  bool delimited = false;            ///< its name says that it is a table
};

OpenedText open_text(TextFile file);

}  // namespace emptor
