/// The reading half of readers and writers: everything asked of one transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "emptor/store/store.hpp"
#include "store/postgres/connection.hpp"
#include "store/sql/snapshot_view.hpp"

namespace emptor::postgres {

/// Begins a transaction that only reads, and tells what it will see. A query that is stopped does not end it.
StoreInfo begin_reading(Connection& connection, const sql::Fixed& fixed);
/// The same for one that writes, once the lock of the writers is held.
StoreInfo begin_writing(Connection& connection, const sql::Fixed& fixed, std::int64_t lock);

class Snapshot : public sql::SnapshotState {
 public:
  /// Requires the connection to be in a transaction. `reads_only`: begun by `begin_reading`.
  Snapshot(Connection& connection, const sql::Fixed& fixed, StoreInfo info, sql::LayoutPtr layout, bool reads_only)
      : SnapshotState(fixed, std::move(info), std::move(layout)), connection_(connection), reads_only_(reads_only) {}

  Connection& connection() noexcept { return connection_; }

  void get(const Entity& entity, std::span<const Id> ids, Batch& out);
  bool scan(const Query& query, ScanKey& key, Batch& out);
  Groups aggregate(const AggregateQuery& query);
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit);
  std::optional<JournalEntry> entry(std::int64_t version);
  std::optional<JournalEntry> operation(std::string_view op_id);
  std::string setting(std::string_view name);
  std::vector<std::string> setting_names();
  Id next_id(const Entity& entity);
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) { connection_.stop_at(moment); }

 private:
  Rows ask(const sql::Compiled& compiled);
  std::optional<JournalEntry> single_entry(std::string_view condition, const Value& value);

  Connection& connection_;
  bool reads_only_;
};

template <class Interface>
using SnapshotView = sql::SnapshotView<Snapshot, Interface>;

}  // namespace emptor::postgres
