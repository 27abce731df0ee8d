// One run of an import: rows in, change sets out. Records are known by (source, external id); what the run
// has seen stands in pools of fingerprints, so that memory does not grow with the text of the files. What a row makes
// of the store is a function of the files and of what the store holds, not of how far an earlier run came.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "desk/cell_reading.hpp"
#include "desk/occurrences.hpp"
#include "desk/problem_log.hpp"
#include "desk/record_plan.hpp"
#include "desk/record_pool.hpp"
#include "desk/reject_file.hpp"
#include "desk/staged_rows.hpp"
#include "emptor/core/error.hpp"
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

/// Records by their external ids, read ahead; nothing where the store has none.
using Foreseen = std::unordered_map<std::string, std::optional<Record>>;

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
  Foreseen foreseen;  ///< of the batch
};

/// A line that the store has.
struct StoredLine {
  std::optional<std::int64_t> key;  ///< its content and occurrence; nothing where no import wrote it
  bool debit = false;               ///< sold, not taken back
  bool anonymous = false;           ///< without a customer
  bool unrated = false;             ///< without an amount in the base currency
};

struct Totals {
  boost::unordered_flat_map<std::string, IntegerSum> lines, opportunities;
  std::uint64_t lines_read = 0, lines_written = 0, lines_unchanged = 0;
};

class ImportRun {
 public:
  ImportRun(Session& session, const ImportOptions& options, ImportPlan& plan, ProblemLog& log, RejectFile& rejects);
  /// Reads every table of the plan and writes what is new in it.
  void run();
  void report(ImportReport& report) const;

 private:
  struct Found {
    Slot slot = no_slot;
    DataProblem* spelling = nullptr;  ///< set where the key is written in another way than that of its record
  };
  struct Recent {
    std::string key;
    Found found;
    std::uint32_t cells = 0;
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
  struct Touched {
    std::size_t pool;
    Slot slot;
    SlotState state;
  };
  /// What a batch changes, as it was before.
  struct Before {
    std::vector<Touched> slots;
    std::vector<std::uint32_t> memory;  ///< of each of them, one after another
    std::vector<ProductFacts> products;
    std::vector<std::uint64_t> contents;  ///< counted in row_contents_
    Totals totals;
    ProblemLog::Counts problems;
    std::size_t late = 0;
  };

  // import_run.cpp
  void run_table(TablePlan& table);
  void stage(TablePlan& table, const TableRow& row);
  void run_row(TablePlan& table, const StagedRow& row);
  View& view();
  void tell_progress(const TablePlan& table) const;
  void count_blanks(const TablePlan& table);
  void count_unused();

  // import_batch.cpp
  using Add = std::function<void(std::size_t)>;
  using Refuse = std::function<void(std::size_t, const Error&)>;
  void run_batch(TablePlan& table);
  void write(std::size_t begin, std::size_t end, const Add& add, const Refuse& refuse);
  void begin_set();
  std::optional<Error> end_set();
  void flush();
  void save(std::size_t pool, Slot slot);
  void take_back();
  void reject(TablePlan& table, const StagedRow& row);

  // import_records.cpp
  Slot touch(TablePlan& table, std::size_t record, std::uint64_t line, bool known);
  std::string_view key_of(const TablePlan& table, const RecordPlan& plan);
  std::string_view channel_key(const RecordPlan& plan, const Fingerprint& customer);
  std::string_view content_key(const RecordPlan& plan);
  Found locate(const RecordPlan& plan, std::string_view key, const TablePlan& table);
  bool only_referred_to(const RecordPlan& plan, Slot slot, std::string_view key);
  std::uint32_t cells_mark(const RecordPlan& plan);
  void write_fields(TablePlan& table, std::size_t record, Slot slot, std::string_view key, std::uint64_t line,
                    bool known);
  void after_write(const RecordPlan& plan, Slot slot, const CellPlan& cell, const Value& value);
  void conflict(const TablePlan& table, const RecordPlan& plan, std::string_view field, std::uint64_t line);
  void note_cell(const TablePlan& table, const RecordPlan& plan, const CellPlan& cell, const ReadCell& read,
                 std::uint64_t line);
  ChangeSet::Put put_record(const RecordPlan& plan, Slot slot, std::string_view key);
  void count_won(const TablePlan& table, const RecordPlan& plan);

