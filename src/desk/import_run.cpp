#include "desk/import_run.hpp"

#include <algorithm>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::uint64_t rows_between_signs = 4096;
constexpr std::uint64_t rows_a_beat = 64;
constexpr std::uint64_t large_load = 24ull << 20;  // bytes

// Rows of many records make change sets of no more than four changes for each row that is asked for.
std::size_t rows_a_batch(const TablePlan& table, std::size_t wanted) {
  constexpr std::size_t changes_a_row = 4;
  const std::size_t changes = std::max(changes_a_row, table.records.size() + table.line.has_value());
  return std::max<std::size_t>(1, wanted * changes_a_row / changes);
}

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
    count_unused();
    if (!options_.dry_run) session_.settle();
  } catch (...) {
    if (load) session_.break_off_load();
    throw;
  }
}

void ImportRun::run_table(TablePlan& table) {
  const std::size_t columns = table.table->profile.columns.size();
  recent_.assign(table.records.size(), {});
  slots_.assign(table.records.size(), no_slot);
  blanks_.assign(columns, {0, 0});
  staged_.begin(columns);
  readable_date_.clear();
  const std::size_t most = rows_a_batch(table, options_.batch_rows);
  TableSource& source = *table.table->profile.source;
  source.rewind();
  TableRow row;
  std::uint64_t rows = 0;
  while (source.next(row)) {
    if (rows % rows_a_beat == 0) beat(source.name(), source.position(), source.size());
    stage(table, row);
    if (staged_.size() >= most) run_batch(table);
    if (++rows % rows_between_signs == 0) tell_progress(table);
  }
  run_batch(table);
  table.table->profile.rows = rows;
  resolve_late_references(table);
  count_blanks(table);
}

// What follows from a row by itself.
void ImportRun::stage(TablePlan& table, const TableRow& row) {
  StagedRow& staged = staged_.add(row);
  cells_ = staged_.cells(staged_.size() - 1);
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (cells_[i].empty() && blanks_[i].first++ == 0) blanks_[i].second = row.line;
  if (table.line) return stage_line(table, staged);
  const RecordPlan* own = table.own == TableUnderstanding::npos ? nullptr : &table.records[table.own];
  if (own != nullptr && !own->key.empty() && key_of(table, *own).empty())
    staged.reasons.push_back("the key (" + table.table->profile.columns[own->key.front()].name + ") is blank");
}

void ImportRun::run_row(TablePlan& table, const StagedRow& row) {
  for (std::size_t i = 0; i < table.records.size(); ++i) slots_[i] = touch(table, i, row.line, false);
  if (table.own == TableUnderstanding::npos) return;
  const RecordPlan& own = table.records[table.own];
  if (own.entity == "opportunity") count_won(table, own);
  const bool sold = own.entity == "order" || own.entity == "opportunity";
  for (std::size_t i = 0; sold && i < table.records.size(); ++i)
    if (table.records[i].entity == "customer" && slots_[i] == no_slot)
      ProblemLog::count(log_.at("missing_customer", own.entity, table.table->profile.name, "",
                                "These rows name no customer; they are kept without one."),
                        row.line);
}

View& ImportRun::view() {
  if (!view_) view_.emplace(session_.view());
  return *view_;
}

void ImportRun::tell_progress(const TablePlan& table) const {
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
  if (totals_.lines_read + lines_rejected_ > 0)
    report.entities["order_line"] = {totals_.lines_read + lines_rejected_, totals_.lines_written,
                                     totals_.lines_unchanged, lines_rejected_};
  for (const auto& [currency, sum] : totals_.lines.empty() ? totals_.opportunities : totals_.lines)
    report.amount[currency] = sum.micros_to_decimal();
}

}  // namespace emptor::desk
