#include "store/memory/source.hpp"

#include <mutex>

#include "store/keyvalue/key_encoding.hpp"

namespace emptor::memory {
namespace {

using keyvalue::KeyRange;
using keyvalue::StoredRow;

// Where a range of an index begins and ends among the entries.
struct Stretch {
  Entries::const_iterator begin;
  Entries::const_iterator end;
};

Stretch stretch(const Entries& entries, std::uint64_t index, const KeyRange& range) {
  const auto end = range.high ? entries.lower_bound(EntryPlace{index, *range.high, {}, 0})
                              : entries.lower_bound(EntryPlace{index + 1, {}, {}, 0});
  if (range.high && *range.high <= range.low) return {end, end};
  return {entries.upper_bound(EntryPlace{index, range.low, range.after, for_ever}), end};
}

}  // namespace

const RowVersion* alive_row(const Rows& rows, EntityNumber entity, Id id, Commit at) {
  auto found = rows.upper_bound(RowPlace{entity, id, at});
  if (found == rows.begin()) return nullptr;
  --found;
  return found->entity == entity && found->id == id && found->alive(at) ? &*found : nullptr;
}

StoredRow Source::row(EntityNumber entity, Id id) const {
  const std::shared_lock lock(base_.mutex);
  const RowVersion* found = alive_row(base_.rows, entity, id, at_);
  return {id, found == nullptr ? std::string_view() : std::string_view(found->bytes), {}, {}};
}

void Source::rows(EntityNumber entity, Id after, std::size_t count, std::vector<StoredRow>& out) const {
  deadline_.check();
  const std::shared_lock lock(base_.mutex);
  auto row = base_.rows.upper_bound(RowPlace{entity, after, for_ever});
  for (; count > 0 && row != base_.rows.end() && row->entity == entity; ++row) {
    if (!row->alive(at_)) continue;
    out.push_back({row->id, row->bytes, {}, {}});
    --count;
  }
}

void Source::range(const Entity& entity, const Index& index, const KeyRange& range, std::size_t count,
                   std::vector<StoredRow>& out) const {
  deadline_.check();
  const std::uint64_t number = keyvalue::index_number(entity.number, index.fields);
  const std::shared_lock lock(base_.mutex);
  auto [entry, end] = stretch(base_.entries, number, range);
  for (; count > 0 && entry != end; ++entry) {
    if (!entry->alive(at_)) continue;
    out.push_back({entry->id, alive_row(base_.rows, entity.number, entry->id, at_)->bytes, entry->key, {}});
    --count;
  }
}

std::optional<std::string> Source::last_key(const Entity& entity, const Index& index, const KeyRange& range) const {
  const std::uint64_t number = keyvalue::index_number(entity.number, index.fields);
  const std::shared_lock lock(base_.mutex);
  auto [entry, end] = stretch(base_.entries, number, {range.low, range.high, {}});
  while (end != entry)
    if ((--end)->alive(at_)) return end->key;
  return std::nullopt;
}

std::size_t Source::count(const Entity& entity, const Index& index, const KeyRange& range, std::size_t most) const {
  const std::uint64_t number = keyvalue::index_number(entity.number, index.fields);
  const std::shared_lock lock(base_.mutex);
  auto [entry, end] = stretch(base_.entries, number, range);
  std::size_t found = 0;
  for (; found < most && entry != end; ++entry) found += entry->alive(at_) ? 1 : 0;
  return found;
}

std::size_t Source::size_hint(EntityNumber entity) const {
  const std::shared_lock lock(base_.mutex);
  const auto found = base_.sizes.find(entity);
  return found == base_.sizes.end() ? 0 : found->second;
}

}  // namespace emptor::memory
