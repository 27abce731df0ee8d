// What a writer of the memory store has done so far: made in place as versions of the coming commit,
// which no reader sees, and undone step by step unless it is committed.
#pragma once

#include "store/keyvalue/index_changes.hpp"
#include "store/memory/base.hpp"
#include "store/memory/source.hpp"

namespace emptor::memory {

class Changes final : private keyvalue::IndexChanges {
 public:
  /// Requires the turn to write.
  Changes(Base& base, SchemaPtr schema, Commit pending);
  /// Undoes everything unless `commit` was called. Allocates nothing.
  ~Changes() override;
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;

  Id allocate(EntityNumber entity, std::size_t count);
  void put(EntityNumber entity, std::span<const Row> rows, bool insert);
  void erase(EntityNumber entity, std::span<const Id> ids);
  void append(const JournalEntry& entry);
  void forget_entries(std::int64_t up_to);
  void begin_journal(std::int64_t after);
  void set_setting(std::string_view name, std::string_view value);
  void add_field(const CatalogField& field);
  void mark_fields(std::span<const CatalogField> fields);
  const SchemaPtr& schema() const noexcept { return schema_; }
  /// Makes it all visible. `info` is the store as it is from now on.
  void commit(const StoreInfo& info);

 private:
  void put_row(const Entity& entity, Row row, bool insert);
  void keep_row(const Entity& entity, Id id, Rows::iterator place);
  bool is_taken(const Entity& entity, const Index& index, std::string_view key, Id id) const override;
  void insert_entry(const Entity& entity, const Index& index, std::string_view key, Id id) override;
  void remove_entry(const Entity& entity, const Index& index, std::string_view key, Id id) override;
  void keep_operation(const JournalEntry& entry);
  void undo_append() noexcept;
  void drop_old_settings();
  void undo() noexcept;

  Base& base_;
  SchemaPtr schema_;
  const Commit pending_;
  bool committed_ = false;

  std::vector<Rows::iterator> born_rows_;
  std::vector<Entries::iterator> born_entries_;
  Garbage died_;
  std::int64_t forgotten_;
  bool begun_elsewhere_ = false;        // the journal, which was empty before
  std::vector<std::int64_t> appended_;  // of each entry, where its operation id stood before; 0 for nowhere
  std::vector<Settings::iterator> changed_settings_;
  std::unordered_map<EntityNumber, std::int64_t> former_last_ids_;
  std::string encoded_;
  std::vector<Value> before_, padded_;
};

}  // namespace emptor::memory
