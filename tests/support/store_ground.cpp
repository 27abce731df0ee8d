#include "support/store_ground.hpp"

#include <doctest/doctest.h>

#include "support/log_host.hpp"
#include "support/postgres_tenant.hpp"

namespace emptor::test {
namespace {

OpenOptions creating(OpenOptions options) {
  options.create = true;
  return options;
}

Quirks memory() {
  Quirks quirks{.name = "memory"};
  quirks.open = [](const TempFolder&, const OpenOptions& options) { return open_memory(options); };
  quirks.reopen = [](const TempFolder& folder, std::unique_ptr<Store> store, const OpenOptions& options) {
    static int number = 0;
    const std::string path = folder.file("memory-" + std::to_string(++number) + ".snapshot");
    store->backup(path, {});
    store.reset();
    auto again = load_memory(path, options);
    std::filesystem::remove(path);
    return again;
  };
  quirks.open_backup = [](const std::string& path) { return load_memory(path); };
  return quirks;
}

Quirks sqlite() {
  Quirks quirks{.name = "sqlite", .persistent = true, .multi_process = true};
  quirks.open = [](const TempFolder& folder, const OpenOptions& options) {
    return open_sqlite(folder.file("store.emptor"), creating(options));
  };
  quirks.reopen = [](const TempFolder& folder, std::unique_ptr<Store> store, const OpenOptions& options) {
    store.reset();
    return open_sqlite(folder.file("store.emptor"), options);
  };
  quirks.open_backup = [](const std::string& path) { return open_sqlite(path); };
  quirks.where = [](const TempFolder& folder) { return folder.file("store.emptor"); };
  return quirks;
}

Quirks host() {
  Quirks quirks{.name = "host", .persistent = true};
  quirks.leaves_traces = true;
  quirks.open = [](const TempFolder& folder, const OpenOptions& options) {
    return open_log_host(folder.file("store.log"), creating(options));
  };
  quirks.reopen = [](const TempFolder& folder, std::unique_ptr<Store> store, const OpenOptions& options) {
    store.reset();
    return open_log_host(folder.file("store.log"), options);
  };
  quirks.open_backup = [](const std::string& path) { return open_sqlite(path); };
  return quirks;
}

Quirks postgresql() {
  Quirks quirks{.name = "postgresql", .persistent = true, .multi_process = true};
  const auto schema = [](const TempFolder& folder) { return folder.path().filename().string(); };
  quirks.where = [schema](const TempFolder& folder) { return tenant_url(schema(folder)); };
  quirks.open = [where = quirks.where](const TempFolder& folder, const OpenOptions& options) {
    return open_postgres(where(folder), creating(options));
  };
  quirks.reopen = [where = quirks.where](const TempFolder& folder, std::unique_ptr<Store> store,
                                         const OpenOptions& options) {
    store.reset();
    return open_postgres(where(folder), options);
  };
  quirks.open_backup = [](const std::string& path) { return open_sqlite(path); };
  quirks.remove = [schema](const TempFolder& folder) { drop_tenant(schema(folder)); };
  return quirks;
}

std::vector<Quirks> installed_stores() {
  std::vector<Quirks> stores{memory(), sqlite(), host()};
  if (!postgres_server().empty()) stores.push_back(postgresql());
  return stores;
}

}  // namespace

const std::vector<Quirks>& every_store() {
  static const std::vector<Quirks> stores = installed_stores();
  return stores;
}

StoreGround::StoreGround(const Quirks& quirks, const OpenOptions& options)
    : quirks_(&quirks), place_(quirks), options_(options), store_(quirks.open(folder(), options)) {}

void StoreGround::put(const std::string& entity, Id id, const Cells& cells, bool insert) {
  write([&](Writer& writer) { put_row(writer, entity, id, cells, insert); });
}

void StoreGround::write(const std::function<void(Writer&)>& work) {
  const std::unique_ptr<Writer> writer = store_->write();
  work(*writer);
  writer->commit();
}

Record make_row(const SchemaPtr& schema, const std::string& entity, Id id, const Cells& cells) {
  Record record(schema, schema->entity(entity).number);
  record.set(system_field::id, Value(id));
  for (const auto& [field, value] : cells) record.set(field, value);
  return record;
}

void put_row(Writer& writer, const std::string& entity, Id id, const Cells& cells, bool insert) {
  const Record record = make_row(writer.schema(), entity, id, cells);
  const Row row = record.row();
  writer.put(record.entity(), std::span(&row, 1), insert);
}

Batch read_all(Reader& reader, const Query& query) {
  Batch all, batch;
  ScanKey key;
  bool more = true;
  for (bool first = true; more; first = false) {
    more = reader.scan(query, key, batch);
    REQUIRE(batch.rows() <= query.limit);
    if (first) {
      all = batch;
      continue;
    }
    all.ids.insert(all.ids.end(), batch.ids.begin(), batch.ids.end());
    for (std::size_t column = 0; column < batch.columns.size(); ++column)
      for (std::size_t row = 0; row < batch.rows(); ++row) all.columns[column].append(batch.columns[column].value(row));
  }
  CHECK(!reader.scan(query, key, batch));
  CHECK(batch.rows() == 0);
  return all;
}

std::vector<std::int64_t> ids_of(Reader& reader, const Query& query) {
  Query ids_only = query;
  ids_only.fields = {"id"};
  std::vector<std::int64_t> ids;
  for (const Id id : read_all(reader, ids_only).ids) ids.push_back(id.value);
  return ids;
}

Record read_row(Reader& reader, const std::string& entity, Id id) {
  const SchemaPtr schema = reader.schema();
  Batch batch;
  reader.get(schema->entity(entity), std::span(&id, 1), batch);
  std::vector<Value> row;
  for (const Column& column : batch.columns) row.push_back(column.value(0));
  return {schema, schema->entity(entity).number, row};
}

JournalEntry made_entry(const std::string& op_id) {
  JournalEntry entry;
  entry.at = Instant{1'704'067'200'000'000};
  entry.op_id = op_id;
  append_change(entry, {.entity = 10, .id = Id{1}, .kind = ChangeKind::unchanged});
  return entry;
}

void on_every_store(const std::function<void(StoreGround&)>& test, const OpenOptions& options) {
  for (const Quirks& quirks : every_store()) {
    CAPTURE(quirks.name);
    StoreGround ground(quirks, options);
    test(ground);
  }
}

}  // namespace emptor::test
