// Whom the changes of a write may bring into a segment, or out of one.
#pragma once

#include <vector>

#include "emptor/session/derivation.hpp"
#include "session/segments/book.hpp"
#include "session/segments/column_test.hpp"

namespace emptor::segments {

struct Affected {
  std::vector<Id> customers;    ///< ascending
  std::vector<Id> inserted;     ///< those of them that are new, ascending
  std::vector<Id> gone;         ///< customers that were erased for good
  std::vector<Truth> segments;  ///< which may have changed, by their number in the book
  std::vector<Id> doubtful;     ///< segments in which more customers may have than can be told anew in a write
};

Affected affected_by(Reader& reader, const Book& book, std::span<const RecordChange> changes);

/// Customers whose row says that it is due, by a field with that day, up to today: at most so many, those that are due
/// longest; ascending.
std::vector<Id> customers_due(Reader& reader, const char* field, Date today, std::size_t most);

}  // namespace emptor::segments
