// What readers and the writer of a store of this family have in common at one commit: what is true of it, and every
// question that rows and index entries answer.
#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "store/keyvalue/aggregate.hpp"
#include "store/keyvalue/scan.hpp"
#include "store/keyvalue/snapshot.hpp"

namespace emptor::keyvalue {

template <class Source>
class ReadSide {
 public:
  ReadSide(Snapshot snapshot, Source source) : snapshot_(std::move(snapshot)), source_(std::move(source)) {}

  const StoreInfo& info() const noexcept { return snapshot_.info; }
  StoreInfo& info() noexcept { return snapshot_.info; }
  std::int64_t forgotten() const noexcept { return snapshot_.forgotten; }
  void set_forgotten(std::int64_t up_to) noexcept { snapshot_.forgotten = up_to; }
  const SchemaPtr& schema() const noexcept { return snapshot_.schema; }
  void set_schema(SchemaPtr schema) { snapshot_.schema = std::move(schema); }
  void stop_at(std::optional<std::chrono::steady_clock::time_point> moment) noexcept { source_.stop_at(moment); }
  Commit at() const noexcept { return snapshot_.at; }

  void get(EntityNumber entity, std::span<const Id> ids, Batch& out) const {
    keyvalue::get(source_, schema()->entity(entity), ids, out);
  }
  bool scan(const Query& query, ScanKey& key, Batch& out) const {
    return keyvalue::scan(source_, schema()->entity(query.entity), query, key, out);
  }
  Groups aggregate(const AggregateQuery& query) const {
    return keyvalue::aggregate(source_, schema()->entity(query.entity), query);
  }

 private:
  Snapshot snapshot_;
  Source source_;
};

}  // namespace emptor::keyvalue
