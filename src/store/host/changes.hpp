// What a writer of a host's store has done so far. Nobody else sees it, and the host hears of it in the commit.
#pragma once

#include <unordered_map>

#include "store/host/entries.hpp"
#include "store/host/records.hpp"

namespace emptor::host {

class Changes {
 public:
  /// Requires the turn to write. The changes are put among `keys`; `newest` is what they are made to.
  Changes(BasePtr base, std::shared_ptr<PendingKeys> keys, Snapshot newest, HostCommit how);

  Id allocate(EntityNumber entity, std::size_t count);
  void put(EntityNumber entity, std::span<const Row> rows, bool insert);
  void erase(EntityNumber entity, std::span<const Id> ids);
  void append(const JournalEntry& entry);
  void forget_entries(std::int64_t up_to);
  void begin_journal(std::int64_t after);
  void set_setting(std::string_view name, std::string_view value);
  void add_field(const CatalogField& field);
  void mark_fields(std::span<const CatalogField> fields);
  const SchemaPtr& schema() const noexcept { return next_.schema; }
  /// Makes it all visible. `info` is the store as it is from now on.
  void commit(const StoreInfo& info);

 private:
  template <class Work>
  void writing(const Work& work);
  void put_row(const Entity& entity, Row row, bool insert, EntityState& state);
  bool erase_row(const Entity& entity, Id id);
  EntityState& state_of(EntityNumber entity);
  void save_state(EntityNumber entity);

  BasePtr base_;
  std::shared_ptr<PendingKeys> keys_;
  Entries entries_;
  Snapshot next_;
  HostCommit how_;
  bool over_ = false;  // committed, or a write failed and may have done half of what it should
  std::unordered_map<EntityNumber, EntityState> states_;
  std::string encoded_;
  std::vector<Value> before_, padded_;
};

}  // namespace emptor::host
