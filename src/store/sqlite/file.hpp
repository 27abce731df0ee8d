/// An open store file: what its readers and writers share and take turns in.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "emptor/core/log.hpp"
#include "store/sqlite/file_lock.hpp"
#include "store/sqlite/row_writer.hpp"
#include "store/sqlite/snapshot.hpp"

namespace emptor::sqlite {

/// A connection that writes, with the statements that write each entity's rows.
struct WriteConnection {
  Connection connection;
  std::unordered_map<std::uint64_t, std::unique_ptr<RowWriter>> row_writers;  // by entity and number of fields

  WriteConnection(const std::string& path, Access access, const OpenOptions& options)
      : connection(path, access, options) {}
  RowWriter& rows_of(const Entity& entity);
};

/// Thread-safe.
class File {
 public:
  File(std::string path, OpenOptions options, Log log);
  /// Writes the log back into the file if this process wrote to it and nobody is in the way, so that the
  /// file alone is the store.
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  const std::string& path() const noexcept { return path_; }
  const OpenOptions& options() const noexcept { return options_; }
  const sql::Fixed& fixed() const noexcept { return fixed_; }

  /// A connection for queries; given back with `give_back`.
  std::unique_ptr<Connection> borrow_reader();
  void give_back(std::unique_ptr<Connection> connection) noexcept;
  /// Waits for the write lock. Throws Code::unsupported or Code::newer where the file may not be written.
  FileLock::Turn take_turn();
  /// Throws Code::newer where the file must not be written by this program.
  void check_format() const;
  /// Both require a turn. A grouped writer's commit does not wait for the disk.
  std::unique_ptr<WriteConnection> borrow_writer(bool grouped);
  void give_back(std::unique_ptr<WriteConnection> connection) noexcept;

  /// Writes the log back, cuts it to nothing and clears the slack of pages. False where readers that need the log did
  /// not end within `wait`.
  bool make_clean(std::chrono::milliseconds wait);

  /// The layout at a schema version; loaded from the connection's snapshot where it is not known yet.
  sql::LayoutPtr layout(Connection& connection, std::uint64_t schema_version);
  /// Spares others the loading of a layout that was just committed.
  void publish(const sql::LayoutPtr& layout);

 private:
  void make(Connection& connection);
  void load(Connection& connection);

  std::string path_;
  OpenOptions options_;
  Log log_;
  sql::Fixed fixed_;
  std::atomic<bool> newer_minor_ = false;
  bool migrated_ = true;
  FileLock lock_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> readers_;
  std::unique_ptr<WriteConnection> writer_;
  sql::LayoutPtr layout_;
};

using FilePtr = std::shared_ptr<File>;

std::unique_ptr<Reader> make_reader(FilePtr file);
std::unique_ptr<Writer> make_writer(FilePtr file, bool grouped);
void sync_file(const FilePtr& file);
void copy_file(const FilePtr& file, const std::string& target, const Progress& progress);

}  // namespace emptor::sqlite
