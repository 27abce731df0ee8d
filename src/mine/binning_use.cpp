// A binning put to use: bins and weights of evidence of rows.
#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/binning.hpp"
#include "mine/bin_value.hpp"
#include "mine/row_chunks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse_weight_of(const char* field, std::size_t bin) {
  throw Error(Problem{.code = Code::invalid,
                      .message = "a weight is negative or not finite",
                      .entity = {},
                      .field = field,
                      .row = static_cast<std::int64_t>(bin),
                      .hint = {}});
}

/// Calls work(row, column, bin) for every number.
template <class Work>
void each_bin(const BinningModel& binning, const NumberView& x, const Run& run, Work&& work) {
  check_columns(x, binning.columns.size());
  const LongCall call(run.progress);
  for_chunks(run, "binning", x.rows(), 4'096, [&](std::size_t, std::size_t first, std::size_t count) {
    for (std::size_t c = 0; c < x.columns(); ++c) {
      const ColumnBinning& column = binning.columns[c];
      x.visit(c, [&](const auto& values) {
        for (std::size_t r = first; r < first + count; ++r) work(r, c, column.bin_of(static_cast<double>(values[r])));
      });
    }
  });
}

}  // namespace

std::string_view name_of(BinShape shape) noexcept {
  constexpr std::string_view names[] = {"none", "ascending", "descending", "monotone", "peak", "valley"};
  return names[static_cast<std::size_t>(shape)];
}

std::size_t ColumnBinning::bin_of(double value) const noexcept {
  if (std::isnan(value)) return missing();
  if (!special.empty()) {
    const auto code = std::lower_bound(special.begin(), special.end(), value);
    if (code != special.end() && *code == value) return ordinary() + static_cast<std::size_t>(code - special.begin());
  }
  if (!categorical) return static_cast<std::size_t>(std::upper_bound(cuts.begin(), cuts.end(), value) - cuts.begin());
  const auto category = std::lower_bound(categories.begin(), categories.end(), value);
  if (category == categories.end() || *category != value) return missing();
  return groups[static_cast<std::size_t>(category - categories.begin())];
}

std::vector<double> woe(const BinningModel& binning, const NumberView& x, const Run& run) {
  const std::size_t columns = binning.columns.size();
  std::vector<double> out(x.rows() * columns);
  each_bin(binning, x, run, [&](std::size_t row, std::size_t column, std::size_t bin) {
    out[row * columns + column] = binning.columns[column].bins[bin].woe;
  });
  return out;
}

std::vector<std::uint32_t> bins_of(const BinningModel& binning, const NumberView& x, const Run& run) {
  const std::size_t columns = binning.columns.size();
  std::vector<std::uint32_t> out(x.rows() * columns);
  each_bin(binning, x, run, [&](std::size_t row, std::size_t column, std::size_t bin) {
    out[row * columns + column] = static_cast<std::uint32_t>(bin);
  });
  return out;
}

std::vector<WoeBin> weigh_bins(std::span<const double> events, std::span<const double> others) {
  if (events.size() != others.size()) refuse_input("events and others differ in number", "others");
  double all_events = 0, all_others = 0;
  for (std::size_t b = 0; b < events.size(); ++b) {
    for (const auto& [weights, name] : {std::pair{events, "events"}, std::pair{others, "others"}})
      if (!(weights[b] >= 0 && std::isfinite(weights[b]))) refuse_weight_of(name, b);
    all_events += events[b];
    all_others += others[b];
  }
  if (!(all_events > 0) || !std::isfinite(all_events)) refuse_input("there are no events to share", "events");
  if (!(all_others > 0) || !std::isfinite(all_others)) refuse_input("there are no others to share", "others");
  const BinValue value(all_events, all_others, 0.5, false);
  std::vector<WoeBin> bins;
  for (std::size_t b = 0; b < events.size(); ++b)
    bins.push_back({events[b], others[b], value.woe(others[b], events[b]), value(others[b], events[b])});
  return bins;
}

}  // namespace emptor::mine
