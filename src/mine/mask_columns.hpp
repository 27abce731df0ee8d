/// Baskets that hold few of many items, item by item: of each item, a bit for every basket that holds it (as eclat
/// does, Zaki, TKDE 12, 2000). Where baskets hardly repeat, tables of subsets stay empty, and this finds what is
/// frequent sooner.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mine {

class MaskColumns {
 public:
  static constexpr std::size_t most_rows = 512;
  using Rows = std::array<std::uint64_t, most_rows / 64>;

  /// Takes rows, at most most_rows, as bits of items.
  void fill(std::span<const std::uint64_t> masks);
  /// All rows.
  Rows all() const noexcept;
  /// Those of the rows that hold the item.
  Rows cut(const Rows& rows, int item) const noexcept;
  /// Which items of `tail` are in at least so many of the rows; `supports` receives of each in how many.
  std::uint64_t frequent(const Rows& rows, std::uint64_t tail, std::uint32_t min_support,
                         std::array<std::uint32_t, 64>& supports) const noexcept;

 private:
  std::size_t rows_ = 0, words_ = 0;
  std::vector<std::uint64_t> holders_;  ///< of each item its rows, `words_` numbers
};

}  // namespace emptor::mine
