#include "store/memory/memory_store.hpp"

#include "emptor/store/open.hpp"
#include "store/keyvalue/reading.hpp"
#include "store/memory/changes.hpp"
#include "store/memory/read_side.hpp"
#include "store/memory/snapshot_file.hpp"

namespace emptor::memory {
namespace {

class MemoryReader final : public keyvalue::Reading<Reader, ReadSide> {
 public:
  explicit MemoryReader(Base& base) : Reading(ReadSide(base, base.acquire())), base_(base) {}
  ~MemoryReader() override { base_.release(side_.at()); }

 private:
  Base& base_;
};

// The store as the next commit will find it: what only this writer can see.
Snapshot pending(Base& base) {
  const std::shared_lock lock(base.mutex);
  return {base.head + 1, base.info, base.schema, base.forgotten};
}

using MemoryWriter = keyvalue::Writing<ReadSide, Changes>;

}  // namespace

std::unique_ptr<Reader> MemoryStore::read() { return std::make_unique<MemoryReader>(base_); }

std::unique_ptr<Writer> MemoryStore::write() {
  auto turn = base_.turnstile.take_turn(base_.wait);
  const Snapshot next = pending(base_);
  return std::make_unique<MemoryWriter>(std::move(turn), ReadSide(base_, next), base_, next.schema, next.at);
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
