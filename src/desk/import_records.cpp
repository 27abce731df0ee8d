// Records that are known by a key: found or made, and changed only where the files say something new.
#include <algorithm>

#include "desk/import_run.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t npos = TableUnderstanding::npos;

std::uint32_t mark_of_slot(Slot slot) { return mark_of(Value(static_cast<std::int64_t>(slot) + 1)); }

}  // namespace

// The external id of the record in this row; empty where the row names none.
std::string_view ImportRun::key_of(const TablePlan&, const RecordPlan& plan) {
  if (plan.key.size() == 1 && plan.key_prefix.empty()) {
    std::string_view key = cells_[plan.key.front()];
    if (plan.strip_point && key.ends_with(".0")) key.remove_suffix(2);
    return key;
  }
  if (plan.key.empty()) return plan.own ? content_key(plan) : std::string_view();
  if (cells_[plan.key.front()].empty()) return {};
  if (plan.of_record != npos) {
    if (slots_[plan.of_record] == no_slot) return {};
    return channel_key(plan, pools_[customer_pool_].records[slots_[plan.of_record]].key);
  }
  key_text_ = plan.key_prefix;
  for (std::size_t i = 0; i < plan.key.size(); ++i) (key_text_ += i > 0 ? "|" : "") += cells_[plan.key[i]];
  return key_text_;
}

// A way to reach a customer is known by the customer and by what it says.
std::string_view ImportRun::channel_key(const RecordPlan& plan, const Fingerprint& customer) {
  Fingerprinter content(plan.pool);
  content.add(customer.low).add(cells_[plan.key.front()]);
  key_text_ = plan.key_prefix + hexadecimal(content.wide());
  return key_text_;
}

// A record without a key is known by what it says, what it refers to, and how often that came before.
std::string_view ImportRun::content_key(const RecordPlan& plan) {
  Fingerprinter content(plan.pool);
  for (const CellPlan& cell : plan.cells) content.add(cells_[cell.column]);
  for (const LinkPlan& link : plan.links) content.add(std::uint64_t{slots_[link.record] != no_slot});
  for (const LinkPlan& link : plan.links)
    if (slots_[link.record] != no_slot)
      content.add(pools_[plan_.pool_of(pools_[plan.pool].entity->field(link.field).reference)]
                      .records[slots_[link.record]]
                      .key.low);
  before_.contents.push_back(content.narrow());
  content.add(std::uint64_t{row_contents_[content.narrow()]++});
  key_text_ = "row:" + hexadecimal(content.wide());
  return key_text_;
}

std::uint32_t ImportRun::cells_mark(const RecordPlan& plan) {
  if (plan.cells.empty() && plan.links.empty()) return 1;
  Fingerprinter printer;
  for (const CellPlan& cell : plan.cells) {
    printer.add(cells_[cell.column]);
    if (cell.second != npos) printer.add(cells_[cell.second]);
  }
  for (const LinkPlan& link : plan.links) printer.add(std::uint64_t{slots_[link.record]});
  for (const SelfPlan& self : plan.selves) printer.add(cells_[self.column]);
  return static_cast<std::uint32_t>(printer.narrow()) | 1;
}

