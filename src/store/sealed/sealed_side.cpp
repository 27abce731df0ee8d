#include "store/sealed/sealed_side.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/base64.hpp"
#include "core/hex.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "emptor/model/system.hpp"
#include "model/owner.hpp"

namespace emptor::sealed {
namespace {

constexpr std::size_t plain_secret_size = 16;
constexpr std::size_t most_seals = 100'000;
constexpr std::string_view wrapped_setting = "wrapped:";

bool is_secret(std::string_view setting) { return setting == salt_setting || setting == seal_setting; }

std::string secret_from(std::string_view text) {
  std::optional<std::string> bytes = from_hex(text);
  if (!bytes) throw Error(Code::corrupt, "a secret of the store is damaged", "restore a backup");
  return std::move(*bytes);
}

bool holds_secrets(const Entity& entity) { return entity.number == SubjectKey::entity_number; }
bool is_sealed(const Entity& entity, FieldNumber field) { return entity.fields[field].has(field_flag::sealed); }
bool is_changed(const Entity& entity) { return !entity.sealed_fields.empty() || holds_secrets(entity); }

bool names(const std::vector<std::string>& fields, const std::string& name) {
  return std::ranges::find(fields, name) != fields.end();
}
bool tells_sealed(const Entity& entity, const std::vector<std::string>& fields) {
  return std::ranges::any_of(entity.sealed_fields,
                             [&](FieldNumber field) { return names(fields, entity.fields[field].name); });
}

[[noreturn]] void refuse(const Entity& entity, const Field& field, std::string message) {
  throw Error(Problem{Code::unsupported,
                      std::move(message),
                      entity.name,
                      field.name,
                      {},
                      "a sealed field can be asked for a whole value, or whether it is there"});
}

void require_unsealed(const Entity& entity, std::string_view name, const char* message) {
  if (const Field* field = entity.find(name); field != nullptr && field->has(field_flag::sealed))
    refuse(entity, *field, message);
}

// The field of which every row that `where` finds has one text, and an index; null where there is none.
const Field* looked_up_by(const Entity& entity, const Where& where) {
  if (where.kind == Where::Kind::all)
    for (const Where& child : where.children)
      if (const Field* const field = looked_up_by(entity, child)) return field;
  const bool is_one = where.kind == Where::Kind::compare && where.values.size() == 1 && where.values[0].present() &&
                      (where.op == Operator::equal || where.op == Operator::in);
  const Field* const field = is_one ? entity.find(where.field) : nullptr;
  const auto begins_with_it = [&](const Index& index) { return index.fields.front() == field->number; };
  return field != nullptr && field->has(field_flag::sealed) && std::ranges::any_of(entity.indexes, begins_with_it)
             ? field
             : nullptr;
}

void put_in_order(Batch& batch) {
  if (std::ranges::is_sorted(batch.ids)) return;
  std::vector<std::size_t> order(batch.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t row) { return batch.ids[row]; });
  for (Column& column : batch.columns) {
    Column sorted;
    sorted.field = column.field;
    sorted.type = column.type;
    for (const std::size_t row : order) sorted.append(column.value(row));
    column = std::move(sorted);
  }
  std::ranges::sort(batch.ids);
}

}  // namespace

// ---- secrets

const std::string& SealedSide::store_secret() {
  if (store_secret_.empty()) store_secret_ = secret_.known();
  if (store_secret_.empty()) require_keys();
  return store_secret_;
}

void SealedSide::require_keys() {
  store_secret_ = secret_from(setting(seal_setting));
  if (store_secret_.empty())
    throw Error(Code::corrupt, "the store has no secret for its sealed fields", "restore a backup");
  if (is_sealed_) secret_.keep(store_secret_);
}

