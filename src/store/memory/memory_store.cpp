#include "store/memory/memory_store.hpp"

#include "emptor/core/error.hpp"
#include "emptor/store/open.hpp"
#include "store/memory/changes.hpp"
#include "store/memory/read_side.hpp"
#include "store/memory/snapshot_file.hpp"

namespace emptor::memory {
namespace {

// The reading calls of both interfaces.
template <class Interface>
class Reading : public Interface {
 public:
  Reading(const Base& base, Snapshot snapshot) : side_(base, std::move(snapshot)) {}

  const StoreInfo& info() override { return side_.info(); }
  SchemaPtr schema() override { return side_.schema(); }
  void get(const Entity& entity, std::span<const Id> ids, Batch& out) override { side_.get(entity.number, ids, out); }
  bool scan(const Query& query, ScanKey& key, Batch& out) override { return side_.scan(query, key, out); }
  Groups aggregate(const AggregateQuery& query) override { return side_.aggregate(query); }
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) override {
    return side_.journal(after, limit);
  }
  std::optional<JournalEntry> entry(std::int64_t version) override { return side_.entry(version); }
  std::optional<JournalEntry> operation(std::string_view op_id) override { return side_.operation(op_id); }
  std::string setting(std::string_view name) override { return side_.setting(name); }
  std::vector<std::string> setting_names() override { return side_.setting_names(); }
  Id next_id(const Entity& entity) override { return side_.next_id(entity.number); }
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) override { side_.stop_at(moment); }

 protected:
  ReadSide side_;
};

class MemoryReader final : public Reading<Reader> {
 public:
  explicit MemoryReader(Base& base) : Reading(base, base.acquire()), base_(base) {}
  ~MemoryReader() override { base_.release(side_.at()); }

 private:
  Base& base_;
};

// The store as the next commit will find it: what only this writer can see.
Snapshot pending(Base& base) {
  const std::shared_lock lock(base.mutex);
  return {base.head + 1, base.info, base.schema, base.forgotten};
}

class MemoryWriter final : public Reading<Writer> {
 public:
  MemoryWriter(Base& base, std::unique_ptr<Turnstile::Turn> turn)
      : Reading(base, pending(base)), turn_(std::move(turn)), changes_(base, side_.schema(), side_.at()) {}

  Id allocate(const Entity& entity, std::size_t count) override { return changes_.allocate(entity.number, count); }
  std::int64_t next_version() override { return side_.info().position + 1; }
  void put(const Entity& entity, std::span<const Row> rows, bool insert) override {
    changes_.put(entity.number, rows, insert);
  }
  void erase(const Entity& entity, std::span<const Id> ids) override { changes_.erase(entity.number, ids); }

  void append(JournalEntry& entry) override {
    StoreInfo& info = side_.info();
    entry.position = entry.version = info.position + 1;
    seal(entry, info.head);
    changes_.append(entry);
    info.position = entry.position;
    info.head = entry.hash;
  }

  void forget_entries(std::int64_t up_to) override {
    if (up_to >= side_.info().position) throw Error(Code::misuse, "the newest entry cannot be forgotten");
    if (up_to <= side_.forgotten()) return;
    changes_.forget_entries(up_to);
    side_.set_forgotten(up_to);
  }

  void begin_journal(const JournalHead& after) override {
    StoreInfo& info = side_.info();
    if (info.position != 0) throw Error(Code::misuse, "a journal that has entries cannot begin elsewhere");
    changes_.begin_journal(after.position);
    side_.set_forgotten(after.position);
    info.position = after.position;
    info.head = after.hash;
  }

  void set_setting(std::string_view name, std::string_view value) override { changes_.set_setting(name, value); }

  void add_field(const CatalogField& field) override {
    changes_.add_field(field);
    side_.set_schema(changes_.schema());
    side_.info().schema_version = side_.schema()->version();
  }

  void commit() override { changes_.commit(side_.info()); }

 private:
  std::unique_ptr<Turnstile::Turn> turn_;  // left last, when the changes are committed or undone
  Changes changes_;
};

}  // namespace

std::unique_ptr<Reader> MemoryStore::read() { return std::make_unique<MemoryReader>(base_); }

std::unique_ptr<Writer> MemoryStore::write() {
  return std::make_unique<MemoryWriter>(base_, base_.turnstile.take_turn(base_.wait));
}

void MemoryStore::backup(const std::string& path, const Progress& progress) {
  const Snapshot snapshot = base_.acquire();
  const std::shared_ptr<void> hold(nullptr, [&](void*) { base_.release(snapshot.at); });
  write_snapshot(base_, snapshot, path, progress);
}

}  // namespace emptor::memory

namespace emptor {

std::unique_ptr<Store> open_memory(const OpenOptions& options) {
  return std::make_unique<memory::MemoryStore>(options);
}

std::unique_ptr<Store> load_memory(const std::string& path, const OpenOptions& options) {
  auto store = std::make_unique<memory::MemoryStore>(options);
  memory::read_snapshot(store->base(), path);
  return store;
}

}  // namespace emptor
