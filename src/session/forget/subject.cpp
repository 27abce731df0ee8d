#include "session/forget/subject.hpp"

#include <algorithm>
#include <map>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/model/insight.hpp"
#include "emptor/model/marketing.hpp"
#include "emptor/model/party.hpp"
#include "session/batch_row.hpp"
#include "session/walk_back.hpp"

namespace emptor {
namespace {

constexpr std::size_t rows_at_once = 1'000;
constexpr std::size_t ids_at_once = 500;
constexpr std::size_t origin_digits = 32;

std::optional<FieldNumber> origin_field(const Entity& entity) {
  const Field* field = entity.find("origin_id");
  return field == nullptr ? std::nullopt : std::optional(field->number);
}

}  // namespace

bool is_wholly_personal(const Entity& entity) noexcept {
  constexpr EntityNumber whole[] = {Relationship::entity_number,  ContactPoint::entity_number,  Consent::entity_number,
                                    Identity::entity_number,      Tag::entity_number,           CareDate::entity_number,
                                    Score::entity_number,         SegmentChange::entity_number, Alert::entity_number,
                                    Recommendation::entity_number};
  return std::ranges::find(whole, entity.number) != std::end(whole);
}

void empty_row(const Entity& entity, Instant at, std::span<Value> row) {
  const bool whole = is_wholly_personal(entity);
  const auto says_whose = [&](const Field& field) {
    return entity.customer_field == field.number || origin_field(entity) == field.number;
  };
  for (const Field& field : entity.fields)
    if (field.number >= system_field::count && (whole ? !says_whose(field) : field.has(field_flag::personal)))
      row[field.number] = Value();
  if (whole && !row[system_field::deleted_at].present()) row[system_field::deleted_at] = Value(at);
}

std::string origin_of(Reader& reader, Id customer) {
  const SchemaPtr schema = reader.schema();
  const Entity& entity = schema->entity(Customer::entity_name);
  Batch batch;
  reader.get(entity, std::span(&customer, 1), batch);
  if (!batch.ids[0]) return {};
  std::string digest;
  SubjectKeys keys({});
  Arena text;
  walk_back(reader, entity, row_of(batch, 0), keys, text, [&](const PastVersion& past) {
    if (past.entry != nullptr && past.kind == ChangeKind::insert) digest = hexadecimal(merkle_root(*past.entry));
    return past.entry != nullptr;
  });
  return digest.substr(0, origin_digits);
}

Subject::Subject(Reader& reader, Id customer) : reader_(reader), schema_(reader.schema()) {
  add_customer(customer);
  if (records_.empty())
    throw Error(Problem{Code::not_found, "there is no such record", std::string(Customer::entity_name), "id", {}, {}});
  if (is_deleted(customer)) add_records_from(customer);
  for (std::size_t i = 0; i < customers_.size(); ++i) {
    const std::size_t first = records_.size();
    add_records_of(customers_[i]);
    add_merged(first);
  }
  add_relationships();
  add_identities();
}

bool Subject::holds_personal() const {
  return std::ranges::any_of(records_, [](const Found& found) {
    const std::vector<Value> before = row_of(*found.batch, found.row);
    std::vector<Value> after = before;
    empty_row(*found.entity, Instant{}, after);
    return !std::ranges::equal(before, after);
  });
}

bool Subject::is_subject(Id customer) const { return std::ranges::find(customers_, customer) != customers_.end(); }

bool Subject::is_deleted(Id customer) const {
  Batch batch;
  reader_.get(schema_->entity(Customer::entity_name), std::span(&customer, 1), batch);
  return batch.ids[0] && batch.columns[system_field::deleted_at].valid[0];
}

void Subject::add_customer(Id customer) {
  customers_.push_back(customer);
  add(schema_->entity(Customer::entity_name), Where::equal("id", customer));
}

void Subject::add(const Entity& entity, Where where) {
  const Query query{entity.name, std::move(where), {}, {}, rows_at_once, true};
  ScanKey key;
  for (bool more = true; more;) {
    beat("records");
    Batch& batch = batches_.emplace_back();
    more = reader_.scan(query, key, batch);
    for (std::size_t row = 0; row < batch.rows(); ++row)
      if (known_.emplace(entity.number, batch.ids[row]).second) records_.push_back({&entity, &batch, row});
  }
}

void Subject::add_records_of(Id customer) {
  for (const Entity& entity : schema_->entities())
    if (entity.keeping == Keeping::journalled && entity.customer_field)
      add(entity, Where::equal(entity.fields[*entity.customer_field].name, customer));
}

// Of a customer who was merged into another, what stands with that one now. Nothing finds it but looking through all.
void Subject::add_records_from(Id customer) {
  for (const Entity& entity : schema_->entities())
    if (entity.keeping == Keeping::journalled && entity.customer_field && origin_field(entity))
      add(entity, Where::equal("origin_id", customer));
}

// A deleted customer from whom a record came is the same person by another number.
void Subject::add_merged(std::size_t first) {
  std::set<Id> origins;
  for (std::size_t i = first; i < records_.size(); ++i) {
    const auto field = origin_field(*records_[i].entity);
    const Id origin = field ? records_[i].batch->columns[*field].value(records_[i].row).id() : no_id;
    if (origin && !is_subject(origin)) origins.insert(origin);
  }
  for (const Id origin : origins)
    if (is_deleted(origin)) add_customer(origin);
}

// How they stand to others is as much about them, whosever record it is.
void Subject::add_relationships() {
  std::vector<Value> ids(customers_.begin(), customers_.end());
  add(schema_->entity(Relationship::entity_name), Where::in("related_id", std::move(ids)));
}

// Other systems know their records by names that lead back to them.
void Subject::add_identities() {
  std::map<const Entity*, std::vector<Value>> ids;
  for (const Found& found : records_) ids[found.entity].emplace_back(found.id());
  const Entity& identity = schema_->entity(Identity::entity_name);
  for (const auto& [entity, all] : ids)
    for (std::size_t begin = 0; begin < all.size(); begin += ids_at_once) {
      const auto part = std::span(all).subspan(begin, std::min(ids_at_once, all.size() - begin));
      add(identity, Where::all({Where::equal("entity", std::string_view(entity->name)),
                                Where::in("record_id", {part.begin(), part.end()})}));
    }
}

}  // namespace emptor
