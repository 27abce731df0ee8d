#include "insight/rfm/rank_bins.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/radix_order.hpp"
#include "emptor/core/wide.hpp"

namespace emptor {
namespace {

std::int64_t ceil_div(Wide a, Wide b) {
  const Wide quotient = a / b + ((a % b != 0) && ((a < 0) == (b < 0)));
  return static_cast<std::int64_t>(std::min<Wide>(quotient, std::numeric_limits<std::int64_t>::max()));
}

/// The smallest integer that is not below the type-7 quantile i/bins plus unit. `begin` is where the
/// search may start: all before it is known to be smaller.
std::int64_t quantile_cut(std::vector<std::int64_t>& sorted, std::size_t& begin, int i, int bins, std::int64_t unit) {
  const std::size_t position = (sorted.size() - 1) * static_cast<std::size_t>(i);
  const std::size_t low = position / bins;
  const Wide rest = position % bins;
  std::nth_element(sorted.begin() + begin, sorted.begin() + low, sorted.end());
  begin = low;
  Wide numerator = Wide{sorted[low]} * bins;
  if (rest != 0) numerator += rest * (Wide{*std::min_element(sorted.begin() + low + 1, sorted.end())} - sorted[low]);
  return ceil_div(numerator + Wide{unit} * bins, bins);
}

/// Sorted rows of one group, ranked and binned as SPSS does.
void spss_group(std::span<const std::int64_t> values, std::span<const std::uint32_t> order, int bins, bool together,
                std::vector<std::uint8_t>& out) {
  const std::uint64_t n = order.size();
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin + 1;
    while (together && end < n && values[order[end]] == values[order[begin]]) ++end;
    const std::uint64_t twice_rank = begin + 1 + end;
    const auto bin = static_cast<std::uint8_t>(twice_rank * bins / (2 * (n + 1)) + 1);
    for (; begin < end; ++begin) out[order[begin]] = bin;
  }
}

}  // namespace

std::vector<std::uint8_t> bins_between(std::span<const std::int64_t> values, std::span<const std::int64_t> firsts) {
  std::vector<std::uint8_t> bins(values.size(), 1);
  for (const std::int64_t first : firsts) {
    for (std::size_t i = 0; i < values.size(); ++i) bins[i] += values[i] >= first;
  }
  return bins;
}

std::vector<std::uint8_t> quantile_bins(std::span<const std::int64_t> values, int bins, std::int64_t unit,
                                        std::vector<std::int64_t>& cuts) {
  cuts.clear();
  if (values.empty()) return {};
  std::vector<std::int64_t> sorted(values.begin(), values.end());
  std::size_t begin = 0;
  for (int i = 1; i < bins; ++i) cuts.push_back(quantile_cut(sorted, begin, i, bins, unit));
  return bins_between(values, cuts);
}

std::vector<std::uint8_t> rank_first_bins(std::span<const std::int64_t> values, int bins) {
  std::vector<std::uint8_t> out(values.size(), 1);
  const std::vector<std::uint32_t> order = ascending_order(values);
  const std::uint64_t spans = values.size() > 1 ? values.size() - 1 : 1;
  for (std::uint64_t rank = 1; rank < order.size(); ++rank) {
    out[order[rank]] = static_cast<std::uint8_t>((rank * bins + spans - 1) / spans);
  }
  return out;
}

std::vector<std::uint8_t> ntile_bins(std::span<const std::int64_t> values, int bins) {
  std::vector<std::uint8_t> out(values.size());
  const std::vector<std::uint32_t> order = ascending_order(values);
  const std::size_t size = values.size() / bins, larger = values.size() % bins;
  std::size_t next = 0;
  for (int bin = 1; bin <= bins; ++bin) {
    const std::size_t end = next + size + (static_cast<std::size_t>(bin) <= larger ? 1 : 0);
    for (; next < end; ++next) out[order[next]] = static_cast<std::uint8_t>(bin);
  }
  return out;
}

std::vector<std::uint8_t> spss_bins(std::span<const std::int64_t> values, std::span<const std::uint8_t> group, int bins,
                                    std::span<const std::uint64_t> tie_break) {
  std::vector<std::uint8_t> out(values.size());
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto group_of = [&](std::uint32_t row) { return group.empty() ? std::uint8_t{0} : group[row]; };
  const auto tie = [&](std::uint32_t row) { return tie_break.empty() ? std::uint64_t{row} : tie_break[row]; };
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (group_of(a) != group_of(b)) return group_of(a) < group_of(b);
    if (values[a] != values[b]) return values[a] < values[b];
    return tie(a) != tie(b) ? tie(a) < tie(b) : a < b;
  });
  const std::span<const std::uint32_t> all(order);
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin + 1;
    while (end < all.size() && group_of(all[end]) == group_of(all[begin])) ++end;
    spss_group(values, all.subspan(begin, end - begin), bins, tie_break.empty(), out);
    begin = end;
  }
  return out;
}

}  // namespace emptor
