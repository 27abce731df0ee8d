#include "support/history_model.hpp"

#include <algorithm>

#include "emptor/core/text.hpp"

namespace emptor::test {
namespace {

const std::string base_currency = "EUR";

bool is_text(Type type) { return type == Type::text || type == Type::bytes; }

// What the session completes by itself.
void complete(const std::string& entity, ModelRecord& record) {
  const Cell* name = record.find("name");
  if (entity == "customer" || entity == "product") {
    const std::string key = name == nullptr ? "" : fold(name->text);
    key.empty() ? void(record.cells.erase("name_key")) : void(record.cells["name_key"] = {Type::text, 0, key});
  }
  if (const Cell* customer = record.find("customer_id"); customer != nullptr && record.find("origin_id") == nullptr)
    record.cells["origin_id"] = Cell(*customer);
  if (entity != "order_line") return;
  const Cell* currency = record.find("currency");
  if (currency != nullptr && currency->text != base_currency) return;
  const Cell* amount = record.find("amount");
  amount == nullptr ? void(record.cells.erase("base_amount")) : void(record.cells["base_amount"] = Cell(*amount));
}

bool holds(const Cell* cell, const Where& where) {
  if (where.op == Operator::missing) return cell == nullptr;
  if (where.op == Operator::present) return cell != nullptr;
  const auto equals = [cell](const Value& value) {
    if (cell == nullptr || !value.present()) return false;
    const Cell other = Cell::of(value);
    return compare_cells(cell, &other) == 0;
  };
  if (where.op == Operator::among) return cell != nullptr && where.ids->contains(Id{cell->bits});
  if (where.op == Operator::in) return std::any_of(where.values.begin(), where.values.end(), equals);
  if (where.op == Operator::equal) return equals(where.values[0]);
  if (where.op == Operator::not_equal) return !equals(where.values[0]);
  if (cell == nullptr || !where.values[0].present()) return false;
  const Cell other = Cell::of(where.values[0]);
  switch (where.op) {
    case Operator::less:
      return compare_cells(cell, &other) < 0;
    case Operator::less_equal:
      return compare_cells(cell, &other) <= 0;
    case Operator::greater:
      return compare_cells(cell, &other) > 0;
    case Operator::greater_equal:
      return compare_cells(cell, &other) >= 0;
    case Operator::starts_with:
      return cell->text.compare(0, other.text.size(), other.text) == 0;
    default:
      return cell->text.find(other.text) != std::string::npos;
  }
}

const Cell* cell_of(const ModelRecord& record, std::int64_t id, const std::string& field, Cell& scratch) {
  if (field != "id") return record.find(field);
  scratch = {Type::id, id, {}};
  return &scratch;
}

}  // namespace

Value Cell::view() const {
  if (type == Type::text) return Value(std::string_view(text));
  return type == Type::bytes ? Value::bytes(text) : Value::of_bits(type, bits);
}

Cell Cell::of(const Value& value) {
  if (value.is_text()) return {value.type(), 0, std::string(value.text())};
  return {value.type(), value.bits(), {}};
}

int compare_cells(const Cell* a, const Cell* b) {
  if (a == nullptr || b == nullptr) return (a != nullptr) - (b != nullptr);
  if (is_text(a->type)) return a->text.compare(b->text);
  return a->bits < b->bits ? -1 : a->bits > b->bits;
}

const Cell* ModelRecord::find(const std::string& field) const {
  const auto found = cells.find(field);
  return found == cells.end() ? nullptr : &found->second;
}

const HistoryModel::Records& HistoryModel::of(const std::string& entity) const {
  static const Records none;
  const auto found = entities_.find(entity);
  return found == entities_.end() ? none : found->second;
}

std::int64_t HistoryModel::identified(const std::string& entity, const std::string& system,
                                      const std::string& external_id) const {
  const auto found = identities_.find({entity, system, external_id});
  return found == identities_.end() ? 0 : found->second;
}

void HistoryModel::change(ModelRecord& record, const MeantChange& meant, const std::vector<Id>& ids) const {
  record.deleted = meant.erase;
  for (const auto& [field, cell] : meant.cells) {
    Cell real = cell;
    if (cell.type == Type::id && cell.bits < 0) real.bits = ids[static_cast<std::size_t>(-cell.bits - 1)].value;
    const bool missing = is_text(cell.type) ? cell.text.empty() : cell.type == Type::id && cell.bits == 0;
    missing ? void(record.cells.erase(field)) : void(record.cells[field] = real);
  }
}

// A new record that was given the number of a deleted one, though not by its identity.
bool HistoryModel::takes_the_place(const MeantChange& change, const ModelRecord& record, std::int64_t id) const {
  return record.deleted && change.id.value < 0 && identified(change.entity, change.system, change.external_id) != id;
}

Receipt HistoryModel::apply(const std::vector<MeantChange>& changes, const Receipt& said, const std::string& op_id) {
  Receipt receipt;
  receipt.ids = said.ids;
  std::map<std::pair<std::string, std::int64_t>, ModelRecord> before;
  std::set<std::pair<std::string, std::int64_t>> made;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const auto key = std::pair(changes[i].entity, said.ids[i].value);
    const auto found = entities_[key.first].find(key.second);
    if (found == entities_[key.first].end()) made.insert(key);
    if (!made.contains(key)) before.try_emplace(key, found->second);
    ModelRecord& record = entities_[key.first][key.second];
    if (takes_the_place(changes[i], record, key.second)) {
      ++revived_;
      record.cells.clear();
    }
    change(record, changes[i], said.ids);
    complete(key.first, record);
    if (!changes[i].system.empty())
      identities_.try_emplace({key.first, changes[i].system, changes[i].external_id}, key.second);
  }
  std::set<std::pair<std::string, std::int64_t>> changed = made;
  for (const auto& [key, old] : before) {
    const ModelRecord& now = entities_[key.first][key.second];
    if (now.cells == old.cells && now.deleted == old.deleted) {
      ++receipt.unchanged;
      continue;
    }
    changed.insert(key);
    ++(now.deleted ? receipt.erased : receipt.updated);
  }
  receipt.inserted = made.size();
  if (!changed.empty() || !op_id.empty()) receipt.position = ++position_;
  for (const auto& key : changed) entities_[key.first][key.second].version = position_;
  for (std::size_t i = 0; i < changes.size(); ++i)
    receipt.versions.push_back(entities_[changes[i].entity][said.ids[i].value].version);
  return receipt;
}

