#include "core/radix_order.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

namespace emptor {
namespace {

constexpr int digit_bits = 11;
constexpr std::size_t digit_values = std::size_t{1} << digit_bits;

/// A value above the smallest, and where it stands.
struct Entry {
  std::uint64_t above;
  std::uint32_t place;
};

std::size_t digit_of(const Entry& entry, int shift) { return entry.above >> shift & (digit_values - 1); }

/// Moves the entries into the order of one digit; nothing moves where all have the same.
void order_by_digit(std::vector<Entry>& entries, std::vector<Entry>& moved, int shift) {
  std::array<std::size_t, digit_values> next{};
  for (const Entry& entry : entries) ++next[digit_of(entry, shift)];
  if (next[digit_of(entries.front(), shift)] == entries.size()) return;
  std::size_t begin = 0;
  for (std::size_t& count : next) begin += std::exchange(count, begin);
  for (const Entry& entry : entries) moved[next[digit_of(entry, shift)]++] = entry;
  entries.swap(moved);
}

}  // namespace

std::vector<std::uint32_t> ascending_order(std::span<const std::int64_t> values) {
  std::vector<std::uint32_t> order(values.size());
  if (values.empty()) return order;
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const auto base = static_cast<std::uint64_t>(*least);
  const int bits = std::bit_width(static_cast<std::uint64_t>(*most) - base);
  std::vector<Entry> entries(values.size()), moved(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    entries[i] = {static_cast<std::uint64_t>(values[i]) - base, static_cast<std::uint32_t>(i)};
  for (int shift = 0; shift < bits; shift += digit_bits) order_by_digit(entries, moved, shift);
  for (std::size_t i = 0; i < values.size(); ++i) order[i] = entries[i].place;
  return order;
}

}  // namespace emptor
