// What readers and the writer of a host's store have in common: every reading call, at one commit.
#pragma once

#include "store/host/source.hpp"

namespace emptor::host {

class ReadSide {
 public:
  ReadSide(std::shared_ptr<const VisibleKeys> keys, Snapshot snapshot)
      : keys_(std::move(keys)), snapshot_(std::move(snapshot)), source_(*keys_) {}

  const StoreInfo& info() const noexcept { return snapshot_.info; }
  StoreInfo& info() noexcept { return snapshot_.info; }
  std::int64_t forgotten() const noexcept { return snapshot_.forgotten; }
  void set_forgotten(std::int64_t up_to) noexcept { snapshot_.forgotten = up_to; }
  const SchemaPtr& schema() const noexcept { return snapshot_.schema; }
  void set_schema(SchemaPtr schema) { snapshot_.schema = std::move(schema); }
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) noexcept { source_.stop_at(moment); }

  void get(EntityNumber entity, std::span<const Id> ids, Batch& out) const;
  bool scan(const Query& query, ScanKey& key, Batch& out) const;
  Groups aggregate(const AggregateQuery& query) const;
  std::vector<JournalEntry> journal(std::int64_t after, std::size_t limit) const;
  std::optional<JournalEntry> entry(std::int64_t version) const;
  std::optional<JournalEntry> operation(std::string_view op_id) const;
  std::string setting(std::string_view name) const;
  std::vector<std::string> setting_names() const;
  Id next_id(EntityNumber entity) const;

 private:
  std::shared_ptr<const VisibleKeys> keys_;
  Snapshot snapshot_;
  Source source_;
};

}  // namespace emptor::host
