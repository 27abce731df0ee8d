// What the store holds of the records and lines that a batch speaks of, looked up together before it is gone through.
#include <algorithm>

#include "desk/import_run.hpp"

namespace emptor::desk {
namespace {

constexpr std::size_t npos = TableUnderstanding::npos;
constexpr std::size_t look_up_chunk = 500;

std::vector<Value> values_of(std::span<const std::string> texts) {
  std::vector<Value> values;
  for (const std::string& text : texts) values.emplace_back(std::string_view(text));
  return values;
}

// The records that a system knows by these ids, by their own ids.
std::unordered_map<std::int64_t, std::string> identified(const View& view, const std::string& entity,
                                                         std::string_view system, std::span<const std::string> keys) {
  Query query;
  query.entity = "identity";
  query.where = Where::all({Where::equal("entity", std::string_view(entity)), Where::equal("system", system),
                            Where::in("external_id", values_of(keys))});
  query.fields = {"record_id", "external_id"};
  std::unordered_map<std::int64_t, std::string> found;
  ScanKey at;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan(query, at, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) found.emplace(batch.columns[0].bits[i], batch.columns[1].text(i));
  }
  return found;
}

StoredLine line_of(const Batch& batch, std::size_t row) {
  const auto& columns = batch.columns;  // order_id, source_key, amount, quantity, customer_id, base_amount
  const auto micros = [&](std::size_t column) { return columns[column].valid[row] ? columns[column].bits[row] : 0; };
  StoredLine line;
  if (columns[1].valid[row]) line.key = columns[1].bits[row];
  line.debit = (micros(2) != 0 ? micros(2) : micros(3)) > 0;
  line.anonymous = !columns[4].valid[row];
  line.unrated = !columns[5].valid[row];
  return line;
}

}  // namespace

void ImportRun::look_ahead(TablePlan& table) {
  std::vector<std::vector<std::string>> wanted(pools_.size());
  foresee_keys(table, wanted);
  for (std::size_t i = 0; i < pools_.size(); ++i) foresee_records(pools_[i], wanted[i]);
  foreseen_lines_.clear();
  if (table.line) foresee_lines(wanted[order_pool_]);
}

// The keys of records of which the run knows nothing yet, and those of all orders, for their lines.
void ImportRun::foresee_keys(TablePlan& table, std::vector<std::vector<std::string>>& wanted) {
  for (std::size_t record = 0; record < table.records.size(); ++record) {
    const std::size_t pool = table.records[record].pool;
    if (pools_[pool].fresh) continue;
    const bool order = table.line && record == table.line->order;
    std::vector<std::string>& keys = wanted[pool];
    for (std::size_t row = 0; row < staged_.size(); ++row) {
      if (!staged_[row].reasons.empty()) continue;
      cells_ = staged_.cells(row);
      const std::string_view key = foreseen_key(table, record, staged_[row]);
      if (key.empty() || (!keys.empty() && keys.back() == key)) continue;
      if (order || pools_[pool].records.find(fingerprint(key)) == no_slot) keys.emplace_back(key);
    }
  }
  for (std::vector<std::string>& keys : wanted) {
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  }
}

// The key that a record of the row has if it is written as its own file writes it. Empty where there is none, or
// where only going through the row tells it.
std::string_view ImportRun::foreseen_key(TablePlan& table, std::size_t record, const StagedRow& row) {
  const RecordPlan& plan = table.records[record];
  if (table.line && record == table.line->order) {
    name_document(table, row);
    return document_key_;
  }
  if (plan.key.empty()) return {};
  if (plan.of_record == npos) return key_of(table, plan);
  const std::string_view customer = key_of(table, table.records[plan.of_record]);
  if (customer.empty() || cells_[plan.key.front()].empty()) return {};
  return channel_key(plan, fingerprint(customer));
}

