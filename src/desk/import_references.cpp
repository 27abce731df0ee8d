// References under another spelling, and references to records that stand further down.
#include "desk/import_run.hpp"
#include "emptor/core/text.hpp"

namespace emptor::desk {
namespace {

// Letters and digits only, folded: "GTXPro" and "GTX Pro" are the same.
std::string compact(std::string_view key) {
  std::string folded = fold(key), out;
  for (const char c : folded)
    if (static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) out += c;
  return out;
}

// The number in a key without its letters and leading zeros: 1925 for "C00001925". Empty where digits do not
// end the key.
std::string unpadded(std::string_view key) {
  std::size_t begin = key.size();
  while (begin > 0 && key[begin - 1] >= '0' && key[begin - 1] <= '9') --begin;
  while (begin < key.size() && key[begin] == '0') ++begin;
  return std::string(key.substr(begin));
}

void learn(boost::unordered_flat_map<std::string, Slot>& forms, std::string form, Slot slot) {
  if (form.empty()) return;
  const auto [at, is_new] = forms.emplace(std::move(form), slot);
  if (!is_new && at->second != slot) at->second = no_slot;  // means two records: nobody's
}

bool may_be_named(std::string_view entity) { return entity == "product" || entity == "territory" || entity == "team"; }

}  // namespace

// Reads the master tables again for their keys: only once something refers to a key that they lack.
void ImportRun::learn_forms(EntityPool& pool, const RecordPlan& plan) {
  pool.forms_known = true;
  for (const TablePlan* master : plan_.pools[plan.pool].masters) {
    const RecordPlan& record = master->records[master->own];
    const ColumnTarget* name = master->table->target(plan.entity, "name");
    TableSource& source = *master->table->profile.source;
    source.rewind();
    TableRow row;
    while (source.next(row)) {
      std::string_view key = clean(row.cells[record.key.front()]);
      if (record.strip_point && key.ends_with(".0")) key.remove_suffix(2);
      const Slot slot = pool.records.find(fingerprint(key));
      if (slot == no_slot) continue;
      learn(pool.compact, compact(key), slot);
      learn(pool.unpadded, unpadded(key), slot);
      if (name != nullptr && name->column != record.key.front())
        learn(pool.compact, compact(clean(row.cells[name->column])), slot);
    }
    source.rewind();
  }
}

// The record that is meant by a key which no record has; null where there is none.
const Alias* ImportRun::find_alias(EntityPool& pool, const RecordPlan& plan, std::string_view key,
                                   const TablePlan& table) {
  const std::uint64_t print = fingerprint(key).low;
  if (const auto known = pool.aliases.find(print); known != pool.aliases.end()) return &known->second;
  if (!pool.forms_known) learn_forms(pool, plan);
  Alias alias;
  const std::string& file = table.table->profile.name;
  if (const auto same = pool.compact.find(compact(key)); same != pool.compact.end() && same->second != no_slot) {
    alias.slot = same->second;
    std::string text = "These rows write the name of a " + plan.entity + " in another way than the file of " +
                       plan.entity + "s; they are taken for the same.";
    if (may_be_named(plan.entity))
      text = "'" + std::string(key) + "' is not written as in the file of " + plan.entity +
             "s, where blanks, marks or capitals differ; it is taken for the same.";
    alias.problem = &log_.at("inconsistent_name", plan.entity, file, may_be_named(plan.entity) ? key : "", text);
  } else if (const std::string number = unpadded(key); !number.empty()) {
    const bool digits = key.find_first_not_of("0123456789") == std::string_view::npos;
    const auto padded = pool.unpadded.find(number);
    if (digits && padded != pool.unpadded.end() && padded->second != no_slot) {
      alias.slot = padded->second;
      alias.problem = &log_.at("unpadded_reference", plan.entity, file, "",
                               "These rows write the key of a " + plan.entity +
                                   " without the letters or zeros before it; they are taken for the same.");
    }
  }
  if (alias.slot == no_slot) return nullptr;
  return &pool.aliases.emplace(print, alias).first->second;
}

void ImportRun::resolve_late_references(TablePlan& table) {
  const std::vector<LateReference> late = std::move(late_);
  late_.clear();
  if (late.empty()) return;
  write(
      0, late.size(), [&](std::size_t i) { resolve(table, late[i]); },
      [&](std::size_t i, const Error&) { tell_broken(table, late[i]); });
}

void ImportRun::resolve(TablePlan& table, const LateReference& late) {
  EntityPool& pool = pools_[late.pool];
  const RecordPlan& plan = table.records[table.own];
  std::string_view key = late.key;
  if (plan.strip_point && key.ends_with(".0")) key.remove_suffix(2);
  const Found found = locate_late(pool, plan, key, table);
  if (found.spelling != nullptr) ProblemLog::count(*found.spelling, late.line);
  const std::int64_t target = found.slot == no_slot ? 0 : pool.records[found.slot].id;
  if (target <= 0) return tell_broken(table, late);
  save(late.pool, late.slot);
  std::uint32_t& memory = pool.records.memory(late.slot, late.plan->memory);
  const Value id{Id{target}};
  const std::uint32_t before = memory & ~RecordPool::accepted;
  if ((memory & RecordPool::accepted) != 0) {
    if (before != mark_of(id)) conflict(table, plan, late.plan->field, late.line);
    return;
  }
  memory = mark_of(id) | RecordPool::accepted;
  if (before == mark_of(id)) return;
  SlotState& state = pool.records[late.slot];
  state.written = true;
  set_.put(plan.entity, Id{state.id}).set(late.plan->field, id);
}

// A record of this run, under this spelling or another, or one that only the store has.
ImportRun::Found ImportRun::locate_late(EntityPool& pool, const RecordPlan& plan, std::string_view key,
                                        const TablePlan& table) {
  if (const Slot slot = pool.records.find(fingerprint(key)); slot != no_slot) return {slot, nullptr};
  if (const Alias* alias = find_alias(pool, plan, key, table)) return {alias->slot, alias->problem};
  if (pool.fresh) return {};
  const Slot slot = pool.records.add(fingerprint(key));
  if (plan.pool == product_pool_) products_.resize(pool.records.size());
  load_stored(pool, slot, key);
  return {slot, nullptr};
}

void ImportRun::tell_broken(const TablePlan& table, const LateReference& late) {
  ProblemLog::count(
      log_.at("broken_reference", table.records[table.own].entity, table.table->profile.name, late.plan->field,
              "The column " + table.table->profile.columns[late.plan->column].name +
                  " names records that no file has; the reference is left out."),
      late.line);
}

}  // namespace emptor::desk
