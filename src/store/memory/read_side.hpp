// What readers and the writer of the memory store have in common: every reading call, at one commit.
#pragma once

#include "store/memory/source.hpp"

namespace emptor::memory {

class ReadSide {
 public:
  ReadSide(const Base& base, Snapshot snapshot)
      : base_(base), snapshot_(std::move(snapshot)), source_(base, snapshot_.at) {}

  const StoreInfo& info() const noexcept { return snapshot_.info; }
  StoreInfo& info() noexcept { return snapshot_.info; }
  std::int64_t forgotten() const noexcept { return snapshot_.forgotten; }
  void set_forgotten(std::int64_t up_to) noexcept { snapshot_.forgotten = up_to; }
  const SchemaPtr& schema() const noexcept { return snapshot_.schema; }
  void set_schema(SchemaPtr schema) { snapshot_.schema = std::move(schema); }
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) noexcept { source_.stop_at(moment); }
  Commit at() const noexcept { return snapshot_.at; }

  void get(EntityNumber entity, std::span<const Id> ids, Batch& out) const;
  bool scan(const Query& query, ScanKey& key, Batch& out) const;
  Groups aggregate(const AggregateQuery& query) const;
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) const;
  std::optional<JournalEntry> entry(std::int64_t version) const;
  std::optional<JournalEntry> operation(std::string_view op_id) const;
  std::string setting(std::string_view name) const;
  /// The names of all settings that are set, in their order.
  std::vector<std::string> setting_names() const;
  /// One more than any id given so far, which may be more than those in use.
  Id next_id(EntityNumber entity) const;

 private:
  const Base& base_;
  Snapshot snapshot_;
  Source source_;
};

}  // namespace emptor::memory