void ImportRun::foresee_records(EntityPool& pool, const std::vector<std::string>& keys) {
  pool.foreseen.clear();
  std::vector<std::string> unknown;
  for (const std::string& key : keys)
    if (pool.records.find(fingerprint(key)) == no_slot) unknown.push_back(key);
  for (std::size_t begin = 0; begin < unknown.size(); begin += look_up_chunk) {
    const auto chunk = std::span(unknown).subspan(begin, std::min(look_up_chunk, unknown.size() - begin));
    for (const std::string& key : chunk) pool.foreseen.emplace(key, std::nullopt);
    const auto found = identified(view(), pool.entity->name, options_.source, chunk);
    std::vector<Value> ids;
    for (const auto& [id, key] : found) ids.emplace_back(Id{id});
    if (ids.empty()) continue;
    Query query;
    query.entity = pool.entity->name;
    query.where = Where::in("id", std::move(ids));
    for (Record& record : view().select(query)) {
      const std::string& key = found.at(record.id().value);
      pool.foreseen[key] = std::move(record);
    }
  }
}

void ImportRun::foresee_lines(const std::vector<std::string>& orders) {
  EntityPool& pool = pools_[order_pool_];
  std::vector<std::int64_t> ids;
  for (const std::string& key : orders) {
    const Slot slot = pool.records.find(fingerprint(key));
    if (slot == no_slot && pool.foreseen[key])
      ids.push_back(pool.foreseen[key]->id().value);
    else if (slot != no_slot && pool.records[slot].stored && !pool.records[slot].lines_known)
      ids.push_back(pool.records[slot].id);
  }
  for (std::size_t begin = 0; begin < ids.size(); begin += look_up_chunk)
    read_lines(std::span(ids).subspan(begin, std::min(look_up_chunk, ids.size() - begin)));
}

void ImportRun::read_lines(std::span<const std::int64_t> orders) {
  std::vector<Value> ids;
  for (const std::int64_t order : orders) {
    ids.emplace_back(Id{order});
    foreseen_lines_.try_emplace(order);
  }
  Query query;
  query.entity = "order_line";
  query.where = ids.size() == 1 ? Where::equal("order_id", ids.front()) : Where::in("order_id", std::move(ids));
  query.fields = {"order_id", "source_key", "amount", "quantity", "customer_id", "base_amount"};
  ScanKey at;
  Batch batch;
  for (bool more = true; more;) {
    more = view().scan(query, at, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i)
      foreseen_lines_[batch.columns[0].bits[i]].push_back(line_of(batch, i));
  }
}

std::optional<Record> ImportRun::stored_record(EntityPool& pool, std::string_view key) {
  if (const auto known = pool.foreseen.find(std::string(key)); known != pool.foreseen.end()) return known->second;
  return view().find(pool.entity->name, options_.source, key);
}

// Takes over what the store has of a record, if it has it.
void ImportRun::load_stored(EntityPool& pool, Slot slot, std::string_view key) {
  const std::optional<Record> record = stored_record(pool, key);
  if (!record) return;
  SlotState& state = pool.records[slot];
  state.id = record->id().value;
  state.stored = true;
  for (std::size_t i = 0; i < pool.numbers.size(); ++i) {
    const Value& value = (*record)[pool.numbers[i]];
    if (pool.numbers[i] >= system_field::count && value.present()) pool.records.memory(slot, i) = mark_of(value);
  }
  if (pool.entity->name == "order") {
    state.credit = record->get("kind").text() == "credit_note";
    state.kind_known = record->get("kind").present();
    if (const Id buyer = record->get("customer_id").id()) stored_buyers_[slot] = buyer.value;
    if (const Value& at = record->get("ordered_at"); at.present())
      state.day = reader_.zone().date_of(at.instant()).days;
  }
  if (pool.entity->name == "product") {
    ProductFacts& facts = products_[slot];
    facts.category = record->get("category").text();
    if (const Value& price = record->get("price"); price.present()) facts.price = price.micros();
    if (const Value& cost = record->get("cost"); cost.present()) facts.cost = cost.micros();
  }
}

void ImportRun::load_lines(Slot order) {
  SlotState& state = pools_[order_pool_].records[order];
  if (state.lines_known) return;
  if (!foreseen_lines_.contains(state.id)) read_lines(std::span(&state.id, 1));
  for (const StoredLine& line : foreseen_lines_[state.id]) {
    state.debit = state.debit || line.debit;
    if (!line.key) continue;
    const std::uint64_t print = line_print(order, *line.key);
    stored_lines_.insert(print);
    if (line.anonymous) anonymous_lines_.insert(print);
    if (line.unrated) unrated_lines_.insert(print);
  }
  state.lines_known = true;
}

}  // namespace emptor::desk
