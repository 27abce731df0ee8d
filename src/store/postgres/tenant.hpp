/// An open store on a server: what its readers and writers share and take turns in.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "emptor/core/log.hpp"
#include "store/postgres/connection.hpp"
#include "store/postgres/row_writer.hpp"
#include "store/postgres/snapshot.hpp"
#include "store/turnstile.hpp"

namespace emptor::postgres {

/// A connection that writes, and how long it waits for locks. Its own commits do not wait for the disk: `flush` does.
struct WriteConnection {
  Connection connection;
  std::chrono::milliseconds wait{-1};

  WriteConnection(const Location& location, const OpenOptions& options) : connection(location, options) {}
  /// Waits for no lock longer than this.
  void set_wait(std::chrono::milliseconds most);
  /// Sends what makes every commit before it safe against loss of power once it is answered.
  void flush();
};

/// Thread-safe.
class Tenant {
 public:
  Tenant(const std::string& url, OpenOptions options, Log log);
  Tenant(const Tenant&) = delete;
  Tenant& operator=(const Tenant&) = delete;

  const OpenOptions& options() const noexcept { return options_; }
  const sql::Fixed& fixed() const noexcept { return fixed_; }
  std::int64_t lock() const noexcept { return location_.lock(); }

  /// A connection for queries; given back with `give_back`.
  std::unique_ptr<Connection> borrow_reader();
  /// One that nobody used before, for when those that idle turn out to be lost.
  std::unique_ptr<Connection> connect_reader();
  void give_back(std::unique_ptr<Connection> connection) noexcept;
  /// Waits for this process's turn to write. Throws Code::misuse or Code::newer where the store may not be written.
  std::unique_ptr<Turnstile::Turn> take_turn();
  /// Throws Code::newer where the store must not be written by this program.
  void check_format() const;
  std::unique_ptr<WriteConnection> borrow_writer();
  void give_back(std::unique_ptr<WriteConnection> connection) noexcept;
  /// Closes connections that idle: the server was lost.
  void forget_idle() noexcept;

  /// Every snapshot that is handed out is noted: what this process knows must not be of commits that a server which was
  /// stopped hard has lost. Throws Code::io once it is.
  void note_seen(const StoreInfo& info);
  void check_history() const;
  /// Returns once all that a snapshot sees is safe against loss of power, if this store's commits are to be.
  void await_disk(Connection& connection, std::int64_t position);
  /// Makes every commit so far safe.
  void flush();
  void note_durable(std::int64_t position) noexcept;

  /// The statements that write an entity's rows.
  std::shared_ptr<const RowWriter> rows_of(const Entity& entity);
  /// The layout at a schema version; loaded from the connection's snapshot where it is not known yet.
  sql::LayoutPtr layout(Connection& connection, std::uint64_t schema_version);
  /// Spares others the loading of a layout that was just committed.
  void publish(const sql::LayoutPtr& layout);

 private:
  template <class Work>
  void in_turn(WriteConnection& writer, const Work& work);
  void make(WriteConnection& writer);
  void load(WriteConnection& writer);
  void settle(Connection& connection);
  void compare_history(Connection& connection);

  Location location_;
  OpenOptions options_;
  Log log_;
  sql::Fixed fixed_;
  std::atomic<bool> newer_minor_ = false;
  Turnstile turnstile_;
  std::atomic<std::int64_t> durable_ = 0;  // up to this position everything is safe
  std::atomic<bool> lost_ = false;         // commits that this process has seen
  std::mutex mutex_;
  JournalHead seen_;  // the newest entry that any snapshot saw
  std::vector<std::unique_ptr<Connection>> readers_;
  std::vector<std::unique_ptr<WriteConnection>> writers_;
  std::unordered_map<std::uint64_t, std::shared_ptr<const RowWriter>> row_writers_;  // by entity and number of fields
  sql::LayoutPtr layout_;
};

using TenantPtr = std::shared_ptr<Tenant>;

std::unique_ptr<Reader> make_reader(TenantPtr tenant);
std::unique_ptr<Writer> make_writer(TenantPtr tenant, bool grouped);

}  // namespace emptor::postgres
