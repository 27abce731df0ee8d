#include "support/acknowledging_store.hpp"

namespace emptor::test {
namespace {

class AcknowledgingWriter final : public Writer {
 public:
  AcknowledgingWriter(std::unique_ptr<Writer> writer, const Acknowledge& acknowledge)
      : writer_(std::move(writer)), acknowledge_(acknowledge) {}

  const StoreInfo& info() override { return writer_->info(); }
  SchemaPtr schema() override { return writer_->schema(); }
  void get(const Entity& entity, std::span<const Id> ids, Batch& out) override { writer_->get(entity, ids, out); }
  bool scan(const Query& query, ScanKey& key, Batch& out) override { return writer_->scan(query, key, out); }
  Groups aggregate(const AggregateQuery& query) override { return writer_->aggregate(query); }
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) override {
    return writer_->journal(after, limit);
  }
  std::optional<JournalEntry> entry(std::int64_t version) override { return writer_->entry(version); }
  std::optional<JournalEntry> operation(std::string_view op_id) override { return writer_->operation(op_id); }
  std::string setting(std::string_view name) override { return writer_->setting(name); }
  std::vector<std::string> setting_names() override { return writer_->setting_names(); }
  Id next_id(const Entity& entity) override { return writer_->next_id(entity); }
  Id allocate(const Entity& entity, std::size_t count) override { return writer_->allocate(entity, count); }
  std::int64_t next_version() override { return writer_->next_version(); }
  void put(const Entity& entity, std::span<const Row> rows, bool insert) override {
    writer_->put(entity, rows, insert);
  }
  void replace(const Entity& entity, std::span<const Row> before, std::span<const Row> after) override {
    writer_->replace(entity, before, after);
  }
  void erase(const Entity& entity, std::span<const Id> ids) override { writer_->erase(entity, ids); }
  void append(JournalEntry& entry) override { writer_->append(entry); }
  void forget_entries(std::int64_t up_to) override { writer_->forget_entries(up_to); }
  void begin_journal(const JournalHead& after) override { writer_->begin_journal(after); }
  void set_setting(std::string_view name, std::string_view value) override { writer_->set_setting(name, value); }
  void add_field(const CatalogField& field) override { writer_->add_field(field); }
  void mark_fields(std::span<const CatalogField> fields) override { writer_->mark_fields(fields); }
  void drop_indexes(const Entity& entity) override { writer_->drop_indexes(entity); }
  bool restore_index() override { return writer_->restore_index(); }
  void commit() override {
    const std::int64_t position = writer_->info().position;
    const Hash head = writer_->info().head;
    writer_->commit();
    acknowledge_(position, head);
  }

 private:
  std::unique_ptr<Writer> writer_;
  const Acknowledge& acknowledge_;
};

class AcknowledgingStore final : public Store {
 public:
  AcknowledgingStore(std::unique_ptr<Store> store, Acknowledge acknowledge)
      : store_(std::move(store)), acknowledge_(std::move(acknowledge)) {}

  std::unique_ptr<Reader> read() override { return store_->read(); }
  std::unique_ptr<Writer> write() override {
    return std::make_unique<AcknowledgingWriter>(store_->write(), acknowledge_);
  }
  std::unique_ptr<Writer> write_grouped() override {
    return std::make_unique<AcknowledgingWriter>(store_->write_grouped(), acknowledge_);
  }
  void sync() override { store_->sync(); }
  void backup(const std::string& path, const Progress& progress) override { store_->backup(path, progress); }
  bool purge(std::chrono::milliseconds wait) override { return store_->purge(wait); }
  std::string path() const override { return store_->path(); }

 private:
  std::unique_ptr<Store> store_;
  Acknowledge acknowledge_;
};

}  // namespace

std::unique_ptr<Store> acknowledging(std::unique_ptr<Store> store, Acknowledge acknowledge) {
  return std::make_unique<AcknowledgingStore>(std::move(store), std::move(acknowledge));
}

}  // namespace emptor::test