bool HistoryModel::matches(const ModelRecord& record, std::int64_t id, const Where& where) {
  const auto child = [&](const Where& one) { return matches(record, id, one); };
  switch (where.kind) {
    case Where::Kind::always:
      return true;
    case Where::Kind::all:
      return std::all_of(where.children.begin(), where.children.end(), child);
    case Where::Kind::any:
      return std::any_of(where.children.begin(), where.children.end(), child);
    case Where::Kind::negate:
      return !child(where.children[0]);
    default:
      break;
  }
  Cell scratch;
  return holds(cell_of(record, id, where.field, scratch), where);
}

std::vector<std::int64_t> HistoryModel::select(const Query& query) const {
  std::vector<std::pair<std::int64_t, const ModelRecord*>> found;
  for (const auto& [id, record] : of(query.entity))
    if ((query.with_deleted || !record.deleted) && matches(record, id, query.where)) found.push_back({id, &record});
  std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    for (const OrderBy& order : query.order) {
      Cell a_id, b_id;
      const int sign =
          compare_cells(cell_of(*a.second, a.first, order.field, a_id), cell_of(*b.second, b.first, order.field, b_id));
      if (sign != 0) return order.descending ? sign > 0 : sign < 0;
    }
    return false;
  });
  std::vector<std::int64_t> ids;
  for (const auto& [id, record] : found) ids.push_back(id);
  return ids;
}

}  // namespace emptor::test
