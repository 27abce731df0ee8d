// Going through many rows in small steps: a source is asked for a chunk at a time, so that no call to it
// is long, and what it gave is judged outside of it.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "store/keyvalue/path.hpp"

namespace emptor::keyvalue {

inline constexpr std::size_t usual_chunk = 256;

/// Calls visit(const StoredRow&) for each row after an id, until it returns false. True where all were seen.
template <class Visit>
bool walk_rows(const RowSource& source, EntityNumber entity, Id after, std::size_t chunk, Visit&& visit) {
  std::vector<StoredRow> rows;
  do {
    rows.clear();
    source.rows(entity, after, chunk, rows);
    for (const StoredRow& row : rows)
      if (!visit(row)) return false;
    if (!rows.empty()) after = rows.back().id;
  } while (rows.size() == chunk);
  return true;
}

/// The same for a stretch of an index, in the order of (key, id).
template <class Visit>
bool walk_range(const RowSource& source, const Entity& entity, const Index& index, KeyRange range, std::size_t chunk,
                Visit&& visit) {
  std::vector<StoredRow> rows;
  do {
    rows.clear();
    source.range(entity, index, range, chunk, rows);
    for (const StoredRow& row : rows)
      if (!visit(row)) return false;
    if (!rows.empty()) {
      range.low = rows.back().key;
      range.after = rows.back().id;
    }
  } while (rows.size() == chunk);
  return true;
}

/// The same for named ids after one of them.
template <class Visit>
bool walk_ids(const RowSource& source, EntityNumber entity, const std::vector<Id>& ids, Id after, Visit&& visit) {
  for (auto id = std::upper_bound(ids.begin(), ids.end(), after); id != ids.end(); ++id) {
    const StoredRow row = source.row(entity, *id);
    if (!row.row.empty() && !visit(row)) return false;
  }
  return true;
}

/// Every row that a path leads to, each once, in no order that could be relied on.
template <class Visit>
bool walk_path(const RowSource& source, const Entity& entity, const Path& path, Visit&& visit) {
  if (path.all_rows()) return walk_rows(source, entity.number, Id{}, usual_chunk, visit);
  if (path.named) return walk_ids(source, entity.number, path.ids, Id{}, visit);
  return std::all_of(path.ranges.begin(), path.ranges.end(), [&](const KeyRange& range) {
    return walk_range(source, entity, *path.index, range, usual_chunk, visit);
  });
}

/// The smallest path of fewer than `most` rows; all rows where there is none.
Path choose_path(const RowSource& source, const Entity& entity, const Condition& condition, std::size_t most);

}  // namespace emptor::keyvalue
