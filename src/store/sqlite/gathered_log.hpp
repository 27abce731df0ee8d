/// Writes of the write-ahead log, gathered. SQLite hands over every frame in two pieces, and each would be a call of
/// the system: a commit of ten pages twenty of them. Here they wait until the commit is whole, and go in one.
#pragma once

#include <sqlite3.h>

#include <vector>

namespace emptor::sqlite {

/// Nothing waits that anybody could miss: frames are written when the frame of a commit is complete, which is before
/// SQLite tells others of it, and before the file is read, synced, cut or closed. A write that does not continue the
/// one before goes through at once. What a process that dies leaves unwritten was never committed.
class GatheredLog {
 public:
  GatheredLog() = default;
  GatheredLog(const GatheredLog&) = delete;
  GatheredLog& operator=(const GatheredLog&) = delete;

  /// From here to its end the file is written so. Requires an open write-ahead log, which this outlives; the same one
  /// again changes nothing.
  void take(sqlite3_file* log);

 private:
  struct Methods : sqlite3_io_methods {
    GatheredLog* owner = nullptr;
  };
  static GatheredLog& of(sqlite3_file* log) noexcept;
  static int write(sqlite3_file* log, const void* bytes, int size, sqlite3_int64 offset) noexcept;
  static int read(sqlite3_file* log, void* bytes, int size, sqlite3_int64 offset) noexcept;
  static int sync(sqlite3_file* log, int flags) noexcept;
  static int truncate(sqlite3_file* log, sqlite3_int64 size) noexcept;
  static int file_size(sqlite3_file* log, sqlite3_int64* bytes) noexcept;
  static int close(sqlite3_file* log) noexcept;

  int gather(sqlite3_file* log, const char* bytes, int size, sqlite3_int64 offset) noexcept;
  int pass_on(sqlite3_file* log) noexcept;
  void look_at(const char* bytes, int size, sqlite3_int64 offset) noexcept;
  bool at_frame(sqlite3_int64 offset) const noexcept;

  Methods methods_{};
  const sqlite3_io_methods* below_ = nullptr;
  std::vector<char> waiting_;
  sqlite3_int64 begin_ = 0;  // of what waits
  sqlite3_int64 end_ = -1;   // of the last write
  sqlite3_int64 frame_ = 0;  // its size; 0 while unknown
  bool commits_ = false;     // the frame at hand ends a commit
};

}  // namespace emptor::sqlite
