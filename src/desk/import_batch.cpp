// Batches: each one change set. A set that the session refuses is taken back and tried again by halves, until the
// rows at fault are refused one by one and everything else is written.
#include <algorithm>

#include "desk/import_run.hpp"

namespace emptor::desk {
namespace {

// Whether something is wrong with what was to be written, rather than with the store, the system or the moment.
bool is_refusal(const Error& error) {
  switch (error.code()) {
    case Code::invalid:
    case Code::not_found:
    case Code::conflict:
    case Code::duplicate:
      return !error.first().entity.empty();
    default:
      return false;
  }
}

std::vector<std::string> reasons_of(const Error& error) {
  std::vector<std::string> reasons;
  for (const Problem& problem : error.problems()) {
    std::string reason = problem.entity + (problem.field.empty() ? "" : "." + problem.field) + ": " + problem.message;
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) reasons.push_back(std::move(reason));
  }
  return reasons;
}

}  // namespace

void ImportRun::run_batch(TablePlan& table) {
  if (staged_.size() == 0) return;
  look_ahead(table);
  const auto add = [&](std::size_t i) {
    if (!staged_[i].reasons.empty()) return;
    cells_ = staged_.cells(i);
    table.line ? run_line(table, staged_[i]) : run_row(table, staged_[i]);
  };
  write(0, staged_.size(), add, [&](std::size_t i, const Error& error) { staged_[i].reasons = reasons_of(error); });
  for (std::size_t i = 0; i < staged_.size(); ++i)
    if (!staged_[i].reasons.empty()) reject(table, staged_[i]);
  staged_.clear();
  tell_progress(table);
}

// Writes what `add` makes of each number from begin to end. One that is refused by itself goes to `refuse`.
void ImportRun::write(std::size_t begin, std::size_t end, const Add& add, const Refuse& refuse) {
  begin_set();
  for (std::size_t i = begin; i < end; ++i) add(i);
  const std::optional<Error> refused = end_set();
  if (!refused) return;
  if (end - begin == 1) return refuse(begin, *refused);
  const std::size_t middle = begin + (end - begin) / 2;
  write(begin, middle, add, refuse);
  write(middle, end, add, refuse);
}

void ImportRun::begin_set() {
  for (Recent& recent : recent_) recent = {};
  before_.totals = totals_;
  before_.problems = log_.counts();
  before_.late = late_.size();
}

// Nothing where the set was written; where it was refused, the run is as it was before the set.
std::optional<Error> ImportRun::end_set() {
  std::optional<Error> refused;
  try {
    flush();
  } catch (const Error& error) {
    if (!is_refusal(error)) throw;
    refused = error;
    take_back();
  }
  for (const Touched& touched : before_.slots) pools_[touched.pool].records[touched.slot].saved = false;
  before_ = {};
  return refused;
}

void ImportRun::flush() {
  if (set_.empty()) return;
  // Not while writing: the log behind an open snapshot cannot be moved into the file, and would grow with the import.
  view_.reset();
  if (options_.dry_run) {
    for (const Pending& made : pending_) pools_[made.pool].records[made.slot].id = next_dry_id_++;
  } else {
    const Receipt receipt = session_.apply(set_, {.reason = "import"});
    for (const Pending& made : pending_) pools_[made.pool].records[made.slot].id = receipt.ids[made.change].value;
  }
  pending_.clear();
  set_.clear();
}

// Keeps the state of a record before the set at hand changes it.
void ImportRun::save(std::size_t pool, Slot slot) {
  RecordPool& records = pools_[pool].records;
  if (records[slot].saved) return;
  before_.slots.push_back({pool, slot, records[slot]});
  for (std::size_t i = 0; i < records.fields(); ++i) before_.memory.push_back(records.memory(slot, i));
  if (pool == product_pool_) before_.products.push_back(products_[slot]);
  records[slot].saved = true;
}

void ImportRun::take_back() {
  const std::uint32_t* memory = before_.memory.data();
  auto product = before_.products.begin();
  for (const auto& [pool, slot, state] : before_.slots) {
    RecordPool& records = pools_[pool].records;
    records[slot] = state;
    for (std::size_t i = 0; i < records.fields(); ++i) records.memory(slot, i) = *memory++;
    if (pool == product_pool_) products_[slot] = *product++;
  }
  for (const std::uint64_t content : before_.contents) --row_contents_[content];
  totals_ = before_.totals;
  log_.back_to(before_.problems);
  late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(before_.late), late_.end());
  pending_.clear();
  set_.clear();
  view_.reset();
}

void ImportRun::reject(TablePlan& table, const StagedRow& row) {
  rejects_.add(table.table->profile.name, row.line, row.reasons, row.original);
  if (table.line)
    ++lines_rejected_;
  else if (table.own != TableUnderstanding::npos)
    ++pools_[table.records[table.own].pool].rejected;
  for (const std::string& reason : row.reasons)
    ProblemLog::count(log_.at("rejected_row", table.table->kind, table.table->profile.name, reason,
                              "Rows were refused: " + reason + "."),
                      row.line);
}

}  // namespace emptor::desk
