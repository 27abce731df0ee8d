#include "mine/mask_miner.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "core/long_call.hpp"

namespace emptor::mine {
namespace {

constexpr std::uint64_t bit(int at) noexcept { return std::uint64_t{1} << at; }
constexpr std::uint64_t lowest(std::uint64_t bits) noexcept { return bits & (0 - bits); }

}  // namespace

MaskMiner::MaskMiner(ItemsetKind kind, std::uint32_t min_support, ItemsetOutput& output, bool names, MemoryMeter& meter,
                     const SearchTuning& tuning)
    : kind_(kind),
      min_support_(min_support),
      output_(output),
      names_(names),
      meter_(meter),
      table_items_(tuning.table_items),
      table_((meter.take(sizeof(SubsetTable)), std::make_unique<SubsetTable>())) {}

MaskMiner::Level& MaskMiner::level(std::size_t depth) {
  while (levels_.size() <= depth) levels_.push_back(std::make_unique<Level>(meter_));
  return *levels_[depth];
}

void MaskMiner::pause() {
  if ((++steps_ & 63) == 0) beat("itemsets");
}

/// The output wants items ascending, the search the most frequent first. What all sets hold are bits as well where 64
/// are enough: then the output has nothing to merge.
void MaskMiner::name_bits(const MaskTask& task, std::span<const std::uint32_t> outer) {
  constexpr int held_by_all = -1;
  std::vector<std::pair<std::uint32_t, int>>& order = order_;
  order.clear();
  for (std::uint64_t left = task.all; left != 0; left &= left - 1) {
    const int at = std::countr_zero(left);
    order.emplace_back(task.items[static_cast<std::size_t>(at)], at);
  }
  const bool enough = order.size() + outer.size() <= 64;
  if (enough)
    for (const std::uint32_t item : outer) order.emplace_back(item, held_by_all);
  std::sort(order.begin(), order.end());
  outer_bits_ = 0;
  std::array<std::uint32_t, 64> names{};
  for (std::size_t at = 0; at < order.size(); ++at) {
    names[at] = order[at].first;
    const std::uint64_t name = bit(static_cast<int>(at));
    if (order[at].second == held_by_all) {
      outer_bits_ |= name;
    } else {
      bit_of_[order[at].second] = name;
    }
  }
  output_.enter(enough ? std::span<const std::uint32_t>() : outer, std::span(names).first(order.size()));
}

void MaskMiner::begin(const MaskTask& task, std::span<const std::uint32_t> outer) {
  outer_ = task.outer;
  all_ = task.all;
  hidden_ = task.hidden;
  peak_supports_.clear();
  if (names_) name_bits(task, outer);
}

void MaskMiner::mine(const MaskTask& task, std::span<const std::uint32_t> outer, MaskRows& rows,
                     std::vector<std::uint64_t>* known) {
  if (task.support < min_support_) return;
  begin(task, outer);
  switch (kind_) {
    case ItemsetKind::all:
      if (names_) return list(rows, task.tail, 0, task.support, 0);
      return output_.count(double_sets(count(rows, task.tail, 0), task.doubled) - (outer_ ? 0 : 1));
    case ItemsetKind::closed: {
      std::uint64_t closure = task.all;
      for (std::size_t row = 0; row < rows.size(); ++row) closure &= rows.closures[row];
      if ((closure & ~task.tail) != 0 || (hidden_ != nullptr && (*hidden_)(closure))) return;
      return close(rows, task.tail & ~closure, closure, task.support, 0);
    }
    case ItemsetKind::maximal:
      return peak(rows, task.tail, 0, *known, 0);
  }
}

TableRows MaskMiner::table_rows(const MaskRows& rows, std::uint64_t tail) const noexcept {
  return {rows.masks.data(), rows.closures.data(), rows.weights.data(), rows.size(), tail};
}

void MaskMiner::mine_part(const MaskTask& task, std::span<const std::uint32_t> outer, const MaskRows& rows, int first,
                          int second) {
  if (task.support < min_support_) return;
  if (first < 0) begin(task, outer);
  std::uint64_t closure = 0;
  if (kind_ == ItemsetKind::closed) {
    closure = task.all;
    for (std::size_t row = 0; row < rows.size(); ++row) closure &= rows.closures[row];
    if ((closure & ~task.tail) != 0) return;
  }
  const std::uint64_t tail = task.tail & ~closure;
  if (first < 0) {
    if (names_) return add(closure, task.support);
    return output_.count(closure != 0 || outer_ ? 1 : 0);
  }
  if ((tail & bit(first)) == 0) return;
  MaskRows& below = level(0).rows;
  if (first_ != first) {
    if (first_ < 0) begin(task, outer);
    first_ = first;
    first_child_ = select_rows(rows, tail, first, min_support_, below);
    const std::uint64_t kept = first_child_.frequent | (lists() ? first_child_.perfect : 0);
    merge_rows(below, kept, slots_);
  }
  const bool lists_all = lists();
  const std::uint64_t now = closure | bit(first) | (lists_all ? 0 : first_child_.perfect);
  const std::uint64_t next = first_child_.frequent | (lists_all ? first_child_.perfect : 0);
  if (kind_ == ItemsetKind::closed && (first_child_.closure & all_ & ~now) != 0) return;
  const auto doubled = static_cast<std::uint64_t>(kind_ == ItemsetKind::all ? std::popcount(first_child_.perfect) : 0);
  if (second < 0) {
    if (names_) return add(now, first_child_.support);
    return output_.count(double_sets(1, doubled));
  }
  if ((next & bit(second)) == 0 || output_.room_for_more(static_cast<std::size_t>(std::popcount(now))) == 0) return;
  mine_branch(below, next, now, second, 1, doubled);
}

/// The sets that hold the prefix and the item and no higher one of the tail.
void MaskMiner::mine_branch(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, int item, std::size_t depth,
                            std::uint64_t doubled) {
  MaskRows& below = level(depth).rows;
  const MaskChild child = select_rows(rows, tail, item, min_support_, below);
  const std::uint64_t next = child.frequent | (lists() ? child.perfect : 0);
  if (std::popcount(next) > table_items_) merge_rows(below, next, slots_);
  if (lists()) return list(below, next, prefix | bit(item), child.support, depth + 1);
  if (kind_ == ItemsetKind::all) {
    doubled += static_cast<std::uint64_t>(std::popcount(child.perfect));
    return output_.count(double_sets(count(below, next, depth + 1), doubled));
  }
  const std::uint64_t now = prefix | bit(item) | child.perfect;
  if ((child.closure & all_ & ~now) == 0) close(below, next, now, child.support, depth + 1);
}

// ---- all sets ----------------------------------------------------------------------------------------------------

/// How many sets there are, the empty one included. An item in every row doubles them.
std::uint64_t MaskMiner::count(const MaskRows& rows, std::uint64_t tail, std::size_t depth) {
  if (std::popcount(tail) <= table_items_) return count_table(table_rows(rows, tail), min_support_, *table_);
  pause();
  std::uint64_t sets = 1;
  MaskRows& below = level(depth).rows;
  for (std::uint64_t left = tail; left != 0 && !output_.stopped(); left &= left - 1) {
    const MaskChild child = select_rows(rows, tail, std::countr_zero(left), min_support_, below);
    std::uint64_t more = 1;
    if (child.frequent != 0) {
      if (std::popcount(child.frequent) > table_items_) merge_rows(below, child.frequent, slots_);
      more = count(below, child.frequent, depth + 1);
    }
    sets = add_sets(sets, double_sets(more, static_cast<std::uint64_t>(std::popcount(child.perfect))));
  }
  return sets;
}

void MaskMiner::add(std::uint64_t prefix, std::uint32_t support) {
  if (prefix == 0 && !outer_) return;
  output_.add(named(prefix), support);
}

std::uint64_t MaskMiner::named(std::uint64_t bits) const noexcept {
  std::uint64_t names = outer_bits_;
  for (; bits != 0; bits &= bits - 1) names |= bit_of_[std::countr_zero(bits)];
  return names;
}

void MaskMiner::list(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, std::uint32_t support,
                     std::size_t depth) {
  const std::size_t room = output_.room_for_more(static_cast<std::size_t>(std::popcount(prefix)));
  if (tail != 0 && room > 0 && std::popcount(tail) <= table_items_) return list_table(rows, tail, prefix);
  pause();
  add(prefix, support);
  if (room == 0) return;
  MaskRows& below = level(depth).rows;
  for (std::uint64_t left = tail; left != 0 && !output_.stopped(); left &= left - 1) {
    const int at = std::countr_zero(left);
    const MaskChild child = select_rows(rows, tail, at, min_support_, below);
    const std::uint64_t next = child.frequent | child.perfect;
    if (std::popcount(next) > table_items_) merge_rows(below, next, slots_);
    list(below, next, prefix | bit(at), child.support, depth + 1);
  }
}

void MaskMiner::mine_columns(const MaskTask& task, std::span<const std::uint32_t> outer, const MaskRows& rows) {
  if (task.support < min_support_) return;
  begin(task, outer);
  columns_.fill(std::span(rows.masks).first(rows.size()));
  add(0, task.support);
  list_columns(columns_.all(), task.tail, outer_bits_, 0);
}

/// What holds the prefix, which the rows do, and `length` items so far.
void MaskMiner::list_columns(const MaskColumns::Rows& rows, std::uint64_t tail, std::uint64_t names,
                             std::size_t length) {
  if (output_.room_for_more(length) == 0) return;
  pause();
  std::array<std::uint32_t, 64> supports;
  const std::uint64_t frequent = columns_.frequent(rows, tail, min_support_, supports);
  for (std::uint64_t left = frequent; left != 0 && !output_.stopped(); left &= left - 1) {
    const int item = std::countr_zero(left);
    const std::uint64_t own = names | bit_of_[item], next = frequent & (bit(item) - 1);
    output_.add(own, supports[static_cast<std::size_t>(item)]);
    if (next != 0) list_columns(columns_.cut(rows, item), next, own, length + 1);
  }
}

void MaskMiner::list_table(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix) {
  fill_table(table_rows(rows, tail), min_support_, *table_);
  add_chosen(tail, prefix, table_->frequent.data());
}

/// Gives the chosen cells of the table to the output.
void MaskMiner::add_chosen(std::uint64_t tail, std::uint64_t prefix, const std::uint64_t* chosen) {
  std::uint64_t* const members = table_->members.data();
  members[0] = named(prefix);
  std::size_t cells = 1;
  for (; tail != 0; tail &= tail - 1, cells *= 2) {
    const std::uint64_t item = bit_of_[std::countr_zero(tail)];
    for (std::size_t cell = 0; cell < cells; ++cell) members[cells + cell] = members[cell] | item;
  }
  if (outer_ || prefix != 0 || (chosen[0] & 1) == 0)
    return output_.add_table(members, table_->supports.data(), chosen, cells);
  CellBits rest = {};  // the empty set is no result
  std::copy_n(chosen, (cells + 63) / 64, rest.begin());
  rest[0] &= ~std::uint64_t{1};
  output_.add_table(members, table_->supports.data(), rest.data(), cells);
}

// ---- closed sets -------------------------------------------------------------------------------------------------

void MaskMiner::close(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, std::uint32_t support,
                      std::size_t depth) {
  if (tail != 0 && std::popcount(tail) <= table_items_) return close_table(rows, tail, prefix);
  pause();
  if (names_) {
    add(prefix, support);
  } else {
    output_.count(prefix != 0 || outer_ ? 1 : 0);
  }
  if (output_.room_for_more(static_cast<std::size_t>(std::popcount(prefix))) == 0) return;
  MaskRows& below = level(depth).rows;
  for (std::uint64_t left = tail; left != 0 && !output_.stopped(); left &= left - 1) {
    const int at = std::countr_zero(left);
    const MaskChild child = select_rows(rows, tail, at, min_support_, below);
    const std::uint64_t now = prefix | bit(at) | child.perfect;
    if ((child.closure & all_ & ~now) != 0) continue;  // an item that was passed over is in every row
    if (hidden_ != nullptr && (*hidden_)(now)) continue;
    if (std::popcount(child.frequent) > table_items_) merge_rows(below, child.frequent, slots_);
    close(below, child.frequent, now, child.support, depth + 1);
  }
}

void MaskMiner::close_table(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix) {
  fill_table(table_rows(rows, tail), min_support_, *table_);
  std::uint64_t sets = mine::close_table(table_rows(rows, tail), prefix, *table_);
  if (hidden_ != nullptr) sets -= drop_hidden(tail);
  if (names_) return add_chosen(tail, prefix, table_->chosen.data());
  if (prefix == 0 && !outer_) sets -= table_->chosen[0] & 1;
  output_.count(sets);
}

/// Takes the cells out that are not closed after all; returns how many.
std::uint64_t MaskMiner::drop_hidden(std::uint64_t tail) {
  std::uint64_t dropped = 0;
  for (std::size_t word = 0; word * 64 < std::size_t{1} << std::popcount(tail); ++word) {
    for (std::uint64_t left = table_->chosen[word]; left != 0; left &= left - 1) {
      if (!(*hidden_)(table_->members[word * 64 + static_cast<std::size_t>(std::countr_zero(left))])) continue;
      table_->chosen[word] &= ~lowest(left);
      ++dropped;
    }
  }
  return dropped;
}

// ---- maximal sets ------------------------------------------------------------------------------------------------

/// Items go from the least frequent to the most: what could contain a set of later ones was found before.
void MaskMiner::peak(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, std::vector<std::uint64_t>& known,
                     std::size_t depth) {
  if (std::popcount(tail) <= table_items_) return peak_table(rows, tail, prefix, known);
  pause();
  for (std::uint64_t left = tail; left != 0 && !output_.stopped();) {
    const int at = 63 - std::countl_zero(left);
    left &= ~bit(at);
    Level& below = level(depth);
    const MaskChild child = select_rows(rows, tail, at, min_support_, below.rows);
    peak_child(child, prefix | bit(at), known, below, depth);
  }
}

void MaskMiner::mine_peaks_with(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix, int item,
                                std::vector<std::uint64_t>& known) {
  peak_supports_.clear();
  Level& below = level(0);
  const MaskChild child = select_rows(rows, tail, item, min_support_, below.rows);
  peak_child(child, prefix | bit(item), known, below, 0);
  for (const auto& each : levels_) each->known = {};  // of one item there are many more than of the next
}

void MaskMiner::give_peak(std::uint64_t set, std::uint32_t support) {
  if (names_) return add(set, support);
  output_.count(1);
}

void MaskMiner::peak_child(const MaskChild& child, std::uint64_t prefix, std::vector<std::uint64_t>& known,
                           Level& below, std::size_t depth) {
  const std::uint64_t now = prefix | child.perfect;
  const std::uint64_t whole = now | child.frequent;
  below.known.clear();
  for (const std::uint64_t set : known) {
    if ((set & whole) == whole) return;
    if ((set & now) == now) below.known.push_back(set);
  }
  const std::size_t old = below.known.size();
  if (std::popcount(child.frequent) > table_items_) merge_rows(below.rows, child.frequent, slots_);
  peak(below.rows, child.frequent, now, below.known, depth + 1);
  known.insert(known.end(), below.known.begin() + static_cast<std::ptrdiff_t>(old), below.known.end());
}

void MaskMiner::peak_table(const MaskRows& rows, std::uint64_t tail, std::uint64_t prefix,
                           std::vector<std::uint64_t>& known) {
  fill_table(table_rows(rows, tail), min_support_, *table_);
  std::uint64_t sets = mine::peak_table(tail, known.data(), known.size(), *table_);
  if (sets == 0) return;
  if (prefix == 0 && !outer_) sets -= table_->chosen[0] & 1;
  if (names_) {
    add_chosen(tail, prefix, table_->chosen.data());
  } else {
    output_.count(sets);
  }
  std::uint64_t* const members = table_->members.data();
  members[0] = prefix;
  std::size_t cells = 1;
  for (; tail != 0; tail &= tail - 1, cells *= 2) {
    for (std::size_t cell = 0; cell < cells; ++cell) members[cells + cell] = members[cell] | lowest(tail);
  }
  for (std::size_t word = 0; word * 64 < cells; ++word) {
    for (std::uint64_t left = table_->chosen[word]; left != 0; left &= left - 1) {
      const std::size_t cell = word * 64 + static_cast<std::size_t>(std::countr_zero(left));
      known.push_back(members[cell]);
      peak_supports_.push_back(table_->supports[cell]);
    }
  }
}

}  // namespace emptor::mine
