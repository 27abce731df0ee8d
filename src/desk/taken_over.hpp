// When customers came to their present owner, by the journal; an entry is read once, however many customers are in it.
#pragma once

#include <unordered_map>

#include "session/journal_base.hpp"

namespace emptor::desk {

class TakenOver {
 public:
  explicit TakenOver(Reader& reader) : reader_(reader), base_(journal_base(reader)) {}

  /// `floor` where that was earlier: the walk back ends there. Where the journal of then was forgotten, its newest
  /// forgotten entry: not later than that.
  Instant of(Row customer, Instant floor);

 private:
  struct Entry {
    JournalEntry entry;
    std::unordered_map<Id, Change> customers;  // views of the entry
  };
  const Entry* entry_of(std::int64_t version);

  Reader& reader_;
  JournalBase base_;
  std::unordered_map<std::int64_t, Entry> entries_;
  std::size_t bytes_ = 0;
};

}  // namespace emptor::desk
