/// Baskets: what was bought, visited or said together, as lists of item numbers, and the readers of the formats in
/// which the field keeps them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mine {

/// Baskets that somebody else owns: basket b holds items[starts[b]] ... items[starts[b + 1] - 1], in any order. An item
/// that is there twice counts once; an empty basket counts among the baskets.
struct Baskets {
  std::span<const std::uint64_t> starts;  ///< baskets + 1 positions, ascending, the first 0; empty for no basket
  std::span<const std::uint32_t> items;

  std::size_t size() const noexcept { return starts.empty() ? 0 : starts.size() - 1; }
  std::span<const std::uint32_t> operator[](std::size_t basket) const noexcept {
    return items.subspan(starts[basket], starts[basket + 1] - starts[basket]);
  }
};

/// The same, owned.
struct BasketTable {
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> items;

  void add(std::span<const std::uint32_t> basket);
  std::size_t size() const noexcept { return starts.size() - 1; }
  operator Baskets() const noexcept { return {starts, items}; }
  friend bool operator==(const BasketTable&, const BasketTable&) = default;
};

/// Gives all baskets, some at a time and always in the same order, to what it is called with; what it gave need not
/// live longer than that call. It may be called more than once: so a file larger than memory is read once a round.
using BasketSource = std::function<void(const std::function<void(const Baskets&)>&)>;

BasketSource source_of(const Baskets& baskets);  ///< one batch; what `baskets` views must outlive it

/// FIMI's format: a basket a line, item numbers (0 to 4,294,967,295) apart by blanks, tabs or commas; an empty line is
/// an empty basket, the last line needs no end, CR is a blank. Throws Code::invalid with the line (from 1) where
/// something else stands. O(bytes).
BasketTable read_fimi(std::string_view text);
/// The same from a file, of which no more than a block is in memory. Throws Code::not_found or Code::io.
BasketTable read_fimi_file(const std::string& path);
/// Reads the file anew each time it is asked, `batch_items` items or a little more at a time.
BasketSource fimi_source(std::string path, std::size_t batch_items = std::size_t{1} << 20);

}  // namespace emptor::mine