void SealedSide::load(std::span<const Id> customers) {
  if (seals_.size() > most_seals) seals_.clear();
  std::vector<Id> wanted;
  for (const Id customer : customers)
    if (customer && seals_.try_emplace(customer.value).second) wanted.push_back(customer);
  if (wanted.empty()) return;
  const SchemaPtr schema = kept_.schema();
  const Entity& entity = schema->entity(SubjectKey::entity_number);
  Batch batch;
  kept_.get(entity, wanted, batch);
  open_secrets(entity, batch);
  const Column& secrets = batch.columns[entity.field("secret").number];
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (secrets.valid[i]) seals_[wanted[i].value].emplace(secrets.text(i));
}

// Null where the customer's secret was destroyed.
const SubjectSeal* SealedSide::of(Id customer) {
  const auto known = seals_.find(customer.value);
  if (known != seals_.end()) return known->second ? &*known->second : nullptr;
  if (customer) {
    load(std::span(&customer, 1));
  } else {
    const std::string salt = setting(salt_setting);
    seals_.try_emplace(0);
    if (!salt.empty()) seals_[0].emplace(secret_from(salt));
  }
  const auto& found = seals_.at(customer.value);
  return found ? &*found : nullptr;
}

// What is written of a customer whose secret is gone is sealed like what belongs to nobody.
const SubjectSeal& SealedSide::seal_for(Id customer) {
  if (const SubjectSeal* seal = of(customer)) return *seal;
  if (const SubjectSeal* seal = of(no_id)) return *seal;
  throw Error(Code::corrupt, "the store has no salt", "restore a backup");
}

void SealedSide::keep(const Entity& entity, std::span<const Row> secrets) {
  const FieldNumber secret = entity.field("secret").number;
  for (const Row row : secrets)
    seals_.insert_or_assign(row[system_field::id].id().value,
                            row[secret].present() ? std::optional(SubjectSeal(row[secret].text())) : std::nullopt);
}

void SealedSide::forget(std::span<const Id> customers) {
  for (const Id customer : customers) seals_.erase(customer.value);
}

// ---- reading

std::string SealedSide::setting(std::string_view name) {
  std::string value = kept_.setting(name);
  if (!is_secret(name) || !value.starts_with(wrapped_setting)) return value;
  const std::optional<std::string> wrapped = from_base64(std::string_view(value).substr(wrapped_setting.size()));
  if (!wrapped) throw Error(Code::corrupt, "a secret of the store is damaged", "restore a backup");
  return keys_.unwrap(*wrapped);
}

void SealedSide::get(const Entity& entity, std::span<const Id> ids, Batch& out) {
  kept_.get(entity, ids, out);
  if (is_changed(entity)) open(entity, out);
}

bool SealedSide::scan(const Query& query, ScanKey& key, Batch& out) {
  const SchemaPtr schema = kept_.schema();
  const Entity& entity = schema->entity(query.entity);
  if (!is_changed(entity)) return kept_.scan(query, key, out);
  for (const OrderBy& order : query.order)
    require_unsealed(entity, order.field, "the field is sealed: nothing can be put in its order");
  const bool lacks_owner = !query.fields.empty() && entity.customer_field && tells_sealed(entity, query.fields) &&
                           !names(query.fields, entity.fields[*entity.customer_field].name);
  if (!lacks_owner && !touches(entity, query.where)) {
    const bool more = kept_.scan(query, key, out);
    open(entity, out);
    return more;
  }
  Arena text;
  Query kept = query;
  kept.where = asked(entity, query.where, text);
  // Whose a row is says which secret opens it.
  if (lacks_owner) kept.fields.push_back(entity.fields[*entity.customer_field].name);
  const bool begins = query.order.empty() && !key.begun && !key.ended;
  const Field* const by = begins ? looked_up_by(entity, query.where) : nullptr;
  const bool at_once = by != nullptr && find_at_once(kept, *by, out);
  key.ended = key.ended || at_once;
  const bool more = !at_once && kept_.scan(kept, key, out);
  open(entity, out);
  if (lacks_owner) out.columns.pop_back();
  return more;
}

