// Index entries, put and erased among the keys of a writer.
#pragma once

#include "store/host/visible_keys.hpp"
#include "store/keyvalue/index_changes.hpp"

namespace emptor::host {

class Entries final : public keyvalue::IndexChanges {
 public:
  /// The keys must outlive it.
  explicit Entries(PendingKeys& keys) : keys_(keys) {}

 private:
  bool is_taken(const Entity& entity, const Index& index, std::string_view key, Id id) const override;
  void insert_entry(const Entity& entity, const Index& index, std::string_view key, Id id) override;
  void remove_entry(const Entity& entity, const Index& index, std::string_view key, Id id) override;

  PendingKeys& keys_;
};

}  // namespace emptor::host
