#include "store/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <ctime>
#include <utility>

#include "emptor/core/error.hpp"

namespace emptor::sqlite {

struct FileLock::Shared {
  std::atomic<std::int64_t> next_ticket;  // changed by the holder of the door only
  std::atomic<std::uint32_t> releases;    // changes whenever somebody may go on
};

namespace {

constexpr std::int64_t door = 0;           // this byte is held while a ticket is drawn
constexpr std::int64_t first_ticket = 64;  // tickets' bytes begin past what the file holds
constexpr std::int64_t last_ticket = std::int64_t{1} << 62;
constexpr off_t file_size = 4096;
// Nobody wakes the others when a holder dies, so sleeps are short.
constexpr std::chrono::milliseconds longest_sleep{10};

[[noreturn]] void fail(const char* what) {
  throw Error(errno == ENOSPC ? Code::full : Code::io, std::string("the lock file beside the store cannot be ") + what,
              "the folder of the store must be writable");
}

[[noreturn]] void fail_busy() {
  throw Error(Code::busy, "other writers held the store for longer than was allowed to wait",
              "try again, or allow more time with OpenOptions::wait");
}

struct flock lock_of(short type, std::int64_t begin, std::int64_t size) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = begin;
  lock.l_len = size;
  return lock;
}

bool try_lock(int file, std::int64_t byte) {
  struct flock lock = lock_of(F_WRLCK, byte, 1);
  if (fcntl(file, F_OFD_SETLK, &lock) == 0) return true;
  if (errno != EAGAIN && errno != EACCES && errno != EINTR) fail("locked");
  return false;
}

// A size of 0 reaches to the end of all bytes.
void unlock(int file, std::int64_t begin, std::int64_t size) noexcept {
  struct flock lock = lock_of(F_UNLCK, begin, size);
  fcntl(file, F_OFD_SETLK, &lock);
}

bool anyone_before(int file, std::int64_t ticket) {
  if (ticket == first_ticket) return false;
  struct flock lock = lock_of(F_WRLCK, first_ticket, ticket - first_ticket);
  if (fcntl(file, F_OFD_GETLK, &lock) != 0) fail("asked");
  return lock.l_type != F_UNLCK;
}

std::uint32_t* futex_word(std::atomic<std::uint32_t>& word) { return reinterpret_cast<std::uint32_t*>(&word); }

void sleep_until_change(std::atomic<std::uint32_t>& word, std::uint32_t seen, std::chrono::nanoseconds most) {
  timespec time{};
  time.tv_nsec = std::clamp<std::int64_t>(most.count(), 1, std::chrono::nanoseconds(longest_sleep).count());
  syscall(SYS_futex, futex_word(word), FUTEX_WAIT, seen, &time, nullptr, 0);
}

void wake_all(std::atomic<std::uint32_t>& word) noexcept {
  word.fetch_add(1);
  syscall(SYS_futex, futex_word(word), FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

}  // namespace

FileLock::Turn::Turn(Turn&& other) noexcept : lock_(std::exchange(other.lock_, nullptr)), file_(other.file_) {}

FileLock::Turn& FileLock::Turn::operator=(Turn&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  lock_ = std::exchange(other.lock_, nullptr);
  file_ = other.file_;
  return *this;
}

void FileLock::Turn::give_back() noexcept {
  FileLock* lock = std::exchange(lock_, nullptr);
  if (lock == nullptr || lock->process_ != process_number()) return;
  lock->release(file_);
  lock->return_file(file_);
}

FileLock::~FileLock() {
  for (const int file : files_) close(file);
  if (shared_) munmap(shared_, sizeof(Shared));
}

FileLock::Turn FileLock::take(std::chrono::milliseconds wait) {
  const Deadline deadline = std::chrono::steady_clock::now() + wait;
  const int file = borrow_file();
  try {
    await_turn(file, draw_ticket(file, deadline), deadline);
  } catch (...) {
    release(file);
    return_file(file);
    throw;
  }
  return Turn(*this, file);
}

int FileLock::borrow_file() {
  const std::lock_guard guard(mutex_);
  if (!files_.empty()) {
    const int file = files_.back();
    files_.pop_back();
    return file;
  }
  const int file = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) fail("opened");
  if (shared_ == nullptr) map(file);
  return file;
}

void FileLock::return_file(int file) noexcept {
  try {
    const std::lock_guard guard(mutex_);
    files_.push_back(file);
  } catch (...) {
    close(file);
  }
}

void FileLock::map(int file) {
  struct stat state {};
  const bool sized = fstat(file, &state) == 0 && (state.st_size >= file_size || ftruncate(file, file_size) == 0);
  void* memory = sized ? mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
  if (memory == MAP_FAILED) {
    const int error = errno;
    close(file);
    errno = error;
    fail("mapped");
  }
  shared_ = static_cast<Shared*>(memory);
}

std::int64_t FileLock::draw_ticket(int file, Deadline deadline) {
  // The door is held for a few microseconds only.
  for (std::chrono::microseconds pause{10}; !try_lock(file, door);
       pause = std::min(pause * 2, std::chrono::microseconds(1000))) {
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= left.zero()) fail_busy();
    sleep_until_change(shared_->releases, shared_->releases.load(), pause);
  }
  std::int64_t ticket = shared_->next_ticket.load();
  if (ticket < first_ticket || ticket > last_ticket) ticket = first_ticket;
  shared_->next_ticket.store(ticket + 1);
  const bool locked = try_lock(file, ticket);
  unlock(file, door, 1);
  if (!locked)
    throw Error(Code::io, "the lock file beside the store was damaged",
                "close the store everywhere and remove the file");
  return ticket;
}

void FileLock::await_turn(int file, std::int64_t ticket, Deadline deadline) {
  for (;;) {
    const std::uint32_t seen = shared_->releases.load();
    if (!anyone_before(file, ticket)) return;
    const auto left = deadline - std::chrono::steady_clock::now();
    if (left <= left.zero()) fail_busy();
    sleep_until_change(shared_->releases, seen, left);
  }
}

void FileLock::release(int file) noexcept {
  unlock(file, 0, 0);
  wake_all(shared_->releases);
}

}  // namespace emptor::sqlite
