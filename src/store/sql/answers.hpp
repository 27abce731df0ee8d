/// Rows of answers as what they mean, for every SQL database. An answer's row has `integer(column)`, `text(column)`
/// (its octets) and `value(column, type)`, all of them valid until the next row.
#pragma once

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "emptor/core/error.hpp"
#include "emptor/store/store.hpp"
#include "store/sql/compiler.hpp"

namespace emptor::sql {

inline constexpr std::string_view entry_columns =
    "SELECT position, at, actor, op_id, reason, count, root, hash, changes FROM emptor_journal ";

inline Hash hash_from(std::string_view bytes) {
  Hash hash{};
  if (bytes.size() != hash.size()) throw Error(Code::corrupt, "the journal holds a hash of a wrong size");
  std::memcpy(hash.data(), bytes.data(), bytes.size());
  return hash;
}

/// From a row of `entry_columns`.
template <class AnswerRow>
JournalEntry entry_from(const AnswerRow& row) {
  JournalEntry entry;
  entry.position = row.integer(0);
  entry.version = entry.position;
  entry.at = Instant{row.integer(1)};
  entry.actor = Id{row.integer(2)};
  entry.op_id = row.text(3);
  entry.reason = row.text(4);
  entry.count = static_cast<std::uint32_t>(row.integer(5));
  entry.root = hash_from(row.text(6));
  entry.hash = hash_from(row.text(7));
  entry.changes = row.text(8);
  return entry;
}

inline std::int64_t limit_of(std::size_t limit) {
  return static_cast<std::int64_t>(std::min<std::size_t>(limit, std::numeric_limits<std::int64_t>::max()));
}

/// The last row's order values become the key. Requires that no statement uses its old text any more.
template <class AnswerRow>
void advance(ScanKey& key, const AnswerRow& row, const Entity& entity, const ScanPlan& plan) {
  ScanKey next;
  next.begun = true;
  next.id = Id{row.integer(0)};
  for (std::size_t i = 0; i < plan.order.size(); ++i)
    next.values.push_back(
        next.text.keep(row.value(static_cast<int>(plan.order_at[i]), entity.fields[plan.order[i]].type)));
  key = std::move(next);
}

/// Goes through the parts of a scan from where its key stands. `scan_part(part, continued, most)` appends that many
/// rows at most, moves the key on if there were so many, and tells how many there were.
template <class ScanPart>
bool scan_parts(const Entity& entity, const Query& query, std::size_t limit, ScanKey& key, const Batch& out,
                const ScanPart& scan_part) {
  const std::vector<Part> parts = key.begun ? parts_of(entity, query) : first_parts_of(entity, query);
  auto part = parts.begin();
  if (key.begun) part = std::ranges::find(parts, part_of(entity, query, key));
  for (const ScanKey* continued = key.begun ? &key : nullptr; part != parts.end(); ++part, continued = nullptr) {
    scan_part(*part, continued, limit - out.rows());
    if (out.rows() == limit) return true;
  }
  key.ended = true;
  return false;
}

/// From its two halves, sums of the upper and the lower 32 bits, which cannot overflow; only their total can.
template <class AnswerRow>
Value sum_from(const AnswerRow& row, int column, const Field& field) {
  if (!row.value(column, Type::integer).present()) return {};
  const std::int64_t upper = row.integer(column) + (row.integer(column + 1) >> 32);
  const std::int64_t lower = row.integer(column + 1) & 0xffffffff;
  if (upper > std::numeric_limits<std::int32_t>::max() || upper < std::numeric_limits<std::int32_t>::min())
    throw Error(Problem{Code::invalid, "a sum is out of range", {}, field.name, {}, "sum smaller groups"});
  return Value::of_bits(field.type, upper * (std::int64_t{1} << 32) + lower);
}

/// From a row of `compile_aggregate`.
template <class AnswerRow>
Groups::Group group_from(const AnswerRow& row, const Entity& entity, const AggregateQuery& query, Arena& text) {
  Groups::Group group;
  int column = 0;
  for (const std::string& name : query.group_by)
    group.keys.push_back(text.keep(row.value(column++, entity.field(name).type)));
  for (const AggregateQuery::Item& item : query.measures) {
    if (item.measure == Measure::count) {
      group.results.push_back(row.value(column++, Type::integer));
    } else if (item.measure == Measure::sum) {
      group.results.push_back(sum_from(row, column, entity.field(item.field)));
      column += 2;
    } else {
      group.results.push_back(text.keep(row.value(column++, entity.field(item.field).type)));
    }
  }
  return group;
}

}  // namespace emptor::sql
