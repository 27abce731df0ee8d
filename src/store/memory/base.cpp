#include "store/memory/base.hpp"

#include <mutex>

#include "store/store_id.hpp"

namespace emptor::memory {
namespace {

constexpr std::size_t freed_at_once = 256;

// Takes up to `most` iterators off the end of a list and erases what they point to.
template <class Container>
void erase_last(Container& container, std::vector<typename Container::iterator>& dead, std::size_t most) noexcept {
  for (; most > 0 && !dead.empty(); --most) {
    container.erase(dead.back());
    dead.pop_back();
  }
}

}  // namespace

Base::Base(const OpenOptions& options)
    : schema(std::make_shared<Schema>(described_entities(), first_catalog(options), 1)), wait(options.wait) {
  Zone::of(options.zone);
  info.schema_version = schema->version();
  info.store_id = new_store_id(options);
  info.currency = options.currency;
  info.zone = options.zone;
}

Snapshot Base::acquire() {
  const std::unique_lock lock(mutex);
  Snapshot snapshot{head, info, schema, forgotten};
  readers.enter(head);
  return snapshot;
}

void Base::release(Commit at) noexcept {
  {
    const std::unique_lock lock(mutex);
    readers.leave(at);
    if (garbage.empty()) return;
  }
  collect();
}

void Base::collect() noexcept {
  while (collect_some()) {
  }
}

bool Base::collect_some() noexcept {
  const std::unique_lock lock(mutex);
  if (garbage.empty() || garbage.front().died > oldest_read()) return false;
  Garbage& oldest = garbage.front();
  for (std::size_t i = oldest.rows.size(); i-- > 0 && oldest.rows.size() - i <= freed_at_once;)
    --sizes[oldest.rows[i]->entity];
  erase_last(rows, oldest.rows, freed_at_once);
  erase_last(entries, oldest.entries, freed_at_once);
  const bool dropped_all = drop_entries(oldest.forgotten);
  if (oldest.rows.empty() && oldest.entries.empty() && dropped_all) garbage.pop_front();
  return true;
}

// Some of the oldest entries; whether that was all.
bool Base::drop_entries(std::int64_t up_to) noexcept {
  for (std::size_t left = freed_at_once; left > 0 && dropped < up_to; --left) {
    const auto operation = operations.find(std::string_view(journal.front().op_id));
    ++dropped;
    if (operation != operations.end() && operation->second == dropped) operations.erase(operation);
    journal.pop_front();
  }
  return dropped >= up_to;
}

}  // namespace emptor::memory
