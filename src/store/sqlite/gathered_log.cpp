#include "store/sqlite/gathered_log.hpp"

#include <cstdint>

namespace emptor::sqlite {
namespace {

// The log's format: https://sqlite.org/fileformat2.html#the_write_ahead_log
constexpr int header_size = 32, page_size_at = 8, frame_header_size = 24, database_size_at = 4;
constexpr std::size_t most_waiting = 124 * 1024;  // SQLite writes less than 128 KiB at a time

std::uint32_t number_at(const char* bytes) noexcept {
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

}  // namespace

void GatheredLog::take(sqlite3_file* log) {
  if (log->pMethods == &methods_) return;
  waiting_.reserve(most_waiting);
  below_ = log->pMethods;
  static_cast<sqlite3_io_methods&>(methods_) = *below_;
  methods_.owner = this;
  methods_.xWrite = write;
  methods_.xRead = read;
  methods_.xSync = sync;
  methods_.xTruncate = truncate;
  methods_.xFileSize = file_size;
  methods_.xClose = close;
  end_ = -1;
  frame_ = 0;
  char header[header_size];
  if (below_->xRead(log, header, header_size, 0) == SQLITE_OK) look_at(header, header_size, 0);
  log->pMethods = &methods_;
}

GatheredLog& GatheredLog::of(sqlite3_file* log) noexcept { return *static_cast<const Methods*>(log->pMethods)->owner; }

int GatheredLog::write(sqlite3_file* log, const void* bytes, int size, sqlite3_int64 offset) noexcept {
  return of(log).gather(log, static_cast<const char*>(bytes), size, offset);
}

int GatheredLog::gather(sqlite3_file* log, const char* bytes, int size, sqlite3_int64 offset) noexcept {
  const bool goes_on = frame_ > 0 && offset == end_,
             fits = waiting_.size() + static_cast<std::size_t>(size) <= most_waiting;
  if (!goes_on || !fits)
    if (const int failed = pass_on(log); failed != SQLITE_OK) return failed;
  look_at(bytes, size, offset);
  if (!goes_on) {
    const int failed = below_->xWrite(log, bytes, size, offset);
    end_ = failed == SQLITE_OK ? offset + size : -1;
    return failed;
  }
  if (waiting_.empty()) begin_ = offset;
  waiting_.insert(waiting_.end(), bytes, bytes + size);
  end_ = offset + size;
  return commits_ && at_frame(end_) ? pass_on(log) : SQLITE_OK;
}

int GatheredLog::pass_on(sqlite3_file* log) noexcept {
  if (waiting_.empty()) return SQLITE_OK;
  const int failed = below_->xWrite(log, waiting_.data(), static_cast<int>(waiting_.size()), begin_);
  waiting_.clear();
  if (failed != SQLITE_OK) end_ = -1;
  return failed;
}

// Headers of the file and of frames come in one piece each.
void GatheredLog::look_at(const char* bytes, int size, sqlite3_int64 offset) noexcept {
  if (offset == 0 && size == header_size) frame_ = frame_header_size + sqlite3_int64{number_at(bytes + page_size_at)};
  if (at_frame(offset) && size == frame_header_size) commits_ = number_at(bytes + database_size_at) != 0;
}

bool GatheredLog::at_frame(sqlite3_int64 offset) const noexcept {
  return frame_ > 0 && offset >= header_size && (offset - header_size) % frame_ == 0;
}

int GatheredLog::read(sqlite3_file* log, void* bytes, int size, sqlite3_int64 offset) noexcept {
  const int failed = of(log).pass_on(log);
  return failed != SQLITE_OK ? failed : of(log).below_->xRead(log, bytes, size, offset);
}

int GatheredLog::sync(sqlite3_file* log, int flags) noexcept {
  const int failed = of(log).pass_on(log);
  return failed != SQLITE_OK ? failed : of(log).below_->xSync(log, flags);
}

int GatheredLog::truncate(sqlite3_file* log, sqlite3_int64 size) noexcept {
  const int failed = of(log).pass_on(log);
  of(log).end_ = -1;
  return failed != SQLITE_OK ? failed : of(log).below_->xTruncate(log, size);
}

int GatheredLog::file_size(sqlite3_file* log, sqlite3_int64* bytes) noexcept {
  const int failed = of(log).pass_on(log);
  return failed != SQLITE_OK ? failed : of(log).below_->xFileSize(log, bytes);
}

int GatheredLog::close(sqlite3_file* log) noexcept {
  GatheredLog& own = of(log);
  const int failed = own.pass_on(log);
  log->pMethods = own.below_;
  const int closed = log->pMethods->xClose(log);
  return failed != SQLITE_OK ? failed : closed;
}

}  // namespace emptor::sqlite
