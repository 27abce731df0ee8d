#include "support/watched_store.hpp"

namespace emptor::test {
namespace {

class WatchedReader final : public Reader {
 public:
  WatchedReader(std::unique_ptr<Reader> reader, ScannedRows& scanned) : reader_(std::move(reader)), scanned_(scanned) {}

  const StoreInfo& info() override { return reader_->info(); }
  SchemaPtr schema() override { return reader_->schema(); }
  void get(const Entity& entity, std::span<const Id> ids, Batch& out) override { reader_->get(entity, ids, out); }
  bool scan(const Query& query, ScanKey& key, Batch& out) override {
    const bool more = reader_->scan(query, key, out);
    scanned_[query.entity] += out.rows();
    return more;
  }
  Groups aggregate(const AggregateQuery& query) override { return reader_->aggregate(query); }
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) override {
    return reader_->journal(after, limit);
  }
  std::optional<JournalEntry> entry(std::int64_t version) override { return reader_->entry(version); }
  std::optional<JournalEntry> operation(std::string_view op_id) override { return reader_->operation(op_id); }
  std::string setting(std::string_view name) override { return reader_->setting(name); }
  std::vector<std::string> setting_names() override { return reader_->setting_names(); }
  Id next_id(const Entity& entity) override { return reader_->next_id(entity); }
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) override { reader_->stop_at(moment); }

 private:
  std::unique_ptr<Reader> reader_;
  ScannedRows& scanned_;
};

class WatchedStore final : public Store {
 public:
  WatchedStore(std::unique_ptr<Store> store, ScannedRows& scanned) : store_(std::move(store)), scanned_(scanned) {}

  std::unique_ptr<Reader> read() override { return std::make_unique<WatchedReader>(store_->read(), scanned_); }
  std::unique_ptr<Writer> write() override { return store_->write(); }
  std::unique_ptr<Writer> write_grouped() override { return store_->write_grouped(); }
  void sync() override { store_->sync(); }
  void backup(const std::string& path, const Progress& progress) override { store_->backup(path, progress); }
  bool purge(std::chrono::milliseconds wait) override { return store_->purge(wait); }
  std::string path() const override { return store_->path(); }

 private:
  std::unique_ptr<Store> store_;
  ScannedRows& scanned_;
};

}  // namespace

std::unique_ptr<Store> watched(std::unique_ptr<Store> store, ScannedRows& scanned) {
  return std::make_unique<WatchedStore>(std::move(store), scanned);
}

}  // namespace emptor::test
