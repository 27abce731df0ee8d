// One run of an import: rows in, change sets out. Records are known by (source, external id); what the run
// has seen stands in pools of fingerprints, so that memory does not grow with the text of the files.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "desk/cell_reading.hpp"
#include "desk/occurrences.hpp"
#include "desk/problem_log.hpp"
#include "desk/record_plan.hpp"
#include "desk/record_pool.hpp"
#include "desk/reject_file.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/core/money.hpp"
#include "emptor/desk/import.hpp"
#include "emptor/session/session.hpp"

namespace emptor::desk {

/// What lines take from a product.
struct ProductFacts {
  std::string category;
  std::optional<std::int64_t> price, cost;  ///< micros
};

/// A reference under another spelling: the record meant, and the problem that counts it.
struct Alias {
  Slot slot = no_slot;
  DataProblem* problem = nullptr;
};

/// The records of one entity, as far as the run knows them.
struct EntityPool {
  RecordPool records;
  const Entity* entity = nullptr;
  bool fresh = false;  ///< the store knows none of this source
  std::vector<FieldNumber> numbers;
  boost::unordered_flat_map<std::uint64_t, Alias> aliases;         ///< by fingerprint of the reference
  boost::unordered_flat_map<std::string, Slot> compact, unpadded;  ///< keys in forms that forgive
  bool forms_known = false;
  std::uint64_t rejected = 0;
};

struct Totals {
  boost::unordered_flat_map<std::string, IntegerSum> lines, opportunities;
};

class ImportRun {
 public:
  ImportRun(Session& session, const ImportOptions& options, ImportPlan& plan, ProblemLog& log, RejectFile& rejects);
  /// Reads every table of the plan and writes what is new in it.
  void run();
  void report(ImportReport& report) const;

 private:
  struct Recent {
    std::string key;
    Slot slot = no_slot;
    std::uint32_t cells = 0;
    bool aliased = false;
  };
  struct Pending {
    std::size_t pool;
    Slot slot;
    std::size_t change;
  };
  struct LateReference {
    std::size_t pool;
    Slot slot;
    const SelfPlan* plan;
    std::string key;
    std::uint64_t line;
  };

  // import_run.cpp
  void run_table(TablePlan& table);
  void take_cells(const TableRow& row);
  void run_row(TablePlan& table, const TableRow& row);
  void reject(TablePlan& table, const TableRow& row);
  void flush();
  View& view();
  void tell_progress(const TablePlan& table, std::uint64_t rows) const;
  void count_blanks(const TablePlan& table);
  void count_unused();

  // import_records.cpp
  Slot touch(TablePlan& table, std::size_t record, std::uint64_t line, bool count_only);
  std::string_view key_of(const TablePlan& table, const RecordPlan& plan);
  Slot slot_of(TablePlan& table, const RecordPlan& plan, std::string_view key, std::uint64_t line, bool& aliased);
  std::uint32_t cells_mark(const RecordPlan& plan);
  void write_fields(TablePlan& table, std::size_t record, Slot slot, std::string_view key, std::uint64_t line);
  bool load_stored(EntityPool& pool, Slot slot, std::string_view key);
  void after_write(const RecordPlan& plan, Slot slot, const CellPlan& cell, const Value& value);
  void conflict(const TablePlan& table, const RecordPlan& plan, std::string_view field, std::uint64_t line);
  void note_cell(const TablePlan& table, const RecordPlan& plan, const CellPlan& cell, const ReadCell& read,
                 std::uint64_t line);
  ChangeSet::Put put_record(const RecordPlan& plan, Slot slot, std::string_view key);
  void count_won(const TablePlan& table, const RecordPlan& plan);

  // import_references.cpp
  Slot find_alias(EntityPool& pool, const RecordPlan& plan, std::string_view key, const TablePlan& table,
                  std::uint64_t line);
  void learn_forms(EntityPool& pool, const RecordPlan& plan);
  void resolve_late_references(TablePlan& table);

  // import_lines.cpp
  void run_line(TablePlan& table, const TableRow& row);
  void read_line(const TablePlan& table, std::uint64_t row);
  void read_number_cell(const TablePlan& table, const std::optional<CellPlan>& cell, std::optional<std::int64_t>& value,
                        std::uint64_t row);
  void check_order_cells(const TablePlan& table, std::uint64_t row);
  std::uint64_t content_of(const TablePlan& table) const;
  std::uint64_t mark_of_row(const LinePlan& line) const;
  Fingerprint document_of(const TablePlan& table, std::string_view number) const;
  Slot unnumbered_order(const Fingerprint& document, std::uint64_t key);
  void load_lines(Slot order);
  void price_line(const TablePlan& table, Slot product);
  std::optional<std::int64_t> product_of(const LinePlan& line) const;
  void tell_unreadable(const TablePlan& table, std::uint64_t row);
  void write_line(const LinePlan& line, Slot order, Slot customer, Slot product, std::int64_t key);
  void add_to_totals();
  void settle_kind(const TablePlan& table, const LinePlan& line, Slot order, std::string_view number);
  Id buyer_of(Slot order, Slot customer) const;
  void tell_line_problems(const TablePlan& table, const LinePlan& line, Slot order, Slot customer, std::uint64_t row);
  std::optional<Decimal> to_base(std::int64_t micros, std::string_view currency, std::int32_t day);

  Session& session_;
  const ImportOptions& options_;
  ImportPlan& plan_;
  ProblemLog& log_;
  RejectFile& rejects_;
  SchemaPtr schema_;
  std::string base_currency_, currency_;
  std::optional<ExchangeRates> rates_;
  CellReader reader_;
  Instant now_;

  std::vector<EntityPool> pools_;
  std::vector<ProductFacts> products_;                           ///< by slot
  boost::unordered_flat_map<Slot, std::int64_t> stored_buyers_;  ///< of orders that were in the store before
  Totals totals_;
  ChangeSet set_;
  std::vector<Pending> pending_;
  std::optional<View> view_;
  std::int64_t next_dry_id_ = std::int64_t{1} << 40;
  std::vector<LateReference> late_;
  std::vector<std::string> reasons_;

  // the row at hand
  std::vector<std::string_view> cells_;
  std::uint64_t row_mark_ = 0;
  std::vector<Slot> slots_;
  std::vector<Recent> recent_;
  std::string key_text_, document_key_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> blanks_;  ///< by column: how many, the first's line

  // lines
  Occurrences contents_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> row_contents_;  ///< of records without a key
  boost::unordered_flat_set<std::uint64_t> stored_lines_;
  std::uint64_t lines_read_ = 0, lines_written_ = 0, lines_unchanged_ = 0, lines_rejected_ = 0;
  struct LineValues {
    std::optional<std::int64_t> quantity, price, amount, discount, cost, profit;
    std::string currency;  ///< empty: that of the run
  } line_;
  std::size_t order_pool_ = TableUnderstanding::npos, customer_pool_ = TableUnderstanding::npos,
              product_pool_ = TableUnderstanding::npos;
  std::size_t lines_in_set_ = 0;
};

}  // namespace emptor::desk
