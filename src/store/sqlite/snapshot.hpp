/// The reading half of readers and writers: everything asked of one transaction.
#pragma once

#include <optional>
#include <vector>

#include "emptor/store/store.hpp"
#include "store/sqlite/connection.hpp"

namespace emptor::sqlite {

/// What every snapshot of a file shares.
struct Fixed {
  std::string store_id;
  Currency currency;
  std::string zone;
  std::int64_t process = 0;  ///< the one that opened the store

  /// Throws Code::misuse in any other process (a forked child).
  void check_process() const;
};

/// Position, head hash and schema version as the transaction sees them.
StoreInfo read_info(Connection& connection, const Fixed& fixed);

class Snapshot {
 public:
  /// Requires the connection to be in a transaction.
  Snapshot(Connection& connection, const Fixed& fixed, StoreInfo info, sql::LayoutPtr layout)
      : connection_(connection), fixed_(fixed), info_(std::move(info)), layout_(std::move(layout)) {}

  Connection& connection() noexcept { return connection_; }
  const Fixed& fixed() const noexcept { return fixed_; }
  StoreInfo& info() noexcept { return info_; }
  const SchemaPtr& schema() const noexcept { return layout_->schema(); }
  const sql::LayoutPtr& layout() const noexcept { return layout_; }
  void set_layout(sql::LayoutPtr layout) { layout_ = std::move(layout); }

  void get(const Entity& entity, std::span<const Id> ids, Batch& out);
  bool scan(const Query& query, ScanKey& key, Batch& out);
  Groups aggregate(const AggregateQuery& query);
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit);
  std::optional<JournalEntry> entry(std::int64_t version);
  std::optional<JournalEntry> operation(std::string_view op_id);
  std::string setting(std::string_view name);
  std::vector<std::string> setting_names();
  Id next_id(const Entity& entity);

 private:
  bool scan_known(const KnownScan& known, std::size_t limit, ScanKey& key, Batch& out);
  bool scan_whole(const Entity& entity, const Query& query, const sql::ScanPlan& plan, ScanKey& key, Batch& out);
  std::size_t scan_part(const Entity& entity, const Query& query, const sql::ScanPlan& plan, sql::Part part,
                        const ScanKey* continued, std::size_t most, ScanKey& next, Batch& out);

  Connection& connection_;
  const Fixed& fixed_;
  StoreInfo info_;
  sql::LayoutPtr layout_;
};

/// A Reader's calls, given by a snapshot; `Interface` is Reader or Writer.
template <class Interface>
class SnapshotView : public Interface {
 public:
  const StoreInfo& info() override { return checked().info(); }
  SchemaPtr schema() override { return checked().schema(); }
  void get(const Entity& entity, std::span<const Id> ids, Batch& out) override { checked().get(entity, ids, out); }
  bool scan(const Query& query, ScanKey& key, Batch& out) override { return checked().scan(query, key, out); }
  Groups aggregate(const AggregateQuery& query) override { return checked().aggregate(query); }
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) override {
    return checked().journal(after, limit);
  }
  std::optional<JournalEntry> entry(std::int64_t version) override { return checked().entry(version); }
  std::optional<JournalEntry> operation(std::string_view op_id) override { return checked().operation(op_id); }
  std::string setting(std::string_view name) override { return checked().setting(name); }
  std::vector<std::string> setting_names() override { return checked().setting_names(); }
  Id next_id(const Entity& entity) override { return checked().next_id(entity); }
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) override {
    checked().connection().stop_at(moment);
  }

 protected:
  Snapshot& checked() {
    if (!snapshot_) throw Error(Code::misuse, "a writer was used after its commit", "open a new one");
    snapshot_->fixed().check_process();
    return *snapshot_;
  }
  std::optional<Snapshot> snapshot_;
};

}  // namespace emptor::sqlite
