/// A fair lock between threads and processes: a queue of tickets in a file.
///
/// Whoever wants the lock draws a ticket, locks the ticket's byte of the file and waits until no earlier
/// byte is locked; so turns are taken in the order of asking, and the system itself lets go of the bytes
/// of a process that dies. Waiting sleeps on a word of the file that every release changes. This file
/// pair holds all that depends on the system (open-file-description locks and futexes of Linux).
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/process_number.hpp"

namespace emptor::sqlite {

class FileLock {
 public:
  /// The turn of one holder; given back by its destructor (in the process that took it only).
  class Turn {
   public:
    Turn() = default;
    Turn(FileLock& lock, int file) : lock_(&lock), file_(file) {}
    Turn(Turn&& other) noexcept;
    Turn& operator=(Turn&& other) noexcept;
    ~Turn() { give_back(); }

   private:
    void give_back() noexcept;
    FileLock* lock_ = nullptr;
    int file_ = -1;
  };

  /// The file is made when the lock is first taken.
  explicit FileLock(std::string path) : path_(std::move(path)), process_(process_number()) {}
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  /// Throws Code::busy after `wait`, Code::io where the file cannot be used.
  Turn take(std::chrono::milliseconds wait);

 private:
  struct Shared;  // what the file's first bytes hold, seen by all processes
  using Deadline = std::chrono::steady_clock::time_point;

  int borrow_file();
  void return_file(int file) noexcept;
  void map(int file);
  std::int64_t draw_ticket(int file, Deadline deadline);
  void await_turn(int file, std::int64_t ticket, Deadline deadline);
  void release(int file) noexcept;

  std::string path_;
  std::int64_t process_;
  std::mutex mutex_;
  std::vector<int> files_;  // open and idle: each turn needs a description of its own
  Shared* shared_ = nullptr;
};

}  // namespace emptor::sqlite
