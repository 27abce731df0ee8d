#include "support/fault_vfs.hpp"

#include <sqlite3.h>

#include <new>

namespace emptor::test {
namespace {

struct State {
  std::atomic<bool> on{false};
  std::atomic<std::uint64_t> operations{0};
  std::atomic<std::uint64_t> failures{0};
  std::atomic<std::uint64_t> syncs{0};
  std::uint64_t fails_at = 0;
  Fault fault = Fault::io_error;
  bool stays = false;
};
State state;

enum class Kind { read, write, sync, truncate, open, remove };

bool takes_space(Kind kind) { return kind == Kind::write || kind == Kind::truncate || kind == Kind::open; }

// Whether this operation is to fail. Only operations that the planned fault can meet are counted.
bool fails(Kind kind) {
  if (!state.on || (state.fault == Fault::full && !takes_space(kind))) return false;
  const std::uint64_t number = ++state.operations;
  const bool now = state.fails_at != 0 && (state.stays ? number >= state.fails_at : number == state.fails_at);
  if (now) ++state.failures;
  return now;
}

int error(int io_error) { return state.fault == Fault::full ? SQLITE_FULL : io_error; }

struct File {
  sqlite3_file base;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* self(sqlite3_file* file) { return reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) { return self(file)->real(); }
sqlite3_vfs* system_vfs() { return sqlite3_vfs_find(nullptr); }

int close(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }
int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return fails(Kind::read) ? error(SQLITE_IOERR_READ) : real(file)->pMethods->xRead(real(file), to, size, at);
}
// A failing write may have got half way, as one of a real disk does.
int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  if (!fails(Kind::write)) return real(file)->pMethods->xWrite(real(file), from, size, at);
  if (size > 1) real(file)->pMethods->xWrite(real(file), from, size / 2, at);
  return error(SQLITE_IOERR_WRITE);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return fails(Kind::truncate) ? error(SQLITE_IOERR_TRUNCATE) : real(file)->pMethods->xTruncate(real(file), size);
}
int sync(sqlite3_file* file, int flags) {
  ++state.syncs;
  return fails(Kind::sync) ? error(SQLITE_IOERR_FSYNC) : real(file)->pMethods->xSync(real(file), flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) { return real(file)->pMethods->xFileSize(real(file), size); }
int lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int unlock(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int check_lock(sqlite3_file* file, int* held) { return real(file)->pMethods->xCheckReservedLock(real(file), held); }
int control(sqlite3_file* file, int op, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), op, argument);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int shm_unmap(sqlite3_file* file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }
// Version 2: no memory mapping, so that every read comes through here.
const sqlite3_io_methods methods = {
    2,         close,      read,    write,       truncate,        sync,    file_size, lock,
    unlock,    check_lock, control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
    shm_unmap, nullptr,    nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* opened) {
  file->pMethods = nullptr;
  if (fails(Kind::open)) return error(SQLITE_CANTOPEN);
  const int status = system_vfs()->xOpen(system_vfs(), name, real(file), flags, opened);
  if (real(file)->pMethods != nullptr) file->pMethods = &methods;
  return status;
}
int remove(sqlite3_vfs*, const char* name, int sync_folder) {
  return fails(Kind::remove) ? error(SQLITE_IOERR_DELETE) : system_vfs()->xDelete(system_vfs(), name, sync_folder);
}

sqlite3_vfs make_vfs() {
  sqlite3_vfs vfs = *system_vfs();
  vfs.szOsFile = static_cast<int>(sizeof(File)) + system_vfs()->szOsFile;
  vfs.zName = fault_vfs_name;
  vfs.pNext = nullptr;
  vfs.xOpen = open;
  vfs.xDelete = remove;
  return vfs;
}

}  // namespace

FaultPlan::FaultPlan(std::uint64_t nth, Fault fault, bool stays) noexcept {
  state.operations = 0;
  state.failures = 0;
  state.syncs = 0;
  state.fails_at = nth;
  state.fault = fault;
  state.stays = stays;
  state.on = true;
}
FaultPlan::~FaultPlan() { state.on = false; }
std::uint64_t FaultPlan::operations() const noexcept { return state.operations; }
std::uint64_t FaultPlan::syncs() const noexcept { return state.syncs; }
std::uint64_t FaultPlan::failures() const noexcept { return state.failures; }

void register_fault_vfs() {
  static sqlite3_vfs vfs = make_vfs();
  static const int status = sqlite3_vfs_register(&vfs, 0);
  if (status != SQLITE_OK) throw std::bad_alloc();
}

}  // namespace emptor::test