// Rows of one blind index stand together in the order of their sealed texts. To ask for that order costs nothing, where
// the database would build a table to put them in that of their ids; so this is done here, unless there are more than
// are asked for.
bool SealedSide::find_at_once(Query& kept, const Field& by, Batch& out) {
  const std::size_t limit = std::exchange(kept.limit, std::max(kept.limit, kept.limit + 1));
  kept.order = {{by.name}};
  ScanKey key;
  const bool all = !kept_.scan(kept, key, out) && out.rows() <= limit;
  kept.limit = limit;
  kept.order.clear();
  if (all) put_in_order(out);
  return all;
}

Groups SealedSide::aggregate(const AggregateQuery& query) {
  const SchemaPtr schema = kept_.schema();
  const Entity& entity = schema->entity(query.entity);
  if (entity.sealed_fields.empty()) return kept_.aggregate(query);
  for (const std::string& field : query.group_by)
    require_unsealed(entity, field, "the field is sealed: nothing can be grouped by it");
  for (const AggregateQuery::Item& item : query.measures)
    if (item.measure != Measure::count)
      require_unsealed(entity, item.field, "the field is sealed: it has neither least nor greatest");
  Arena text;
  AggregateQuery kept = query;
  kept.where = asked(entity, query.where, text);
  return kept_.aggregate(kept);
}

bool SealedSide::touches(const Entity& entity, const Where& where) const {
  if (where.kind != Where::Kind::compare)
    return std::ranges::any_of(where.children, [&](const Where& child) { return touches(entity, child); });
  const Field* field = entity.find(where.field);
  return field != nullptr && field->has(field_flag::sealed);
}

Where SealedSide::asked(const Entity& entity, const Where& where, Arena& text) {
  if (!touches(entity, where)) return where;
  if (where.kind == Where::Kind::compare) return asked_of_sealed(entity, entity.field(where.field), where, text);
  Where kept = where;
  for (Where& child : kept.children) child = asked(entity, child, text);
  return kept;
}

Where SealedSide::asked_of_sealed(const Entity& entity, const Field& field, const Where& where, Arena& text) {
  switch (where.op) {
    case Operator::missing:
    case Operator::present:
      return where;
    case Operator::equal:
      return equal_to(entity, field, where.values.front(), text);
    case Operator::not_equal:
      return Where::all(
          {Where::present(field.name), Where::negate(equal_to(entity, field, where.values.front(), text))});
    case Operator::in: {
      if (where.values.size() == 1) return equal_to(entity, field, where.values.front(), text);
      std::vector<Where> any;
      for (const Value& value : where.values) any.push_back(equal_to(entity, field, value, text));
      return Where::any(std::move(any));
    }
    default:
      refuse(entity, field, "the field is sealed: neither an order nor a part of it can be asked for");
  }
}

Where SealedSide::equal_to(const Entity& entity, const Field& field, const Value& value, Arena& text) {
  if (!value.present() || value.type() != Type::text) return Where::equal(field.name, value);
  const Place place{entity.number, field.number, no_id};
  const std::string_view blind = text.keep(blind_index(store_secret(), place, value.text()));
  return Where::compare(field.name, Operator::starts_with, Value(blind));
}

void SealedSide::open(const Entity& entity, Batch& batch) {
  if (holds_secrets(entity)) return open_secrets(entity, batch);
  const auto sealed = [&](const Column& column) { return is_sealed(entity, column.field); };
  if (std::ranges::none_of(batch.columns, sealed)) return;
  const std::vector<Id> owners = owners_of(entity, batch);
  load(owners);
  for (Column& column : batch.columns)
    if (sealed(column)) open(entity, batch, owners, column);
}

std::vector<Id> SealedSide::owners_of(const Entity& entity, const Batch& batch) const {
  if (entity.number == Customer::entity_number) return batch.ids;
  std::vector<Id> owners(batch.rows());
  for (const Column& column : batch.columns)
    if (entity.customer_field && column.field == *entity.customer_field)
      for (std::size_t i = 0; i < owners.size(); ++i) owners[i] = column.value(i).id();
  return owners;
}

