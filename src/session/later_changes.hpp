// Every change since a position, by record, read in one pass: what tells how records were then, where not too much has
// happened since.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "emptor/store/store.hpp"

namespace emptor {

class LaterChanges {
 public:
  struct Step {
    std::int64_t version = 0, previous = 0;
    ChangeKind kind = ChangeKind::insert;
    std::string_view difference;
  };

  /// Nothing where it would be more than some thousand entries or some ten megabytes.
  static std::optional<LaterChanges> after(Reader& reader, std::int64_t position);

  /// Oldest first; none for a record that is as it was.
  std::span<const Step> of(EntityNumber entity, Id id) const;
  /// The records of an entity that are not as they were, ascending.
  std::vector<Id> changed(EntityNumber entity) const;

 private:
  using Record = std::pair<EntityNumber, Id>;
  void take(JournalEntry&& entry);

  std::deque<JournalEntry> entries_;  // differences point there
  std::map<Record, std::vector<Step>> steps_;
};

}  // namespace emptor
