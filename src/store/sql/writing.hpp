/// What writers of every SQL database do alike: they give numbers, seal entries, and do nothing more after a failure.
#pragma once

#include <algorithm>
#include <unordered_map>

#include "store/sql/layout.hpp"
#include "store/sql/snapshot_view.hpp"

namespace emptor::sql {

template <class Snapshot>
class Writing : public SnapshotView<Snapshot, Writer> {
 protected:
  using SnapshotView<Snapshot, Writer>::checked;

 public:
  Id allocate(const Entity& entity, std::size_t count) override {
    Id first;
    writing([&] {
      std::int64_t& next = next_number(entity);
      first = Id{next};
      next += static_cast<std::int64_t>(count);
    });
    return first;
  }
  Id next_id(const Entity& entity) override {
    checked();
    return Id{next_number(entity)};
  }
  std::int64_t next_version() override { return checked().info().position + 1; }
  void append(JournalEntry& entry) override {
    writing([&] {
      StoreInfo& info = checked().info();
      entry.position = entry.version = info.position + 1;
      seal(entry, info.head);
      insert_entry(entry);
      info.position = entry.position;
      info.head = entry.hash;
    });
  }
  void forget_entries(std::int64_t up_to) override {
    if (up_to >= checked().info().position) throw Error(Code::misuse, "the newest entry cannot be forgotten");
    writing([&] { remove_entries(up_to); });
  }
  void begin_journal(const JournalHead& after) override {
    StoreInfo& info = checked().info();
    if (info.position != 0) throw Error(Code::misuse, "a journal that has entries cannot begin elsewhere");
    info.position = after.position;
    info.head = after.hash;
  }

 protected:
  using Numbers = std::unordered_map<EntityNumber, std::int64_t>;

  // After a failed write only the destructor is left: half of a statement may have been done.
  template <class Work>
  void writing(const Work& work) {
    checked();
    if (failed_) throw Error(Code::misuse, "a writer was used after a write that failed", "open a new one");
    failed_ = true;
    failure_ = Code::internal;
    try {
      work();
    } catch (const Error& error) {
      failure_ = error.code();
      throw;
    }
    failed_ = false;
  }
  /// Whether the connection may be used again: a value that was taken does not harm it.
  bool is_sound() const noexcept { return !failed_ || failure_ == Code::duplicate; }

  void take_schema(const Dialect& dialect, SchemaPtr schema) {
    checked().info().schema_version = schema->version();
    checked().set_layout(std::make_shared<const Layout>(dialect, std::move(schema), true));
  }
  /// Numbers that a caller brought along (a copy of another store) are never given again either.
  void pass_numbers(const Entity& entity, std::span<const Row> rows) {
    std::int64_t& next = next_number(entity);
    for (const Row row : rows) next = std::max(next, row[system_field::id].id().value + 1);
  }
  /// The next of each entity that was asked for, to be saved with the commit.
  const Numbers& numbers() const noexcept { return numbers_; }

 private:
  virtual std::int64_t load_next(EntityNumber entity) = 0;
  virtual void insert_entry(const JournalEntry& entry) = 0;
  virtual void remove_entries(std::int64_t up_to) = 0;

  std::int64_t& next_number(const Entity& entity) {
    const auto [at, is_new] = numbers_.emplace(entity.number, 1);
    if (is_new) at->second = load_next(entity.number);
    return at->second;
  }

  Numbers numbers_;
  bool failed_ = false;
  Code failure_ = Code::ok;
};

}  // namespace emptor::sql
