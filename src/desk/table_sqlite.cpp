#include "desk/table_sqlite.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "desk/csv_cell.hpp"
#include "desk/encoding.hpp"
#include "desk/float_text.hpp"
#include "desk/locale_text.hpp"
#include "desk/table_columns.hpp"
#include "desk/table_input.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"
#include "store/sqlite/catalog.hpp"

namespace emptor {
namespace {

constexpr int max_cell = 16 * 1024 * 1024;

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
};
struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

Code code_of(int result) noexcept {
  switch (result & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Code::busy;
    case SQLITE_NOMEM:
      return Code::memory;
    case SQLITE_TOOBIG:
      return Code::budget;
    default:
      return Code::io;
  }
}

[[noreturn]] void fail(int result, const std::string& name) {
  const Code code = code_of(result);
  const char* why = code == Code::corrupt  ? " is damaged"
                    : code == Code::budget ? " holds a value above 16 MiB"
                    : code == Code::busy   ? " is being written by another program"
                                           : " cannot be read";
  throw Error(code, "the SQLite file " + name + why + " (" + sqlite3_errstr(result) + ")");
}

/// A file in WAL mode that nobody has open has no log beside it. Such a file is opened as immutable, because
/// opening it otherwise would create files there.
bool is_resting_wal(const std::string& path) {
  std::string header(20, '\0');
  open_file(path)->read(header.data(), header.size());
  std::error_code none;
  return header[18] == 2 && !std::filesystem::exists(path + "-wal", none);
}

/// "file:" address of a path.
std::string address(const std::string& path, bool immutable) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string uri = path.starts_with('/') ? "file://" : "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += '%';
      uri += digits[static_cast<unsigned char>(c) >> 4];
      uri += digits[static_cast<unsigned char>(c) & 15];
    } else {
      uri += c;
    }
  }
  return uri + (immutable ? "?mode=ro&immutable=1" : "?mode=ro");
}

/// One connection, shared by the tables of a file.
class Database {
 public:
  Database(std::string name, const std::string& path) : name_(std::move(name)) {
    open(path, is_resting_wal(path));
    sqlite3_limit(handle_.get(), SQLITE_LIMIT_LENGTH, max_cell);
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  }

  const std::string& name() const noexcept { return name_; }
  Statement prepare(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &statement, nullptr);
    if (result != SQLITE_OK) fail(result, name_);
    return Statement(statement);
  }
  bool step(sqlite3_stmt* statement) const {
    const int result = sqlite3_step(statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE) fail(result, name_);
    return result == SQLITE_ROW;
  }

 private:
  std::string name_;
  std::unique_ptr<sqlite3, CloseDatabase> handle_;

  void open(const std::string& path, bool immutable) {
    sqlite3* handle = nullptr;
    const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX;
    const int result = sqlite3_open_v2(address(path, immutable).c_str(), &handle, flags, nullptr);
    handle_.reset(handle);
    if (result != SQLITE_OK) fail(result, name_);
  }
};
using DatabasePtr = std::shared_ptr<Database>;

std::string quoted(const std::string& name) {
  std::string result = "\"";
  for (const char c : name) result.append(c == '"' ? 2 : 1, c);
  return result + '"';
}

