/// What snapshots of every SQL database share: the facts that never change, and a Reader's calls.
#pragma once

#include <optional>

#include "core/process_number.hpp"
#include "emptor/core/error.hpp"
#include "emptor/store/store.hpp"
#include "store/sql/layout.hpp"

namespace emptor::sql {

/// What every snapshot of a store shares.
struct Fixed {
  std::string store_id;
  Currency currency;
  std::string zone;
  std::int64_t process = 0;  ///< the one that opened the store

  /// Throws Code::misuse in any other process (a forked child).
  void check_process() const {
    if (process != process_number()) [[unlikely]]
      throw Error(Code::misuse, "the store was opened by the process that this one was forked from",
                  "open the store again in the child");
  }
  /// These facts, as a snapshot begins to tell them.
  StoreInfo info() const {
    StoreInfo info;
    info.store_id = store_id;
    info.currency = currency;
    info.zone = zone;
    return info;
  }
};

/// What a snapshot stands on, whatever it asks.
class SnapshotState {
 public:
  SnapshotState(const Fixed& fixed, StoreInfo info, LayoutPtr layout)
      : fixed_(fixed), info_(std::move(info)), layout_(std::move(layout)) {}

  const Fixed& fixed() const noexcept { return fixed_; }
  StoreInfo& info() noexcept { return info_; }
  const SchemaPtr& schema() const noexcept { return layout_->schema(); }
  const LayoutPtr& layout() const noexcept { return layout_; }
  void set_layout(LayoutPtr layout) { layout_ = std::move(layout); }

 private:
  const Fixed& fixed_;
  StoreInfo info_;
  LayoutPtr layout_;
};

/// A Reader's calls, given by a snapshot; `Interface` is Reader or Writer.
template <class Snapshot, class Interface>
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
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) override { checked().stop_at(moment); }

 protected:
  Snapshot& checked() {
    if (!snapshot_) throw Error(Code::misuse, "a writer was used after its commit", "open a new one");
    snapshot_->fixed().check_process();
    return *snapshot_;
  }
  std::optional<Snapshot> snapshot_;
};

}  // namespace emptor::sql