// The record of the row, made or changed where the row says something new. A row that is `known`, as its line was
// imported before, changes no value; it only fills in what the store lacks.
Slot ImportRun::touch(TablePlan& table, std::size_t record, std::uint64_t line, bool known) {
  const RecordPlan& plan = table.records[record];
  const std::string_view key = key_of(table, plan);
  if (key.empty()) return no_slot;
  Recent& recent = recent_[record];
  const Slot before = recent.found.slot;
  const bool same_key = before != no_slot && recent.key == key;
  const std::uint32_t mark = cells_mark(plan);
  if (same_key && recent.cells == mark && !plan.own && recent.found.spelling == nullptr) return before;
  if (!same_key) {
    recent.found = locate(plan, key, table);
    recent.key.assign(key);
  }
  recent.cells = mark;
  const Slot slot = recent.found.slot;
  save(plan.pool, slot);
  SlotState& state = pools_[plan.pool].records[slot];
  const bool again = state.seen;
  if (!again) state.broken = plan.refers && only_referred_to(plan, slot, key);
  state.seen = true;
  state.used = state.used || plan.refers;
  if (state.broken && plan.refers)
    ProblemLog::count(
        log_.at("broken_reference", table.table->kind, table.table->profile.name, plan.entity,
                "These rows refer to a " + plan.entity + " that no file has; it is kept with nothing but its key."),
        line);
  if (recent.found.spelling != nullptr) ProblemLog::count(*recent.found.spelling, line);
  if (recent.found.spelling != nullptr && state.id != 0) return slot;
  if (state.last == mark && state.id != 0) {
    if (again && plan.own)
      ProblemLog::count(log_.at("duplicate_row", plan.entity, table.table->profile.name, "",
                                "These rows repeat an earlier row in every cell; the record is kept once."),
                        line);
    return slot;
  }
  state.last = mark;
  write_fields(table, record, slot, key, line, known);
  return slot;
}

ImportRun::Found ImportRun::locate(const RecordPlan& plan, std::string_view key, const TablePlan& table) {
  EntityPool& pool = pools_[plan.pool];
  const Fingerprint print = fingerprint(key);
  if (const Slot slot = pool.records.find(print); slot != no_slot) return {slot, nullptr};
  if (plan.refers)
    if (const Alias* alias = find_alias(pool, plan, key, table)) return {alias->slot, alias->problem};
  const Slot slot = pool.records.add(print);
  if (plan.pool == product_pool_) products_.resize(pool.records.size());
  if (!pool.fresh) load_stored(pool, slot, key);
  return {slot, nullptr};
}

// Whether the store has nothing of a record but what rows that refer to it say: such a record was made by a
// reference, now or by an earlier run.
bool ImportRun::only_referred_to(const RecordPlan& plan, Slot slot, std::string_view key) {
  EntityPool& pool = pools_[plan.pool];
  if (!pool.records[slot].stored) return true;
  for (std::size_t i = 0; i < pool.numbers.size(); ++i) {
    const std::uint32_t mark = pool.records.memory(slot, i);
    const bool named = plan_.pools[plan.pool].fields[i] == plan.required_name && mark == mark_of(Value(key));
    if (mark != 0 && !named && !plan_.pools[plan.pool].referring[i]) return false;
  }
  return true;
}

ChangeSet::Put ImportRun::put_record(const RecordPlan& plan, Slot slot, std::string_view key) {
  SlotState& state = pools_[plan.pool].records[slot];
  state.written = true;
  if (state.id != 0) return set_.put(plan.entity, Id{state.id});
  ChangeSet::Put put = set_.put(plan.entity).by(options_.source, key);
  state.id = put.id().value;
  pending_.push_back({plan.pool, slot, set_.size() - 1});
  return put;
}

