/// Handles: numbers in the shape of pointers, checked against one table before anything is touched.
///
/// A handle is (generation, slot, kind): 32, 24 and 8 bits. A slot that is used again has another
/// generation, and the first generation of a process is random, so that a handle of another process,
/// a closed one and a made-up one are all told from a good one.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

namespace emptor::capi {

enum class Kind : std::uint8_t { store = 1, session, record, records, changes, receipt, document, card, model };
std::string_view name_of(Kind kind) noexcept;

/// How an object of a kind may be used: by many calls at once, by one call, or by one call of one thread.
enum class Use : std::uint8_t { shared, exclusive, threaded };
constexpr Use use_of(Kind kind) noexcept {
  if (kind == Kind::store || kind == Kind::model) return Use::shared;
  return kind == Kind::session ? Use::threaded : Use::exclusive;
}

using Owned = std::unique_ptr<void, void (*)(void*)>;

/// The table's calls, by number. All but `release` throw Code::misuse for a handle that is not good for them.
std::uint64_t add_object(Kind kind, Owned object);
void* acquire(std::uint64_t handle, Kind kind);
void release(std::uint64_t handle) noexcept;
/// Takes the object out; nobody may be using it.
Owned remove_object(std::uint64_t handle, Kind kind);
/// Makes the calling thread the owner of a session.
void adopt(std::uint64_t handle);

/// An object in use by this call; nobody else can close it meanwhile.
template <class T>
class Lease {
 public:
  template <class Handle>
  explicit Lease(Handle* handle)
      : handle_(reinterpret_cast<std::uintptr_t>(handle)), object_(static_cast<T*>(acquire(handle_, T::kind))) {}
  ~Lease() { release(handle_); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

  T* operator->() const noexcept { return object_; }
  T& operator*() const noexcept { return *object_; }

 private:
  std::uint64_t handle_;
  T* object_;
};

/// Puts an object into the table and gives its handle.
template <class Handle, class T>
Handle* hand_out(std::unique_ptr<T> object) {
  static_assert(sizeof(Handle*) == sizeof(std::uint64_t), "handles need 64 bits");
  Owned owned(object.release(), [](void* it) { delete static_cast<T*>(it); });
  return reinterpret_cast<Handle*>(static_cast<std::uintptr_t>(add_object(T::kind, std::move(owned))));
}

/// Takes an object out of the table. Null for no handle.
template <class T, class Handle>
std::unique_ptr<T> take_back(Handle* handle) {
  if (handle == nullptr) return nullptr;
  return std::unique_ptr<T>(
      static_cast<T*>(remove_object(reinterpret_cast<std::uintptr_t>(handle), T::kind).release()));
}

}  // namespace emptor::capi
