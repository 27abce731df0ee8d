#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/model/party.hpp"
#include "emptor/session/session.hpp"
#include "emptor/store/open.hpp"
#include "session/derive.hpp"

namespace emptor {
namespace {

std::vector<Value> row_of(const Batch& batch, std::size_t at) {
  std::vector<Value> row;
  batch.copy_row(at, row);
  return row;
}

}  // namespace

View::View(std::unique_ptr<Reader> reader, Visibility visible)
    : reader_(std::move(reader)), schema_(reader_->schema()), visible_(std::move(visible)) {}

View::View(View&&) noexcept = default;
View& View::operator=(View&&) noexcept = default;
View::~View() = default;

const StoreInfo& View::info() const { return reader_->info(); }
std::string View::setting(std::string_view name) const { return reader_->setting(name); }

// The one place where what an actor may see meets what is asked.
Query View::visible(Query query) const {
  if (visible_) query.where = Where::all({visible_(schema_->entity(query.entity)), std::move(query.where)});
  return query;
}

// Derived records that a large import left behind are computed for this snapshot, so they are true
// whenever they are read.
Reader& View::reader_of(const Entity& entity) const {
  if (entity.keeping != Keeping::derived) return *reader_;
  if (!derived_behind_) derived_behind_ = derivations_behind(*reader_);
  if (!*derived_behind_) return *reader_;
  if (!derived_) {
    derived_ = open_memory({});
    const std::unique_ptr<Writer> writer = derived_->write();
    rebuild_derivations(*reader_, *writer);
    writer->commit();
    derived_reader_ = derived_->read();
  }
  return *derived_reader_;
}

std::optional<Record> View::get(std::string_view entity_name, Id id, bool with_deleted) const {
  const Entity& entity = schema_->entity(entity_name);
  Batch batch;
  if (visible_) {
    Query query;
    query.entity = entity_name;
    query.where = Where::equal("id", id);
    query.with_deleted = true;
    ScanKey key;
    reader_of(entity).scan(visible(std::move(query)), key, batch);
  } else {
    reader_of(entity).get(entity, std::span(&id, 1), batch);
  }
  if (batch.rows() == 0 || !batch.ids[0]) return std::nullopt;
  if (!with_deleted && batch.columns[system_field::deleted_at].valid[0]) return std::nullopt;
  return Record(schema_, entity.number, row_of(batch, 0));
}

std::optional<Record> View::find(std::string_view entity, std::string_view system, std::string_view external_id) const {
  Query query;
  query.entity = Identity::entity_name;
  query.where = Where::all(
      {Where::equal("entity", entity), Where::equal("system", system), Where::equal("external_id", external_id)});
  query.fields = {"record_id"};
  query.limit = 1;
  ScanKey key;
  Batch batch;
  reader_->scan(query, key, batch);
  if (batch.rows() == 0) return std::nullopt;
  return get(entity, Id{batch.columns[0].bits[0]});
}

bool View::scan(const Query& query, ScanKey& key, Batch& out) const {
  Reader& reader = reader_of(schema_->entity(query.entity));
  return visible_ ? reader.scan(visible(query), key, out) : reader.scan(query, key, out);
}

std::vector<Record> View::select(const Query& query) const {
  const Entity& entity = schema_->entity(query.entity);
  Query batchwise = query;
  batchwise.fields.clear();
  batchwise.limit = std::min<std::size_t>(query.limit, 1000);
  std::vector<Record> records;
  ScanKey key;
  Batch batch;
  for (bool more = true; more && records.size() < query.limit;) {
    more = scan(batchwise, key, batch);
    for (std::size_t i = 0; i < batch.rows() && records.size() < query.limit; ++i)
      records.emplace_back(schema_, entity.number, row_of(batch, i));
  }
  return records;
}

std::int64_t View::count(std::string_view entity, const Where& where) const {
  AggregateQuery query;
  query.entity = entity;
  query.where = where;
  query.measures = {{Measure::count, ""}};
  const Groups groups = aggregate(query);
  return groups.groups.empty() ? 0 : groups.groups.front().results.front().integer();
}

Groups View::aggregate(const AggregateQuery& query) const {
  Reader& reader = reader_of(schema_->entity(query.entity));
  if (!visible_) return reader.aggregate(query);
  AggregateQuery restricted = query;
  restricted.where = Where::all({visible_(schema_->entity(query.entity)), query.where});
  return reader.aggregate(restricted);
}

Feed View::feed(std::int64_t after, std::size_t limit) const {
  Feed feed;
  feed.position = after;
  for (const JournalEntry& entry : reader_->journal(after, limit)) {
    each_change(entry, [&](const Change& change) {
      const Entity* entity = schema_->find(change.entity);
      const bool told = entity != nullptr && change.kind != ChangeKind::unchanged &&
                        (!visible_ || get(entity->name, change.id, true).has_value());
      if (told)
        feed.items.push_back(
            {entry.position, entry.at, entry.actor, entity->name, change.id, change.kind, entry.version});
      return true;
    });
    feed.position = entry.position;
  }
  return feed;
}

}  // namespace emptor
