// What readers and the writer of the memory store have in common: what stands beside rows, at one commit.
#pragma once

#include "store/keyvalue/read_side.hpp"
#include "store/memory/source.hpp"

namespace emptor::memory {

class ReadSide : public keyvalue::ReadSide<Source> {
 public:
  ReadSide(const Base& base, const Snapshot& snapshot)
      : keyvalue::ReadSide<Source>(snapshot, Source(base, snapshot.at)), base_(base) {}

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
};

}  // namespace emptor::memory
