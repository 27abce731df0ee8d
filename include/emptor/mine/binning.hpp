/// Binning: columns cut into few bins that tell two classes apart best, with the weight of evidence of each bin.
///
///     const BinningModel binning = fit_binning(rows, {.shape = BinShape::monotone, .least_share = 0.05});
///     const std::vector<double> weights = woe(binning, rows.x);   // rows x columns
///
/// y is 1 for events (bad), 0 for others (good). The weight of evidence of a bin is log(its share of the others / its
/// share of the events); the information value of a column is the sum over bins of (share of others - share of events)
/// x weight of evidence. It is made as large as the conditions allow: exactly over all distinct values wherever there
/// are at most `exact_values` of them, or the bounds leave no more; else `gap` says how much more there might be.
/// Source: Siddiqi, Credit Risk Scorecards (2006), 6; Kullback, Information Theory and Statistics (1959), 1.3 (the
/// divergence J); groups of categories: Fisher, JASA 53 (1958). docs/binning.md has the search and its bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// How the share of events goes from bin to bin, as the numbers rise.
enum class BinShape : std::uint8_t {
  none,        ///< as it likes
  ascending,   ///< up
  descending,  ///< down
  monotone,    ///< up or down, whichever has the greater information value
  peak,        ///< up, then down; either part may be missing
  valley,      ///< down, then up; either part may be missing
};

/// "none", "ascending" ...
std::string_view name_of(BinShape shape) noexcept;

struct BinningOptions {
  BinShape shape = BinShape::monotone;        ///< of columns that are not categorical
  double least_share = 0.05;                  ///< of all weight, in each bin (0 to 0.5)
  double least_events = 1;                    ///< weight of events, and of others, in each bin; 0: bins may be pure
  std::size_t most_bins = 0;                  ///< of a column, without special and missing; 0: no limit
  std::size_t exact_values = 2'000;           ///< places to cut at that are searched one by one (from 2)
  std::size_t pre_bins = 1'000;               ///< bins of equal weight that are searched where there are more (from 2)
  std::vector<double> special = {};           ///< codes that are no quantity, each a bin of its own
  std::vector<std::size_t> categorical = {};  ///< columns whose numbers are names
  std::vector<std::string> features = {};     ///< names of the columns, for errors; may be empty

  friend bool operator==(const BinningOptions&, const BinningOptions&) = default;
};

struct WoeBin {
  double events = 0, others = 0;  ///< weight of either class
  double woe = 0;                 ///< 0 where nothing was met
  double value = 0;               ///< what it adds to the information value

  double rate() const noexcept { return events + others > 0 ? events / (events + others) : 0; }
  friend bool operator==(const WoeBin&, const WoeBin&) noexcept = default;
};

/// How one column is cut. Bin b holds cuts[b - 1] <= x < cuts[b]. A bin without a class counts half a row (of weight
/// 1) of it; only special and missing ones can be so, and any with least_events 0.
struct ColumnBinning {
  bool categorical = false;
  BinShape shape = BinShape::none;    ///< that was found: of monotone the direction
  std::vector<double> cuts;           ///< ascending; empty of categories
  std::vector<double> categories;     ///< ascending; empty of quantities
  std::vector<std::uint32_t> groups;  ///< the bin of each category; bins rise in their share of events
  std::vector<double> special;        ///< codes, ascending
  std::vector<WoeBin> bins;           ///< of cuts or groups, then one a special code, then the missing
  double information_value = 0;
  double gap = 0;            ///< the optimum is at most so much greater; 0: it is the optimum
  std::size_t distinct = 0;  ///< values, without special codes and missing ones

  std::size_t ordinary() const noexcept { return bins.size() - special.size() - 1; }
  std::size_t missing() const noexcept { return bins.size() - 1; }
  /// NaN, and categories that were not met, are missing.
  std::size_t bin_of(double value) const noexcept;
  friend bool operator==(const ColumnBinning&, const ColumnBinning&) = default;
};

struct BinningModel {
  BinningOptions options;
  std::string data_version;  ///< of what it was fitted on; the caller's to set
  std::vector<ColumnBinning> columns;

  friend bool operator==(const BinningModel&, const BinningModel&) = default;
};

/// NaN is missing. Columns are cut side by side on the run's threads. Throws Code::invalid for infinities and y other
/// than 0 and 1 (field, row), where a class has no weight, and for options out of range. O(rows log rows) a column,
/// and the search: O(values^2) at worst, mostly far less.
BinningModel fit_binning(const TrainingRows& rows, const BinningOptions& options = {}, const Run& run = {});

/// Weights of evidence, rows x columns, row by row. Throws Code::invalid for another number of columns.
std::vector<double> woe(const BinningModel& binning, const NumberView& x, const Run& run = {});
/// Number of the bin, rows x columns, row by row.
std::vector<std::uint32_t> bins_of(const BinningModel& binning, const NumberView& x, const Run& run = {});

/// The weight of evidence and information value of bins that somebody else made, from their weights of events and
/// others. Throws Code::invalid where sizes differ, for negative and infinite numbers, and where a class is missing.
std::vector<WoeBin> weigh_bins(std::span<const double> events, std::span<const double> others);

std::string save(const BinningModel& binning);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
BinningModel load_binning(std::string_view bytes);

}  // namespace emptor::mine
