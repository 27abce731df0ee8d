/// Splits: which rows a model learns from and which it is judged on.
///
///     const std::vector<std::uint32_t> folds = stratified_folds(y, {.folds = 10, .seed = 42});
///     const Split split = split_of(folds, 3);   // rows of fold 3 to test, the others to learn
///
/// Chance is f(seed, id): a row keeps its fold whatever order the rows come in. Ids may be empty (0, 1, 2 ...).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mine {

struct FoldOptions {
  std::uint32_t folds = 10;  ///< 2 to the number of rows
  std::uint64_t seed = 0;
  friend bool operator==(const FoldOptions&, const FoldOptions&) noexcept = default;
};

/// Row numbers, ascending.
struct Split {
  std::vector<std::size_t> train, test;
  friend bool operator==(const Split&, const Split&) = default;
};

/// The fold of each row, by chance; sizes differ by at most one. All of these throw Code::invalid for folds out of
/// range, ids that repeat, sizes that differ.
std::vector<std::uint32_t> random_folds(std::size_t rows, const FoldOptions& options = {},
                                        std::span<const std::uint64_t> ids = {});
/// The same within each class (any numbers that are equal): folds differ by at most one in every class and in all.
/// A class may have fewer rows than folds.
std::vector<std::uint32_t> stratified_folds(std::span<const double> y, const FoldOptions& options = {},
                                            std::span<const std::uint64_t> ids = {});
/// Rows of one group share a fold. Groups go, largest first, to the fold with the fewest rows (ties by chance). Throws
/// Code::invalid for fewer groups than folds.
std::vector<std::uint32_t> grouped_folds(std::span<const std::uint64_t> groups, const FoldOptions& options = {});
/// Rows of one group share a fold, and classes are spread as evenly as that allows (greedily, groups with the most
/// uneven classes first).
std::vector<std::uint32_t> stratified_grouped_folds(std::span<const double> y, std::span<const std::uint64_t> groups,
                                                    const FoldOptions& options = {});

/// The rows of one fold to test, those of all others to learn.
Split split_of(std::span<const std::uint32_t> folds, std::uint32_t fold);

struct HoldOutOptions {
  double test = 0.25;  ///< share of rows, > 0 and < 1; rounded to the nearest count of at least 1 on either side
  std::uint64_t seed = 0;
  friend bool operator==(const HoldOutOptions&, const HoldOutOptions&) noexcept = default;
};
/// One split by chance; stratified where y is given.
Split hold_out(std::size_t rows, const HoldOutOptions& options = {}, std::span<const double> y = {},
               std::span<const std::uint64_t> ids = {});

struct TimeSplitOptions {
  std::size_t splits = 5;       ///< tests of equal size at the end, one after the other
  std::size_t test_rows = 0;    ///< of each; 0: rows / (splits + 1)
  std::int64_t gap = 0;         ///< rows less than or just so long before a test's first instant are not learnt from
  std::size_t window_rows = 0;  ///< at most so many of the latest rows are learnt from; 0: all before
  friend bool operator==(const TimeSplitOptions&, const TimeSplitOptions&) noexcept = default;
};
/// Learns from what came before and tests on what follows. Rows of one instant are never on both sides: all of them
/// are tested, and none of a test's first instant is learnt from. Throws Code::invalid where rows do not suffice.
std::vector<Split> time_splits(std::span<const std::int64_t> instants, const TimeSplitOptions& options = {});

}  // namespace emptor::mine
