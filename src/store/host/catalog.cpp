#include "store/host/catalog.hpp"

#include <algorithm>
#include <set>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "model/next_schema.hpp"
#include "store/host/entries.hpp"
#include "store/host/keys.hpp"
#include "store/host/records.hpp"
#include "store/host/source.hpp"
#include "store/keyvalue/decoded_row.hpp"
#include "store/keyvalue/key_encoding.hpp"
#include "store/keyvalue/walk.hpp"
#include "store/store_id.hpp"

namespace emptor::host {
namespace {

struct PlacedIndex {
  const Entity* entity = nullptr;
  const Index* index = nullptr;
  std::uint64_t number = 0;
};

std::vector<PlacedIndex> indexes_of(const Schema& schema) {
  std::vector<PlacedIndex> indexes;
  for (const Entity& entity : schema.entities())
    for (const Index& index : entity.indexes)
      indexes.push_back({&entity, &index, keyvalue::index_number(entity.number, index.fields)});
  return indexes;
}

std::set<std::uint64_t> kept_indexes(const VisibleKeys& keys) {
  std::set<std::uint64_t> kept;
  keys.walk(keys_of(Kind::index), Direction::ascending, [&](std::string_view key, std::string_view) {
    kept.insert(index_of(key));
    return true;
  });
  return kept;
}

std::vector<CatalogField> load_catalog(const VisibleKeys& keys) {
  std::vector<CatalogField> catalog;
  keys.walk(keys_of(Kind::field), Direction::ascending, [&](std::string_view key, std::string_view bytes) {
    const FieldPlace place = field_of(key);
    catalog.push_back(read_field(place.entity, place.number, bytes));
    return true;
  });
  return catalog;
}

SchemaPtr schema_of(std::span<const CatalogField> catalog, std::uint64_t version) {
  return std::make_shared<const Schema>(described_entities(), catalog, version);
}

void put_field(PendingKeys& keys, const CatalogField& field) {
  keys.put(field_key(field.entity, field.number), write_field(field));
}

// The entries of every row, and the note that they are kept from here on.
void build_index(PendingKeys& keys, const PlacedIndex& placed) {
  Entries entries(keys);
  keyvalue::DecodedRow decode(*placed.entity);
  keyvalue::walk_rows(Source(keys), placed.entity->number, Id{}, keyvalue::usual_chunk,
                      [&](const keyvalue::StoredRow& stored) {
                        entries.enter(*placed.entity, *placed.index, decode(stored.row), stored.id);
                        beat("index");
                        return true;
                      });
  keys.put(index_key(placed.number), mark);
}

void drop_index(PendingKeys& keys, std::uint64_t number) {
  std::vector<std::string> entries;
  keys.walk(whole_index(number), Direction::ascending, [&](std::string_view key, std::string_view) {
    entries.emplace_back(key);
    return true;
  });
  for (std::string& key : entries) keys.erase(std::move(key));
  keys.erase(index_key(number));
}

// Indexes that the program knows and the store lacks are built; those that nobody would keep any more go.
void bring_indexes_up_to_date(PendingKeys& keys, const Schema& schema) {
  std::set<std::uint64_t> unknown = kept_indexes(keys);
  for (const PlacedIndex& placed : indexes_of(schema))
    if (unknown.erase(placed.number) == 0) build_index(keys, placed);
  for (const std::uint64_t number : unknown) drop_index(keys, number);
}

bool lacks_indexes(const VisibleKeys& keys, const Schema& schema) {
  const std::set<std::uint64_t> kept = kept_indexes(keys);
  const std::vector<PlacedIndex> indexes = indexes_of(schema);
  return !std::all_of(indexes.begin(), indexes.end(),
                      [&](const PlacedIndex& placed) { return kept.contains(placed.number); });
}

bool is_behind(const VisibleKeys& keys, const Schema& schema) {
  return !schema.added().empty() || lacks_indexes(keys, schema) ||
         kept_indexes(keys).size() > indexes_of(schema).size();
}

void check_absent(const Base& base, const VisibleKeys& keys) {
  keys.walk(every_key(), Direction::ascending, [](std::string_view, std::string_view) -> bool { fail_damaged(); });
  if (!base.options().create || base.options().read_only)
    throw Error(Code::not_found, "the host's store holds no store of Emptor's", "make one with `create`");
}

// The store as it begins, before the first version of its schema.
Snapshot first_snapshot(const OpenOptions& options) {
  Zone::of(options.zone);
  Snapshot first;
  first.schema = schema_of(first_catalog(options), 0);
  first.info.store_id = new_store_id(options);
  first.info.currency = options.currency;
  first.info.zone = options.zone;
  return first;
}

Snapshot load(const VisibleKeys& keys) {
  const std::optional<std::string> bytes = keys.get(info_key());
  if (!bytes) fail_damaged();
  StoreState state = read_state(*bytes);
  Snapshot newest;
  newest.schema = schema_of(load_catalog(keys), state.info.schema_version);
  newest.info = std::move(state.info);
  newest.forgotten = state.forgotten;
  return newest;
}

/// Returns whether a newer minor version wrote it.
bool check_format(std::string_view bytes) {
  const Format format = read_format(bytes);
  if (format.major > format_major)
    throw Error(Code::newer, "the store was written by a newer version of Emptor", "use that version");
  return format.major == format_major && format.minor > format_minor;
}

// Gives the store the fields and indexes that it lacks, in one commit.
void bring_up_to_date(const BasePtr& base, PendingKeys& keys, Snapshot& newest) {
  for (const CatalogField& field : newest.schema->added()) put_field(keys, field);
  const bool is_new = newest.schema->version() == 0;
  if (is_new || !newest.schema->added().empty())
    newest.schema = schema_of(newest.schema->catalog(), newest.schema->version() + 1);
  newest.info.schema_version = newest.schema->version();
  bring_indexes_up_to_date(keys, *newest.schema);
  keys.put(info_key(), write_state({newest.info, newest.forgotten}));
  base->commit(keys.pending(), newest, HostCommit::durable);
}

void make(const BasePtr& base) {
  PendingKeys keys(base);
  Snapshot first = first_snapshot(base->options());
  keys.put(format_key(), write_format({}));
  for (const CatalogField& field : first_catalog(base->options())) put_field(keys, field);
  bring_up_to_date(base, keys, first);
}

}  // namespace

bool begin_store(const BasePtr& base, const Log& log) {
  PendingKeys keys(base);
  const std::optional<std::string> format = keys.get(format_key());
  if (!format) {
    check_absent(*base, keys);
    make(base);
    return false;
  }
  const bool newer_minor = check_format(*format);
  Snapshot newest = load(keys);
  base->begin(newest);
  if (!is_behind(keys, *newest.schema)) return newer_minor;
  if (base->options().read_only || newer_minor) {
    if (lacks_indexes(keys, *newest.schema))
      throw Error(Code::unsupported, "the store was written by another version, whose indexes are not this one's",
                  "open it once for writing");
    return newer_minor;
  }
  bring_up_to_date(base, keys, newest);
  if (log) log(LogLevel::info, "the store was brought up to date: fields or indexes were missing");
  return false;
}

SchemaPtr add_field(PendingKeys& keys, const Schema& schema, const CatalogField& field) {
  SchemaPtr next = extended(schema, field);
  put_field(keys, field);
  for (const PlacedIndex& placed : indexes_of(*next)) {
    const bool is_new =
        placed.entity->number == field.entity && placed.index->fields == std::vector<FieldNumber>{field.number};
    if (is_new) keys.put(index_key(placed.number), mark);
  }
  return next;
}

SchemaPtr mark_fields(PendingKeys& keys, const Schema& schema, std::span<const CatalogField> fields) {
  SchemaPtr next = marked(schema, fields);
  for (const CatalogField& field : fields) put_field(keys, field);
  return next;
}

}  // namespace emptor::host
