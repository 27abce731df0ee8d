/// Foreign tables: files of delimited text (plain or gzip) and the tables of a SQLite file, read row by
/// row as text, whatever their encoding, separator, quoting and line ends. docs/formats.md says how each
/// of these is recognised.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor {

enum class Encoding { utf8, utf8_bom, gb18030, cp1252, latin1, utf16 };
/// "UTF-8", "GB18030", ...
std::string_view name_of(Encoding encoding) noexcept;

/// How a text file is written, as guessed from its content.
struct TableFormat {
  Encoding encoding = Encoding::utf8;
  char separator = ',';            ///< ',', ';', tab, '|'; ' ' for runs of blanks
  bool backslash_escapes = false;  ///< \" inside quotes, rather than ""
  bool header = true;              ///< the first row names the columns
  bool compressed = false;         ///< gzip
  std::string line_end;            ///< "LF", "CRLF", "CR" or "mixed"; empty for a database
};

/// Something remarkable about how a table is written. Codes: malformed_bytes, mojibake, mixed_line_ends,
/// dropped_columns, renamed_column, no_header, row_names, skipped_preamble, ragged_rows, stray_quotes,
/// binary_float, blob.
struct TableNote {
  std::string code;
  std::string column;           ///< empty where it concerns the file
  std::uint64_t rows = 0;       ///< how many rows (malformed_bytes: bytes) it concerns; 0 for the whole file
  std::uint64_t first_row = 0;  ///< line of the first of them; 0 where unknown
  std::string text;             ///< a sentence, without a value of the file
};

/// One row. Views into the source's buffers, valid until the next call of `next`.
struct TableRow {
  std::vector<std::string_view> cells;  ///< as many as the table has columns; UTF-8, not trimmed
  std::uint64_t line = 0;               ///< line of the file (1 is the first), or row of the table
  std::string_view original;            ///< the line as it stands in the file, in UTF-8
  bool ragged = false;  ///< it lacked cells (they are empty), or had more than the header and not all of those empty
};

/// A table being read. Not thread-safe.
class TableSource {
 public:
  virtual ~TableSource() = default;
  /// Base name of the file, with "#table" for a table of a database.
  virtual const std::string& name() const noexcept = 0;
  virtual const std::string& path() const noexcept = 0;
  virtual const TableFormat& format() const noexcept = 0;
  /// Names of the columns, trimmed and distinct; trailing columns without a name and without any value in
  /// the whole file are dropped. Columns of a table without a header are "column1", "column2", ...
  virtual std::span<const std::string> columns() const noexcept = 0;
  /// Number of unnamed trailing columns that were dropped.
  virtual std::size_t dropped_columns() const noexcept = 0;
  /// What is remarkable. Notes about rows (ragged_rows, stray_quotes, malformed_bytes) count what was read so
  /// far and are complete once `next` has returned false.
  virtual std::vector<TableNote> notes() const = 0;
  /// False at the end; blank lines are passed over. Throws Code::corrupt for what cannot be read at all (a
  /// damaged gzip, a quote that never closes), Code::io, Code::budget (a cell above 16 MiB).
  virtual bool next(TableRow& row) = 0;
  /// Back to the first row.
  virtual void rewind() = 0;
  /// Bytes read so far and in all (compressed ones for gzip), for progress.
  virtual std::uint64_t position() const noexcept = 0;
  virtual std::uint64_t size() const noexcept = 0;
};

/// What could not be opened as a table, and why ("not a table", "picture", ...).
struct SkippedFile {
  std::string name;
  std::string reason;
};

struct Tables {
  std::vector<std::unique_ptr<TableSource>> sources;  ///< in the order of their names
  std::vector<SkippedFile> skipped;
};

/// Opens files and folders (one level). Folders are listed in byte order of names. Throws Code::not_found for
/// a path that does not exist, Code::corrupt for a damaged gzip or database, Code::io and Code::budget; a file
/// that is no table is listed in `skipped`, never guessed into one. Each file is read once to the end here,
/// because its last lines may decide its encoding; nothing of it is kept.
Tables open_tables(std::span<const std::string> paths);

/// A table over bytes in memory (tests, hosts). The bytes must outlive it. Throws Code::unsupported, with the
/// reason, for bytes that are no table.
std::unique_ptr<TableSource> open_text_table(std::string name, std::string_view bytes);

}  // namespace emptor