void ImportRun::write_fields(TablePlan& table, std::size_t record, Slot slot, std::string_view key, std::uint64_t line,
                             bool known) {
  const RecordPlan& plan = table.records[record];
  EntityPool& pool = pools_[plan.pool];
  std::optional<ChangeSet::Put> put;
  const bool made = pool.records[slot].id == 0;
  if (made) {
    put = put_record(plan, slot, key);
    if (!plan.constant_field.empty()) put->set(plan.constant_field, std::string_view(plan.constant));
  }
  bool named = plan.required_name.empty();
  for (const CellPlan& cell : plan.cells) {
    const ReadCell read = reader_.read(cell, cells_);
    if (read.unreadable || read.rounded || read.outlier) note_cell(table, plan, cell, read, line);
    if (!read.value.present()) continue;
    named = named || cell.field == plan.required_name;
    std::uint32_t& memory = pool.records.memory(slot, cell.memory);
    const std::uint32_t mark = mark_of(read.value), before = memory & ~RecordPool::accepted;
    if ((memory & RecordPool::accepted) != 0) {
      if (before != mark) conflict(table, plan, cell.field, line);
      continue;
    }
    memory = mark | RecordPool::accepted;
    if (known && before != 0 && before != mark) continue;
    after_write(plan, slot, cell, read.value);
    if (before == mark) continue;
    if (!put) put = put_record(plan, slot, key);
    put->set(cell.field, read.value);
  }
  for (const LinkPlan& link : plan.links) {
    const Slot target = slots_[link.record];
    if (target == no_slot) continue;
    std::uint32_t& memory = pool.records.memory(slot, link.memory);
    const std::uint32_t before = memory & ~RecordPool::accepted;
    if ((memory & RecordPool::accepted) != 0) {
      if (before != mark_of_slot(target)) conflict(table, plan, link.field, line);
      continue;
    }
    memory = mark_of_slot(target) | RecordPool::accepted;
    const Value id(Id{pools_[table.records[link.record].pool].records[target].id});
    const bool same = before == mark_of(id);
    if (known && before != 0 && !same) continue;
    if (link.field == "customer_id" && plan.entity == "order") pool.records[slot].link = target;
    if (same) continue;
    if (!put) put = put_record(plan, slot, key);
    put->set(link.field, id);
  }
  for (const SelfPlan& self : plan.selves)
    if (!cells_[self.column].empty()) late_.push_back({plan.pool, slot, &self, std::string(cells_[self.column]), line});
  if (made && !named) put->set(plan.required_name, key);
}

void ImportRun::after_write(const RecordPlan& plan, Slot slot, const CellPlan& cell, const Value& value) {
  if (plan.pool == product_pool_) {
    ProductFacts& facts = products_[slot];
    if (cell.field == "category") facts.category = value.text();
    if (cell.field == "price") facts.price = value.micros();
    if (cell.field == "cost") facts.cost = value.micros();
  }
  if (plan.pool == order_pool_ && cell.field == "ordered_at")
    pools_[plan.pool].records[slot].day = reader_.zone().date_of(value.instant()).days;
}

void ImportRun::conflict(const TablePlan& table, const RecordPlan& plan, std::string_view field, std::uint64_t line) {
  ProblemLog::count(log_.at("conflicting_values", plan.entity, table.table->profile.name, field,
                            "Rows give one " + plan.entity + " another value of " + std::string(field) +
                                " than a row before; the first is kept."),
                    line);
}

void ImportRun::note_cell(const TablePlan& table, const RecordPlan& plan, const CellPlan& cell, const ReadCell& read,
                          std::uint64_t line) {
  const std::string& column = table.table->profile.columns[cell.column].name;
  const std::string& file = table.table->profile.name;
  if (read.unreadable && cell.names)
    ProblemLog::count(log_.at("broken_reference", plan.entity, file, column,
                              "The column " + column + " holds keys that its look-up table lacks; they are left out."),
                      line);
  else if (read.unreadable)
    ProblemLog::count(log_.at("unreadable_value", plan.entity, file, column,
                              "The column " + column + " holds values that are not of its kind; they are left out."),
                      line);
  if (read.rounded)
    ProblemLog::count(log_.at("rounded_decimals", plan.entity, file, column,
                              "The column " + column + " has more than six digits after the point; they are rounded."),
                      line);
  if (read.outlier)
    ProblemLog::count(
        log_.at("outlier", plan.entity, file, column, "The column " + column + " holds values far beyond all others."),
        line);
}

void ImportRun::count_won(const TablePlan&, const RecordPlan& plan) {
  const CellPlan *outcome = nullptr, *amount = nullptr;
  for (const CellPlan& cell : plan.cells) {
    if (cell.kind == CellKind::outcome) outcome = &cell;
    if (cell.field == "amount") amount = &cell;
  }
  if (outcome == nullptr || amount == nullptr || reader_.read(*outcome, cells_).value.text() != "won") return;
  const Value value = reader_.read(*amount, cells_).value;
  if (value.present()) totals_.opportunities[currency_].add(value.micros());
}

}  // namespace emptor::desk
