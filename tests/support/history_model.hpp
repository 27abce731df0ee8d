// A store as a few maps: what the stores are compared with through random histories.
#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor::test {

/// A value that owns its text.
struct Cell {
  Type type = Type::integer;
  std::int64_t bits = 0;
  std::string text;

  Value view() const;
  static Cell of(const Value& value);
  friend bool operator==(const Cell&, const Cell&) = default;
};

struct ModelRecord {
  std::map<std::string, Cell> cells;  ///< present ones only
  bool deleted = false;
  std::int64_t version = 0;

  const Cell* find(const std::string& field) const;
};

/// One change as the generator meant it; `id` is negative for a new record.
struct MeantChange {
  std::string entity;
  Id id;
  bool erase = false;
  std::int64_t expected = 0;
  std::string system, external_id;
  std::vector<std::pair<std::string, Cell>> cells;  ///< an empty text clears
};

class HistoryModel {
 public:
  using Records = std::map<std::int64_t, ModelRecord>;

  const Records& of(const std::string& entity) const;
  /// The record that another system knows by this id; 0 for none.
  std::int64_t identified(const std::string& entity, const std::string& system, const std::string& external_id) const;
  std::size_t identities() const noexcept { return identities_.size(); }
  std::int64_t position() const noexcept { return position_; }
  /// How many deleted records a new one has taken the place of.
  std::uint64_t revived() const noexcept { return revived_; }

  /// Does what a session said it did, and tells what the receipt should have been.
  Receipt apply(const std::vector<MeantChange>& changes, const Receipt& said, const std::string& op_id);

  /// Whether a record matches, by the words of query.hpp.
  static bool matches(const ModelRecord& record, std::int64_t id, const Where& where);
  /// Ids of the records that match, in the order asked.
  std::vector<std::int64_t> select(const Query& query) const;

 private:
  bool takes_the_place(const MeantChange& change, const ModelRecord& record, std::int64_t id) const;
  void change(ModelRecord& record, const MeantChange& meant, const std::vector<Id>& ids) const;

  std::map<std::string, Records> entities_;
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> identities_;
  std::int64_t position_ = 0;
  std::uint64_t revived_ = 0;
};

/// <0, 0, >0: a missing cell (null) comes first.
int compare_cells(const Cell* a, const Cell* b);

}  // namespace emptor::test
