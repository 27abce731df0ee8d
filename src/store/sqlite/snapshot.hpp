/// The reading half of readers and writers: everything asked of one transaction.
#pragma once

#include <optional>
#include <vector>

#include "emptor/store/store.hpp"
#include "store/sql/snapshot_view.hpp"
#include "store/sqlite/connection.hpp"

namespace emptor::sqlite {

/// Position, head hash and schema version as the transaction sees them.
StoreInfo read_info(Connection& connection, const sql::Fixed& fixed);

class Snapshot : public sql::SnapshotState {
 public:
  /// Requires the connection to be in a transaction.
  Snapshot(Connection& connection, const sql::Fixed& fixed, StoreInfo info, sql::LayoutPtr layout)
      : SnapshotState(fixed, std::move(info), std::move(layout)), connection_(connection) {}

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
  bool scan_known(const KnownScan& known, std::size_t limit, ScanKey& key, Batch& out);
  bool scan_whole(const Entity& entity, const Query& query, const sql::ScanPlan& plan, ScanKey& key, Batch& out);
  void scan_part(const Entity& entity, const Query& query, const sql::ScanPlan& plan, sql::Part part,
                 const ScanKey* continued, std::size_t most, ScanKey& next, Batch& out);

  Connection& connection_;
};

template <class Interface>
using SnapshotView = sql::SnapshotView<Snapshot, Interface>;

}  // namespace emptor::sqlite
