#include "store/host/source.hpp"

#include "store/host/keys.hpp"
#include "store/host/records.hpp"
#include "store/keyvalue/key_encoding.hpp"

namespace emptor::host {
namespace {

using keyvalue::KeyRange;
using keyvalue::StoredRow;

// A row with memory of its own: what the host showed is gone with its next call.
StoredRow held(Id id, std::string_view key, std::string_view row) {
  std::string bytes;
  bytes.reserve(key.size() + row.size());
  bytes.append(key).append(row);
  const auto holder = std::make_shared<const std::string>(std::move(bytes));
  const std::string_view all(*holder);
  return {id, all.substr(key.size()), all.substr(0, key.size()), holder};
}

std::uint64_t number_of(const Entity& entity, const Index& index) {
  return keyvalue::index_number(entity.number, index.fields);
}

}  // namespace

StoredRow Source::row(EntityNumber entity, Id id) const {
  const std::optional<std::string> row = keys_.get(row_key(entity, id));
  return row ? held(id, {}, *row) : StoredRow{id, {}, {}, {}};
}

void Source::rows(EntityNumber entity, Id after, std::size_t count, std::vector<StoredRow>& out) const {
  deadline_.check();
  if (count == 0) return;
  keys_.walk(rows_after(entity, after), Direction::ascending, [&](std::string_view key, std::string_view row) {
    out.push_back(held(row_of(key), {}, row));
    return --count > 0;
  });
}

void Source::range(const Entity& entity, const Index& index, const KeyRange& range, std::size_t count,
                   std::vector<StoredRow>& out) const {
  deadline_.check();
  if (count == 0) return;
  std::vector<IndexEntry> found;
  keys_.walk(index_range(number_of(entity, index), range), Direction::ascending,
             [&](std::string_view key, std::string_view) {
               found.push_back(index_entry_of(key));
               return --count > 0;
             });
  for (const IndexEntry& entry : found) {
    const std::optional<std::string> row = keys_.get(row_key(entity.number, entry.id));
    if (!row) fail_damaged();
    out.push_back(held(entry.id, entry.values, *row));
  }
}

std::optional<std::string> Source::last_key(const Entity& entity, const Index& index, const KeyRange& range) const {
  std::optional<std::string> last;
  keys_.walk(index_range(number_of(entity, index), {range.low, range.high, {}}), Direction::descending,
             [&](std::string_view key, std::string_view) {
               last = index_entry_of(key).values;
               return false;
             });
  return last;
}

std::size_t Source::count(const Entity& entity, const Index& index, const KeyRange& range, std::size_t most) const {
  std::size_t found = 0;
  if (most == 0) return found;
  keys_.walk(index_range(number_of(entity, index), range), Direction::ascending,
             [&](std::string_view, std::string_view) { return ++found < most; });
  return found;
}

std::size_t Source::size_hint(EntityNumber entity) const {
  const std::optional<std::string> state = keys_.get(entity_key(entity));
  return state ? static_cast<std::size_t>(read_entity_state(*state).rows) : 0;
}

}  // namespace emptor::host
