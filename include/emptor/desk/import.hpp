/// Import: a folder of files in, a checked store out. Says what it understood, what it did, what it
/// refused (and why, line by line), and what is wrong with the data.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "emptor/core/decimal.hpp"
#include "emptor/core/progress.hpp"
#include "emptor/desk/table.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct ImportOptions {
  std::string mapping = {};         ///< text of a mapping file (docs/import.md); empty: guessed from headers
  std::string source = "import";    ///< name of the source system: identities are kept under it
  std::string currency = {};        ///< of amounts without one; the store's base currency if empty
  std::string zone = {};            ///< of times without one; the store's zone if empty
  bool dry_run = false;             ///< understand and check only: nothing is written
  std::string rejects = {};         ///< file for refused lines; none is written where empty or nothing refused
  std::size_t batch_rows = 20'000;  ///< lines a change set
  Progress progress = {};           ///< that of the session if empty
};

struct ImportCounts {
  std::uint64_t read = 0, written = 0, unchanged = 0, rejected = 0;  ///< read is the sum of the others
};

/// Something that is wrong or remarkable in the data, with how often and where first.
struct DataProblem {
  std::string code;  ///< "duplicate_row", "missing_customer", ... (docs/problems.md lists all)
  std::string entity;
  std::string file;
  std::uint64_t rows = 0;       ///< how many rows it concerns
  std::uint64_t first_row = 0;  ///< line of the first of them; 0 where it concerns the whole file
  std::string text;             ///< a sentence, without personal data
};

/// How one column was understood.
struct ColumnMapping {
  std::string file, column, entity, field;
  std::string note;  ///< format, rule or doubt ("dates are month/day/year")
};

struct ImportReport {
  std::map<std::string, ImportCounts> entities;
  /// Money on the imported documents by currency: lines of orders; where the files have none, orders;
  /// where there are none either, won opportunities. What was read and accepted, written or unchanged.
  std::map<std::string, Decimal> amount;
  std::string rejects;  ///< path of the rejects file, if one was written
  std::vector<DataProblem> problems;
  std::vector<ColumnMapping> mapping;
  std::vector<std::vector<std::string>> preview;  ///< dry run: up to 20 rows a table, the first cell is the file
};

/// Throws Error for what stops it (no such path, a damaged file, a full disk); batches that were
/// acknowledged stay, and running it again completes the import. Code::denied: the actor lacks the permission `import`
/// for an entity that the files hold, or for a record (a dry run too, for it asks what is there).
ImportReport import_tables(Session& session, std::span<const std::string> paths, const ImportOptions& options = {});

/// The same from tables that stand open already (a host's, through open_arrow_table or open_text_table).
ImportReport import_tables(Session& session, const Tables& opened, const ImportOptions& options = {});

/// The report as the command line prints it (`--json`).
std::string to_json(const ImportReport& report);

}  // namespace emptor
