#include "store/host/source.hpp"

#include <algorithm>
#include <tuple>

#include "core/long_call.hpp"
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

// Whether a range has an entry, which lies at least within the beginnings of its bounds.
bool is_inside(const KeyRange& range, const IndexEntry& entry) {
  const int order = entry.values.compare(range.low);
  const bool above = order > 0 || (order == 0 && entry.id > range.after);
  return above && (!range.high || entry.values < *range.high);
}

// Entries as the host has them, in the order of whole values. Those that are cut come to the host by their digests
// behind one beginning: they are gathered and sorted.
class InOrder {
 public:
  using Visit = std::function<bool(IndexEntry entry)>;

  InOrder(const KeyRange& range, Direction direction, Visit visit)
      : range_(range), direction_(direction), visit_(std::move(visit)) {}

  bool take(IndexEntry entry) {
    if (!cut_.empty() && !continues(entry)) finish();
    if (more_ && is_cut(entry.values)) {
      cut_.push_back(std::move(entry));
    } else if (more_) {
      more_ = visit_(std::move(entry));
    }
    return more_;
  }

  void finish() {
    std::sort(cut_.begin(), cut_.end(), [this](const IndexEntry& a, const IndexEntry& b) {
      const auto order = std::tie(a.values, a.id) <=> std::tie(b.values, b.id);
      return direction_ == Direction::ascending ? order < 0 : order > 0;
    });
    for (IndexEntry& entry : cut_)
      if (more_ && is_inside(range_, entry)) more_ = visit_(std::move(entry));
    cut_.clear();
  }

 private:
  bool continues(const IndexEntry& entry) const {
    return is_cut(entry.values) &&
           entry.values.compare(0, beginning_bytes, cut_.front().values, 0, beginning_bytes) == 0;
  }

  const KeyRange& range_;
  Direction direction_;
  Visit visit_;
  std::vector<IndexEntry> cut_;
  bool more_ = true;
};

void each_entry(const VisibleKeys& keys, std::uint64_t index, const KeyRange& range, Direction direction,
                InOrder::Visit visit) {
  InOrder entries(range, direction, std::move(visit));
  keys.walk(index_range(index, range), direction,
            [&](std::string_view key, std::string_view value) { return entries.take(index_entry_of(key, value)); });
  entries.finish();
}

}  // namespace

StoredRow Source::row(EntityNumber entity, Id id) const {
  const std::optional<std::string> row = keys_.get(row_key(entity, id));
  return row ? held(id, {}, *row) : StoredRow{id, {}, {}, {}};
}

void Source::rows(EntityNumber entity, Id after, std::size_t count, std::vector<StoredRow>& out) const {
  deadline_.check();
  beat("store");
  if (count == 0) return;
  keys_.walk(rows_after(entity, after), Direction::ascending, [&](std::string_view key, std::string_view row) {
    out.push_back(held(row_of(key), {}, row));
    return --count > 0;
  });
}

void Source::range(const Entity& entity, const Index& index, const KeyRange& range, std::size_t count,
                   std::vector<StoredRow>& out) const {
  deadline_.check();
  beat("store");
  if (count == 0) return;
  std::vector<IndexEntry> found;
  each_entry(keys_, number_of(entity, index), range, Direction::ascending, [&](IndexEntry entry) {
    found.push_back(std::move(entry));
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
  each_entry(keys_, number_of(entity, index), {range.low, range.high, {}}, Direction::descending,
             [&](IndexEntry entry) {
               last = std::move(entry.values);
               return false;
             });
  return last;
}

std::size_t Source::count(const Entity& entity, const Index& index, const KeyRange& range, std::size_t most) const {
  std::size_t found = 0;
  if (most == 0) return found;
  each_entry(keys_, number_of(entity, index), range, Direction::ascending,
             [&](const IndexEntry&) { return ++found < most; });
  return found;
}

std::size_t Source::size_hint(EntityNumber entity) const {
  const std::optional<std::string> state = keys_.get(entity_key(entity));
  return state ? static_cast<std::size_t>(read_entity_state(*state).rows) : 0;
}

}  // namespace emptor::host
