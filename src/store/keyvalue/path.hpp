// The way from a query's conditions to its rows: by ids that it names, by a stretch of an index, or by
// all rows. A path may lead to rows that do not match; it never misses one that does.
#pragma once

#include <optional>
#include <vector>

#include "store/keyvalue/condition.hpp"
#include "store/keyvalue/source.hpp"

namespace emptor::keyvalue {

struct Path {
  const Index* index = nullptr;  ///< null with ids: they are named; null without: all rows
  std::vector<KeyRange> ranges;  ///< apart from each other, ascending; empty: nothing can match
  std::vector<Id> ids;           ///< ascending, each once
  bool named = false;            ///< `ids` are all that can match

  bool all_rows() const noexcept { return index == nullptr && !named; }
  /// One key only, so that its rows come in the order of ids.
  bool single_key = false;
};

/// Every path that the conditions allow, besides all rows; the most telling first.
std::vector<Path> paths(const Entity& entity, const Condition& condition);
/// The paths' stretch of one index of one field: everything where the conditions do not narrow it.
std::vector<KeyRange> ranges_of(const Index& index, const Condition& condition);
/// What the keys of an index begin with where the conditions pin every field that it needs; else nothing.
std::optional<std::string> pinned_prefix(const Index& index, const Condition& condition);
/// Rows that a path leads to, counted up to `most`.
std::size_t size_of(const RowSource& source, const Entity& entity, const Path& path, std::size_t most);
/// The index of this one field; null where there is none.
const Index* index_of(const Entity& entity, FieldNumber field) noexcept;

}  // namespace emptor::keyvalue
