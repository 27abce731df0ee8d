/// Bins by rank: the conventions that sort, each in exact integers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "emptor/insight/rfm.hpp"

namespace emptor {

/// Bins (1 to `bins`, ascending with the value) by R's type-7 quantiles plus `unit`, closed on the left.
/// `cuts` receives the first value of each higher bin.
std::vector<std::uint8_t> quantile_bins(std::span<const std::int64_t> values, int bins, std::int64_t unit,
                                        std::vector<std::int64_t>& cuts);
/// Bins between the ascending `firsts`: the number of them that do not exceed the value, plus 1.
std::vector<std::uint8_t> bins_between(std::span<const std::int64_t> values, std::span<const std::int64_t> firsts);
/// Ranks by order of appearance, cut by pandas' qcut: right-closed, at quantiles of 1 ... n.
std::vector<std::uint8_t> rank_first_bins(std::span<const std::int64_t> values, int bins);
/// SQL's ntile over ascending values: the first n mod bins bins hold one more.
std::vector<std::uint8_t> ntile_bins(std::span<const std::int64_t> values, int bins);
/// SPSS RANK NTILES(bins): int(rank * bins / (n + 1)) + 1, within the rows of `group` (empty: all).
/// `tie_break` orders equal values apart; empty gives them their mean rank.
std::vector<std::uint8_t> spss_bins(std::span<const std::int64_t> values, std::span<const std::uint8_t> group, int bins,
                                    std::span<const std::uint64_t> tie_break);

}  // namespace emptor
