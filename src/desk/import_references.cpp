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

Slot ImportRun::find_alias(EntityPool& pool, const RecordPlan& plan, std::string_view key, const TablePlan& table,
                           std::uint64_t line) {
  const std::uint64_t print = fingerprint(key).low;
  if (const auto known = pool.aliases.find(print); known != pool.aliases.end()) {
    if (known->second.problem != nullptr) ProblemLog::count(*known->second.problem, line);
    return known->second.slot;
  }
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
  if (alias.slot == no_slot) return no_slot;
  pool.aliases.emplace(print, alias);
  ProblemLog::count(*alias.problem, line);
  return alias.slot;
}

void ImportRun::resolve_late_references(TablePlan& table) {
  flush();
  for (const LateReference& late : late_) {
    EntityPool& pool = pools_[late.pool];
    const RecordPlan& plan = table.records[table.own];
    std::string_view key = late.key;
    if (plan.strip_point && key.ends_with(".0")) key.remove_suffix(2);
    Slot target = pool.records.find(fingerprint(key));
    if (target == no_slot) target = find_alias(pool, plan, key, table, late.line);
    if (target == no_slot && !pool.fresh) {
      target = pool.records.add(fingerprint(key));
      if (late.pool == product_pool_) products_.resize(pool.records.size());
      load_stored(pool, target, key);
    }
    if (target == no_slot || pool.records[target].id <= 0) {
      ProblemLog::count(log_.at("broken_reference", plan.entity, table.table->profile.name, late.plan->field,
                                "The column " + table.table->profile.columns[late.plan->column].name +
                                    " names records that no file has; the reference is left out."),
                        late.line);
      continue;
    }
    std::uint32_t& memory = pool.records.memory(late.slot, late.plan->memory);
    Fingerprinter printer;
    printer.add(static_cast<std::uint64_t>(pool.records[target].id));
    std::uint32_t mark = static_cast<std::uint32_t>(printer.narrow()) & ~RecordPool::accepted;
    if (mark == 0) mark = 1;
    if ((memory & ~RecordPool::accepted) == mark) continue;
    memory = mark | RecordPool::accepted;
    SlotState& state = pool.records[late.slot];
    state.written = true;
    set_.put(plan.entity, Id{state.id}).set(late.plan->field, Value(Id{pool.records[target].id}));
  }
  late_.clear();
  flush();
}

}  // namespace emptor::desk