std::string_view text_of(sqlite3_stmt* statement, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
  return {text == nullptr ? "" : text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

struct ColumnFacts {
  std::uint64_t reals = 0, from_float = 0, altered = 0, rounder = 0, blobs = 0;
  std::uint64_t first_altered = 0, first_blob = 0;
  /// A few doubles can look like floats by chance; their floats are then no rounder than they are.
  bool is_float() const noexcept { return altered > 0 && reals == from_float && 2 * rounder >= altered; }
};

void see_real(ColumnFacts& facts, double value, std::uint64_t row) {
  ++facts.reals;
  if (!is_from_float(value)) return;
  ++facts.from_float;
  const std::string text = shortest_float(value);
  if (text == shortest_decimal(value)) return;
  if (facts.altered++ == 0) facts.first_altered = row;
  facts.rounder += std::count_if(text.begin(), text.end(), is_digit) <= 7;
}

class SqliteTable final : public TableSource {
 public:
  SqliteTable(DatabasePtr database, const std::string& table, std::string path)
      : database_(std::move(database)),
        name_(database_->name() + "#" + table),
        path_(std::move(path)),
        statement_(database_->prepare("SELECT * FROM " + quoted(table))) {
    const Statement count = database_->prepare("SELECT count(*) FROM " + quoted(table));
    database_->step(count.get());
    size_ = static_cast<std::uint64_t>(sqlite3_column_int64(count.get(), 0));
    std::vector<std::string> names;
    for (int i = 0; i < sqlite3_column_count(statement_.get()); ++i) {
      names.emplace_back(trim(sqlite3_column_name(statement_.get(), i)));
    }
    columns_ = distinct_names(names, notes_);
    texts_.resize(columns_.size());
    look_at_columns();
  }

  const std::string& name() const noexcept override { return name_; }
  const std::string& path() const noexcept override { return path_; }
  const TableFormat& format() const noexcept override { return format_; }
  std::span<const std::string> columns() const noexcept override { return columns_; }
  std::size_t dropped_columns() const noexcept override { return 0; }
  std::uint64_t position() const noexcept override { return row_; }
  std::uint64_t size() const noexcept override { return size_; }

  bool next(TableRow& row) override {
    if (!database_->step(statement_.get())) return false;
    row.line = ++row_;
    row.ragged = false;
    row.cells.resize(columns_.size());
    line_.clear();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      row.cells[i] = cell(i);
      if (i > 0) line_ += ',';
      append_csv_cell(line_, row.cells[i]);
    }
    row.original = line_;
    return true;
  }

  void rewind() override {
    sqlite3_reset(statement_.get());
    row_ = malformed_ = 0;
  }

  std::vector<TableNote> notes() const override {
    std::vector<TableNote> notes = notes_;
    if (malformed_ > 0) {
      notes.push_back({"malformed_bytes", "", malformed_, 0,
                       std::to_string(malformed_) + " bytes of text mean nothing in UTF-8 and became U+FFFD."});
    }
    return notes;
  }

 private:
  DatabasePtr database_;
  std::string name_, path_;
  TableFormat format_;
  Statement statement_;
  std::vector<std::string> columns_, texts_;
  std::vector<bool> floats_;
  std::vector<TableNote> notes_;
  std::string line_;
  std::uint64_t row_ = 0, size_ = 0, malformed_ = 0;

  std::string_view cell(std::size_t i) {
    const int column = static_cast<int>(i);
    switch (sqlite3_column_type(statement_.get(), column)) {
      case SQLITE_FLOAT: {
        const double value = sqlite3_column_double(statement_.get(), column);
        return texts_[i] = floats_[i] ? shortest_float(value) : shortest_decimal(value);
      }
      case SQLITE_INTEGER:
      case SQLITE_TEXT:
        return checked(i, text_of(statement_.get(), column));
      default:
        return {};
    }
  }

  /// SQLite does not check that text is UTF-8.
  std::string_view checked(std::size_t i, std::string_view text) {
    if (is_utf8(text)) return text;
    const auto decoder = make_decoder(Encoding::utf8, false);
    texts_[i].clear();
    decoder->decode(text, true, texts_[i]);
    for (std::size_t nul = texts_[i].find('\0'); nul != std::string::npos; nul = texts_[i].find('\0', nul)) {
      texts_[i].replace(nul, 1, "\uFFFD");
      ++malformed_;
    }
    malformed_ += decoder->malformed();
    return texts_[i];
  }

  /// A pass over all rows: which columns are floats, and which hold binary values.
  void look_at_columns() {
    std::vector<ColumnFacts> facts(columns_.size());
    for (std::uint64_t row = 1; database_->step(statement_.get()); ++row) {
      for (std::size_t i = 0; i < facts.size(); ++i) {
        const int column = static_cast<int>(i);
        const int type = sqlite3_column_type(statement_.get(), column);
        if (type == SQLITE_FLOAT) see_real(facts[i], sqlite3_column_double(statement_.get(), column), row);
        if (type == SQLITE_BLOB && facts[i].blobs++ == 0) facts[i].first_blob = row;
      }
    }
    sqlite3_reset(statement_.get());
    for (std::size_t i = 0; i < facts.size(); ++i) note_column(columns_[i], facts[i]);
  }

  void note_column(const std::string& column, const ColumnFacts& facts) {
    floats_.push_back(facts.is_float());
    if (facts.is_float()) {
      notes_.push_back({"binary_float", column, facts.altered, facts.first_altered,
                        "The numbers were kept as 32-bit floats; each is given as the shortest decimal of its float."});
    }
    if (facts.blobs > 0) {
      notes_.push_back({"blob", column, facts.blobs, facts.first_blob, "Binary values are read as empty."});
    }
  }
};

}  // namespace

bool is_sqlite(std::string_view first_bytes) noexcept {
  return first_bytes.starts_with(std::string_view("SQLite format 3\0", 16));
}

bool is_own_store(std::string_view first_bytes) noexcept {
  if (!is_sqlite(first_bytes) || first_bytes.size() < 72) return false;
  std::uint32_t id = 0;
  for (std::size_t i = 68; i < 72; ++i) id = id << 8 | static_cast<unsigned char>(first_bytes[i]);
  return id == static_cast<std::uint32_t>(sqlite::application_id);
}

std::vector<std::unique_ptr<TableSource>> open_sqlite_tables(const std::string& name, const std::string& path) {
  const auto database = std::make_shared<Database>(name, path);
  const Statement list = database->prepare(
      "SELECT name FROM sqlite_schema WHERE type='table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
      "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name COLLATE BINARY");
  std::vector<std::string> names;
  while (database->step(list.get())) names.emplace_back(text_of(list.get(), 0));
  std::vector<std::unique_ptr<TableSource>> tables;
  for (const std::string& table : names) tables.push_back(std::make_unique<SqliteTable>(database, table, path));
  return tables;
}

}  // namespace emptor