  // import_lookups.cpp
  void look_ahead(TablePlan& table);
  void foresee_keys(TablePlan& table, std::vector<std::vector<std::string>>& wanted);
  std::string_view foreseen_key(TablePlan& table, std::size_t record, const StagedRow& row);
  void foresee_records(EntityPool& pool, const std::vector<std::string>& keys);
  void foresee_lines(const std::vector<std::string>& orders);
  void read_lines(std::span<const std::int64_t> orders);
  std::optional<Record> stored_record(EntityPool& pool, std::string_view key);
  void load_stored(EntityPool& pool, Slot slot, std::string_view key);
  void load_lines(Slot order);

  // import_references.cpp
  const Alias* find_alias(EntityPool& pool, const RecordPlan& plan, std::string_view key, const TablePlan& table);
  void learn_forms(EntityPool& pool, const RecordPlan& plan);
  void resolve_late_references(TablePlan& table);
  void resolve(TablePlan& table, const LateReference& late);
  Found locate_late(EntityPool& pool, const RecordPlan& plan, std::string_view key, const TablePlan& table);
  void tell_broken(const TablePlan& table, const LateReference& late);

  // import_lines.cpp
  void stage_line(const TablePlan& table, StagedRow& row);
  void run_line(TablePlan& table, const StagedRow& row);
  Slot touch_unnumbered(TablePlan& table, Slot order, std::uint64_t line, bool known);
  void read_line(const TablePlan& table, StagedRow& row);
  void read_number_cell(const TablePlan& table, const std::optional<CellPlan>& cell, std::optional<std::int64_t>& value,
                        StagedRow& row);
  void check_order_cells(const TablePlan& table, StagedRow& row);
  std::uint64_t content_of(const TablePlan& table, const LineValues& values) const;
  std::uint64_t mark_of_row(const LinePlan& line) const;
  Fingerprint document_of(const TablePlan& table, std::string_view number) const;
  bool name_document(TablePlan& table, const StagedRow& row);
  static std::uint64_t line_print(Slot order, std::int64_t key);
  void price_line(const TablePlan& table, Slot product);
  std::optional<std::int64_t> product_of(const LinePlan& line) const;
  void tell_unreadable(const TablePlan& table, std::uint64_t row);
  void write_line(const LinePlan& line, Slot order, Slot customer, Slot product, std::int64_t key);
  void add_to_totals();
  void settle_kind(const TablePlan& table, const LinePlan& line, Slot order, bool known);
  Id buyer_of(Slot order, Slot customer) const;
  void tell_line_problems(const TablePlan& table, Slot order, bool anonymous, bool unrated, std::uint64_t row);
  bool is_foreign() const;
  std::optional<Decimal> base_amount(Slot order);
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
  StagedRows staged_;
  Before before_;

  // the row at hand
  std::span<const std::string_view> cells_;
  std::vector<Slot> slots_;
  std::vector<Recent> recent_;
  std::string key_text_, document_key_, readable_date_, readable_time_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> blanks_;  ///< by column: how many, the first's line
  LineValues line_;

  // lines
  Occurrences contents_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> row_contents_;  ///< of records without a key
  boost::unordered_flat_set<std::uint64_t> stored_lines_, anonymous_lines_, unrated_lines_;
  std::unordered_map<std::int64_t, std::vector<StoredLine>> foreseen_lines_;  ///< of the batch, by the order's id
  std::uint64_t lines_rejected_ = 0;
  std::size_t order_pool_ = TableUnderstanding::npos, customer_pool_ = TableUnderstanding::npos,
              product_pool_ = TableUnderstanding::npos;
};

}  // namespace emptor::desk
