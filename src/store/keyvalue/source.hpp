// What the key-value evaluator reads: encoded rows by (entity, id), and index entries in the order of
// (encoded values, id). A store of this family offers these few calls at one snapshot; every question of
// query.hpp is answered from them.
#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/model/schema.hpp"

namespace emptor::keyvalue {

/// A row as stored. The views stay valid as long as what holds them, or where nothing does, until the snapshot ends or
/// its own writer writes again.
struct StoredRow {
  Id id;
  std::string_view row;                       ///< empty: there is none (a stored row never is)
  std::string_view key;                       ///< the index key it was found by; empty where found by id
  std::shared_ptr<const std::string> holder;  ///< of what a store has read from elsewhere
};

inline constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// Index keys from `low` to before `high` (to the end of the index where there is no `high`); of `low`
/// itself only the entries whose id is greater than `after`.
struct KeyRange {
  std::string low;
  std::optional<std::string> high;
  Id after;
};

class RowSource {
 public:
  virtual ~RowSource() = default;

  virtual StoredRow row(EntityNumber entity, Id id) const = 0;
  /// Appends the next rows by id, at most `count`; fewer only at the end.
  virtual void rows(EntityNumber entity, Id after, std::size_t count, std::vector<StoredRow>& out) const = 0;
  /// Appends the next rows of a range of an index, in the order of (key, id); fewer only at the end.
  virtual void range(const Entity& entity, const Index& index, const KeyRange& range, std::size_t count,
                     std::vector<StoredRow>& out) const = 0;
  /// The greatest key of a range (`after` is not looked at); nothing where the range is empty.
  virtual std::optional<std::string> last_key(const Entity& entity, const Index& index,
                                              const KeyRange& range) const = 0;
  /// Entries in a range, counted up to `most`.
  virtual std::size_t count(const Entity& entity, const Index& index, const KeyRange& range,
                            std::size_t most) const = 0;
  /// About how many rows the entity has: a guide for choosing a path, not an answer.
  virtual std::size_t size_hint(EntityNumber entity) const = 0;
};

}  // namespace emptor::keyvalue
