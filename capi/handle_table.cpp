#include "handle_table.hpp"

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"
#include "process.hpp"

namespace emptor::capi {
namespace {

constexpr std::uint32_t max_slots = 1U << 24;

struct Slot {
  std::uint32_t generation = 0;
  std::uint32_t users = 0;
  Kind kind = Kind::store;
  std::thread::id owner;
  Owned object{nullptr, nullptr};
};

struct Table {
  std::mutex mutex;
  std::deque<Slot> slots;
  std::vector<std::uint32_t> free;
  std::uint32_t first_generation = 0;

  Table() {
    std::uint32_t random = 0;
    system_entropy()(std::as_writable_bytes(std::span(&random, 1)));
    first_generation = random | 1U;
  }
};

// The child of a fork starts with an empty table: the parent's objects (whose locks and files may be in
// any state) are never touched there, not even to free them.
Table& table() {
  static std::atomic<Table*> current{new Table};
  if (newly_forked()) current = new Table;
  return *current;
}

struct Parts {
  std::uint32_t generation, slot;
  Kind kind;
};
Parts parts_of(std::uint64_t handle) noexcept {
  return {static_cast<std::uint32_t>(handle >> 32), static_cast<std::uint32_t>(handle >> 8) & (max_slots - 1),
          static_cast<Kind>(handle & 0xff)};
}
std::uint64_t handle_of(const Parts& parts) noexcept {
  return std::uint64_t{parts.generation} << 32 | std::uint64_t{parts.slot} << 8 |
         static_cast<std::uint64_t>(parts.kind);
}

[[noreturn]] void refuse(Kind wanted, std::string why, std::string hint) {
  throw Error(Code::misuse, "the " + std::string(name_of(wanted)) + " handle " + std::move(why), std::move(hint));
}

/// The slot of a handle. Requires the lock.
Slot& good_slot(Table& table, std::uint64_t handle, Kind wanted) {
  const Parts parts = parts_of(handle);
  if (handle == 0) refuse(wanted, "is NULL", "open or make one first");
  const bool known = parts.slot < table.slots.size() && table.slots[parts.slot].generation == parts.generation &&
                     table.slots[parts.slot].object != nullptr && table.slots[parts.slot].kind == parts.kind;
  if (!known)
    refuse(wanted, "was closed or never was one of this process",
           "use handles until they are closed; a forked child opens its own");
  if (parts.kind != wanted)
    refuse(wanted, "is a " + std::string(name_of(parts.kind)) + " handle", "pass the handle of the right kind");
  return table.slots[parts.slot];
}

void check_free(const Slot& slot) {
  if (slot.users > 0)
    refuse(slot.kind, "is in use by another call", "wait for that call; a callback may not use its own session");
}
void check_thread(const Slot& slot) {
  if (use_of(slot.kind) == Use::threaded && slot.owner != std::this_thread::get_id())
    refuse(slot.kind, "belongs to another thread", "call emptor_session_adopt in this thread first");
}

std::uint32_t free_slot(Table& table) {
  if (table.free.empty()) {
    if (table.slots.size() == max_slots) throw Error(Code::budget, "16,777,216 handles are open", "free some");
    // Room for every slot, so that giving one back cannot fail.
    if (table.free.capacity() <= table.slots.size()) table.free.reserve(2 * table.slots.size() + 16);
    table.slots.emplace_back().generation = table.first_generation;
    table.free.push_back(static_cast<std::uint32_t>(table.slots.size() - 1));
  }
  const std::uint32_t at = table.free.back();
  table.free.pop_back();
  return at;
}

}  // namespace

std::string_view name_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::store:
      return "store";
    case Kind::session:
      return "session";
    case Kind::record:
      return "record";
    case Kind::records:
      return "records";
    case Kind::changes:
      return "changes";
    case Kind::receipt:
      return "receipt";
    case Kind::document:
      return "document";
    case Kind::card:
      return "card";
    case Kind::model:
      return "model";
  }
  return "unknown";
}

std::uint64_t add_object(Kind kind, Owned object) {
  Table& all = table();
  const std::lock_guard lock(all.mutex);
  const std::uint32_t at = free_slot(all);
  Slot& slot = all.slots[at];
  slot.kind = kind;
  slot.users = 0;
  slot.owner = std::this_thread::get_id();
  slot.object = std::move(object);
  return handle_of({slot.generation, at, kind});
}

void* acquire(std::uint64_t handle, Kind kind) {
  Table& all = table();
  const std::lock_guard lock(all.mutex);
  Slot& slot = good_slot(all, handle, kind);
  check_thread(slot);
  if (use_of(kind) != Use::shared) check_free(slot);
  ++slot.users;
  return slot.object.get();
}

void release(std::uint64_t handle) noexcept {
  Table& all = table();
  const std::lock_guard lock(all.mutex);
  const Parts parts = parts_of(handle);
  // Not found after a fork inside a callback: the child then returns from the parent's call.
  if (parts.slot < all.slots.size() && all.slots[parts.slot].generation == parts.generation)
    --all.slots[parts.slot].users;
}

Owned remove_object(std::uint64_t handle, Kind kind) {
  Table& all = table();
  const std::lock_guard lock(all.mutex);
  Slot& slot = good_slot(all, handle, kind);
  check_thread(slot);
  check_free(slot);
  if (++slot.generation == 0) slot.generation = 1;
  all.free.push_back(parts_of(handle).slot);
  return std::move(slot.object);
}

void adopt(std::uint64_t handle) {
  Table& all = table();
  const std::lock_guard lock(all.mutex);
  Slot& slot = good_slot(all, handle, Kind::session);
  check_free(slot);
  slot.owner = std::this_thread::get_id();
}

}  // namespace emptor::capi
