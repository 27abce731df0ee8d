#include "desk/import_run.hpp"

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::uint64_t rows_between_signs = 4096;
constexpr std::uint64_t rows_a_beat = 64;
constexpr std::uint64_t large_load = 24ull << 20;  // bytes

bool store_knows(View& view, std::string_view entity, std::string_view source) {
  Query query;
  query.entity = "identity";
  query.where = Where::all({Where::equal("entity", entity), Where::equal("system", source)});
  query.fields = {"record_id"};
  query.limit = 1;
  ScanKey key;
  Batch batch;
  view.scan(query, key, batch);
  return batch.rows() > 0;
}

}  // namespace

ImportRun::ImportRun(Session& session, const ImportOptions& options, ImportPlan& plan, ProblemLog& log,
                     RejectFile& rejects)
    : session_(session),
      options_(options),
      plan_(plan),
      log_(log),
      rejects_(rejects),
      schema_(session.view().schema_pointer()),
      reader_(Zone::of(options.zone.empty() ? session.view().info().zone : options.zone)),
      now_(session.now()) {
  base_currency_ = view().info().currency.code();
  currency_ = options.currency.empty() ? base_currency_ : std::string(Currency::parse(options.currency)->code());
  for (const PoolPlan& wanted : plan_.pools) {
    EntityPool& pool = pools_.emplace_back();
    pool.records = RecordPool(wanted.fields.size());
    pool.entity = &schema_->entity(wanted.entity);
    pool.fresh = !store_knows(view(), wanted.entity, options_.source);
    for (const std::string& field : wanted.fields) {
      const Field* known = pool.entity->find(field);
      pool.numbers.push_back(known == nullptr ? 0 : known->number);  // a dry run declares no fields
    }
    const std::size_t index = pools_.size() - 1;
    if (wanted.entity == "order") order_pool_ = index;
    if (wanted.entity == "customer") customer_pool_ = index;
    if (wanted.entity == "product") product_pool_ = index;
  }
}

void ImportRun::run() {
  std::uint64_t bytes = 0;
  bool lines = false;
  for (const TablePlan& table : plan_.tables) {
    bytes += table.table->profile.source->size();
    lines = lines || table.line.has_value();
  }
  const bool fresh = order_pool_ != TableUnderstanding::npos && pools_[order_pool_].fresh;
  const bool load = !options_.dry_run && lines && fresh && bytes >= large_load;
  static constexpr std::string_view loaded[] = {"order", "order_line"};
  view_.reset();
  if (load) session_.begin_load(loaded);
  try {
    for (TablePlan& table : plan_.tables) run_table(table);
    flush();
    count_unused();
    if (load) session_.settle();
  } catch (...) {
    if (load) session_.break_off_load();
    throw;
  }
}

void ImportRun::run_table(TablePlan& table) {
  recent_.assign(table.records.size(), {});
  slots_.assign(table.records.size(), no_slot);
  blanks_.assign(table.table->profile.columns.size(), {0, 0});
  TableSource& source = *table.table->profile.source;
  source.rewind();
  TableRow row;
  std::uint64_t rows = 0;
  while (source.next(row)) {
    if (rows % rows_a_beat == 0) beat(source.name(), source.position(), source.size());
    take_cells(row);
    if (table.line)
      run_line(table, row);
    else
      run_row(table, row);
    if (lines_in_set_ >= options_.batch_rows || set_.size() >= options_.batch_rows * 3) flush();
    if (++rows % rows_between_signs == 0) tell_progress(table, rows);
  }
  table.table->profile.rows = rows;
  if (!late_.empty()) resolve_late_references(table);
  count_blanks(table);
}

void ImportRun::take_cells(const TableRow& row) {
  cells_.resize(row.cells.size());
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    cells_[i] = clean(row.cells[i]);
    if (cells_[i].empty() && blanks_[i].first++ == 0) blanks_[i].second = row.line;
  }
}

void ImportRun::run_row(TablePlan& table, const TableRow& row) {
  reasons_.clear();
  const RecordPlan* own = table.own == TableUnderstanding::npos ? nullptr : &table.records[table.own];
  if (own != nullptr && !own->key.empty() && key_of(table, *own).empty()) {
    reasons_.push_back("the key (" + table.table->profile.columns[own->key.front()].name + ") is blank");
    return reject(table, row);
  }
  for (std::size_t i = 0; i < table.records.size(); ++i) slots_[i] = touch(table, i, row.line, false);
  ++lines_in_set_;
  if (own == nullptr) return;
  if (own->entity == "opportunity") count_won(table, *own);
  const bool sold = own->entity == "order" || own->entity == "opportunity";
  for (std::size_t i = 0; sold && i < table.records.size(); ++i)
    if (table.records[i].entity == "customer" && slots_[i] == no_slot)
      ProblemLog::count(log_.at("missing_customer", own->entity, table.table->profile.name, "",
                                "These rows name no customer; they are kept without one."),
                        row.line);
}

