#include "insight/tables/plain_items.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/long_call.hpp"
#include "core/sort_stably.hpp"
#include "emptor/core/error.hpp"
#include "insight/tables/key_numbers.hpp"
#include "insight/tables/plain_rows.hpp"

namespace emptor {
namespace {

constexpr std::uint32_t no_item = std::numeric_limits<std::uint32_t>::max();

/// One row: of which group, which item, when.
struct ItemRow {
  std::uint32_t group = 0, item = no_item;
  std::int64_t time = 0;
};

/// Reads the rows one after another; groups and items numbered as they are met.
class ItemReading {
 public:
  ItemReading(const ArrowTable& table, const std::string& group, const std::string& item, const std::string& time)
      : in_(table),
        group_(table.column(group)),
        item_(table.column(item)),
        time_(time.empty() ? item_ : table.column(time)),
        timed_(!time.empty()),
        groups_(table.columns()[group_]),
        items_(table.columns()[item_]) {}

  /// Rows by group, in their order within it, or by time; items by their final numbers.
  std::vector<ItemRow> read(PlainItems& plain) {
    rows_.reserve(in_.rows());
    in_.each([&] { read_row(); });
    plain.rows = in_.done();
    plain.skipped = in_.done() - rows_.size();
    const std::vector<std::uint32_t> ranks = items_.ranks(*plain.items);
    for (ItemRow& row : rows_)
      if (row.item != no_item) row.item = ranks[row.item];
    return by_group();
  }
  std::size_t groups() const noexcept { return groups_.size(); }

 private:
  void read_row() {
    const ArrowCell group = in_.cell(group_), item = in_.cell(item_);
    if (is_missing(group)) return;
    ItemRow row;
    const auto number = groups_.of(group);
    if (!number) in_.refuse(group_, "whole number or text");
    row.group = *number;
    if (!is_missing(item)) {
      const auto of_item = items_.of(item);
      if (!of_item) in_.refuse(item_, "whole number or text");
      row.item = *of_item;
    }
    row.time = timed_ ? time_of(in_.cell(time_)) : static_cast<std::int64_t>(in_.done());
    rows_.push_back(row);
  }

  std::int64_t time_of(const ArrowCell& cell) const {
    switch (cell.kind) {
      case ArrowCell::Kind::day:
      case ArrowCell::Kind::local:
      case ArrowCell::Kind::instant:
        return static_cast<std::int64_t>(cell.number);
      default:
        if (const auto whole = whole_of(cell)) return *whole;
        in_.refuse(time_, "whole number, day or time");
    }
  }

  std::vector<ItemRow> by_group() {
    std::vector<std::size_t> next(groups_.size() + 1);
    for (const ItemRow& row : rows_) ++next[row.group + 1];
    for (std::size_t i = 1; i < next.size(); ++i) next[i] += next[i - 1];
    std::vector<ItemRow> sorted(rows_.size());
    std::vector<std::size_t> at = next;
    for (const ItemRow& row : rows_) sorted[at[row.group]++] = row;
    if (timed_)
      for (std::size_t group = 0; group < groups_.size(); ++group)
        sort_stably(sorted.begin() + static_cast<std::ptrdiff_t>(next[group]),
                    sorted.begin() + static_cast<std::ptrdiff_t>(next[group + 1]),
                    [](const ItemRow& a, const ItemRow& b) { return a.time < b.time; });
    return sorted;
  }

  PlainRows in_;
  std::size_t group_, item_, time_;
  bool timed_;
  KeyNumbers groups_, items_;
  std::vector<ItemRow> rows_;
};

}  // namespace

PlainBaskets plain_baskets(const ArrowTable& table, const std::string& basket, const std::string& item) {
  PlainBaskets plain;
  ItemReading reading(table, basket, item, {});
  const std::vector<ItemRow> rows = reading.read(plain);
  mine::BasketTable& baskets = plain.baskets;
  for (std::size_t at = 0; at < rows.size();) {
    const std::uint32_t group = rows[at].group;
    for (; at < rows.size() && rows[at].group == group; ++at)
      if (rows[at].item != no_item) baskets.items.push_back(rows[at].item);
    baskets.starts.push_back(baskets.items.size());
  }
  return plain;
}

PlainHistories plain_histories(const ArrowTable& table, const std::string& history, const std::string& item,
                               const std::string& time) {
  PlainHistories plain;
  ItemReading reading(table, history, item, time);
  const std::vector<ItemRow> rows = reading.read(plain);
  mine::SequenceTable& all = plain.histories;
  for (std::size_t at = 0; at < rows.size();) {
    const std::uint32_t group = rows[at].group;
    while (at < rows.size() && rows[at].group == group) {
      const std::int64_t now = rows[at].time;
      const std::size_t before = all.items.size();
      for (; at < rows.size() && rows[at].group == group && rows[at].time == now; ++at)
        if (rows[at].item != no_item) all.items.push_back(rows[at].item);
      if (all.items.size() == before) continue;
      all.element_starts.push_back(all.items.size());
      if (!time.empty()) all.times.push_back(now);
    }
    all.starts.push_back(all.element_starts.size() - 1);
  }
  return plain;
}

std::vector<std::uint32_t> numbers_of(const boost::json::array& names, const PlainItems& plain) {
  std::vector<std::uint32_t> numbers;
  for (const boost::json::value& name : names) {
    std::uint32_t found = no_item;
    for (std::size_t i = 0; i < plain.items->size() && found == no_item; ++i) {
      const Value value = plain.items->value(i);
      const bool same = name.is_string() ? value.is_text() && value.text() == std::string_view(name.get_string())
                                         : !value.is_text() && value.integer() == name.to_number<std::int64_t>();
      if (same) found = static_cast<std::uint32_t>(i);
    }
    numbers.push_back(found);
  }
  return numbers;
}

std::uint64_t count_of_share(double share, std::uint64_t all) noexcept {
  // A share is meant as it is written: 7 % of 100 is 7, although .07 * 100 is a little more in binary.
  return static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all) * (1 - 1e-12)));
}

}  // namespace emptor