void SealedSide::open(const Entity& entity, const Batch& batch, std::span<const Id> owners, Column& column) {
  Column opened;
  opened.field = column.field;
  opened.type = column.type;
  for (std::size_t i = 0; i < batch.rows(); ++i) {
    std::optional<std::string> text;
    if (column.valid[i])
      text = opened_text(entity, {entity.number, column.field, batch.ids[i]}, owners[i], column.text(i));
    opened.append(text ? Value(std::string_view(*text)) : Value());
  }
  column = std::move(opened);
}

// What was written of a customer whose secret was gone is sealed like what belongs to nobody. Of a customer whose
// secret was destroyed since there is nothing to tell.
std::optional<std::string> SealedSide::opened_text(const Entity& entity, const Place& place, Id owner,
                                                   std::string_view kept) {
  const std::string_view sealed = kept.substr(std::min(blind_index_size, kept.size()));
  const SubjectSeal* const seal = of(owner);
  std::optional<std::string> text = seal == nullptr ? std::nullopt : seal->open(place, sealed);
  if (text) return text;
  if (const SubjectSeal* const nobodys = owner ? of(no_id) : nullptr) text = nobodys->open(place, sealed);
  if (!text && seal != nullptr)
    throw Error(Problem{Code::corrupt,
                        "a sealed value does not open with the secret of its customer",
                        entity.name,
                        entity.fields[place.field].name,
                        {},
                        "`emptor verify` tells more; restore a backup"});
  return text;
}

void SealedSide::open_secrets(const Entity& entity, Batch& batch) {
  const FieldNumber secret = entity.field("secret").number;
  Arena text;
  for (Column& column : batch.columns) {
    if (column.field != secret) continue;
    Column opened;
    opened.field = column.field;
    opened.type = column.type;
    for (std::size_t i = 0; i < batch.rows(); ++i) {
      const std::string_view bytes = column.text(i);
      const bool wrapped = column.valid[i] && bytes.size() != plain_secret_size;
      opened.append(wrapped ? Value::bytes(text.keep(keys_.unwrap(bytes))) : column.value(i));
    }
    column = std::move(opened);
  }
}

// ---- writing

std::string SealedSide::sealed(std::string_view name, std::string_view value) {
  if (!is_secret(name) || value.empty()) return std::string(value);
  seals_.erase(0);
  store_secret_.clear();
  return std::string(wrapped_setting) + to_base64(keys_.wrap(value));
}

std::span<const Row> SealedSide::sealed(const Entity& entity, std::span<const Row> rows) {
  if (!is_changed(entity)) return rows;
  values_.clear();
  rows_.clear();
  text_.clear();
  std::vector<Id> owners;
  std::size_t width = 0;
  for (const Row row : rows) {
    owners.push_back(customer_of(entity, row));
    width += row.size();
  }
  if (!holds_secrets(entity)) load(owners);
  values_.reserve(width);  // the rows view it
  const Field* const secret = holds_secrets(entity) ? &entity.field("secret") : nullptr;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t begin = values_.size();
    values_.insert(values_.end(), rows[i].begin(), rows[i].end());
    const std::span<Value> row(values_.data() + begin, rows[i].size());
    if (secret != nullptr && row[secret->number].present())
      row[secret->number] = Value::bytes(text_.keep(keys_.wrap(row[secret->number].text())));
    for (const FieldNumber field : entity.sealed_fields) {
      if (field >= row.size() || !row[field].present()) continue;
      const Place place{entity.number, field, row[system_field::id].id()};
      row[field] = Value(text_.keep(blind_index(store_secret(), place, row[field].text()) +
                                    seal_for(owners[i]).seal(place, row[field].text())));
    }
    rows_.emplace_back(row);
  }
  return rows_;
}

}  // namespace emptor::sealed