void ImportRun::reject(TablePlan& table, const TableRow& row) {
  rejects_.add(table.table->profile.name, row.line, reasons_, row.original);
  if (table.line) {
    ++lines_rejected_;
    ++lines_read_;
  } else {
    ++pools_[table.records[table.own].pool].rejected;
  }
  for (const std::string& reason : reasons_)
    ProblemLog::count(log_.at("rejected_row", table.table->kind, table.table->profile.name, reason,
                              "Rows were refused: " + reason + "."),
                      row.line);
}

void ImportRun::flush() {
  if (set_.empty()) return;
  lines_in_set_ = 0;
  if (options_.dry_run) {
    for (const Pending& made : pending_) pools_[made.pool].records[made.slot].id = next_dry_id_++;
  } else {
    const Receipt receipt = session_.apply(set_, {.reason = "import"});
    for (const Pending& made : pending_) pools_[made.pool].records[made.slot].id = receipt.ids[made.change].value;
  }
  pending_.clear();
  set_.clear();
  view_.reset();
}

View& ImportRun::view() {
  if (!view_) view_.emplace(session_.view());
  return *view_;
}

void ImportRun::tell_progress(const TablePlan& table, std::uint64_t) const {
  const TableSource& source = *table.table->profile.source;
  if (options_.progress && !options_.progress(source.name(), source.position(), source.size()))
    throw Error(Code::cancelled, "the import was stopped", "run it again to complete it");
}

void ImportRun::count_blanks(const TablePlan& table) {
  const TableUnderstanding& known = *table.table;
  for (std::size_t i = 0; i < blanks_.size(); ++i) {
    const auto& [rows, first] = blanks_[i];
    if (rows == 0) continue;
    const ColumnTarget* target = nullptr;
    for (const ColumnTarget& candidate : known.targets)
      if (candidate.column == i && target == nullptr) target = &candidate;
    const std::string entity = target == nullptr ? known.kind : target->entity;
    const std::string& name = known.profile.columns[i].name;
    if (rows == known.profile.rows)
      log_.add("blank_column", entity, known.profile.name, rows, first,
               "The column " + name + " is blank in every row.");
    else
      log_.add("missing_value", entity, known.profile.name, rows, first,
               "The column " + name + " is blank in some rows.");
  }
}

// Records of master files that nothing else in the files refers to.
void ImportRun::count_unused() {
  static constexpr std::pair<std::string_view, std::string_view> codes[] = {
      {"customer", "customers_without_orders"}, {"product", "unused_product"}, {"user", "unused_user"}};
  for (std::size_t i = 0; i < pools_.size(); ++i) {
    std::uint64_t used = 0, unused = 0;
    for (Slot slot = 0; slot < pools_[i].records.size(); ++slot)
      if (pools_[i].records[slot].seen) ++(pools_[i].records[slot].used ? used : unused);
    if (plan_.pools[i].masters.empty() || used == 0 || unused == 0) continue;
    for (const auto& [entity, code] : codes)
      if (entity == plan_.pools[i].entity)
        log_.add(code, entity, plan_.pools[i].masters.front()->table->profile.name, unused, 0,
                 "No row of the other files refers to these records.");
  }
}

void ImportRun::report(ImportReport& report) const {
  for (const EntityPool& pool : pools_) {
    ImportCounts counts;
    for (Slot slot = 0; slot < pool.records.size(); ++slot) {
      const SlotState& state = pool.records[slot];
      if (!state.seen) continue;
      ++counts.read;
      ++(state.written ? counts.written : counts.unchanged);
    }
    counts.rejected = pool.rejected;
    counts.read += pool.rejected;
    if (counts.read > 0) report.entities[pool.entity->name] = counts;
  }
  if (lines_read_ > 0) report.entities["order_line"] = {lines_read_, lines_written_, lines_unchanged_, lines_rejected_};
  for (const auto& [currency, sum] : totals_.lines.empty() ? totals_.opportunities : totals_.lines)
    report.amount[currency] = sum.micros_to_decimal();
}

}  // namespace emptor::desk
