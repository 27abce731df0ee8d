#include "emptor/mine/binning.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/bin_column.hpp"
#include "mine/fixed_point.hpp"
#include "mine/row_chunks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::string message, std::string field, std::optional<std::int64_t> row, std::string hint) {
  throw Error(Problem{.code = Code::invalid,
                      .message = std::move(message),
                      .entity = {},
                      .field = std::move(field),
                      .row = row,
                      .hint = std::move(hint)});
}

std::string name_of_column(const BinningOptions& options, std::size_t column) {
  return column < options.features.size() ? options.features[column] : "column " + std::to_string(column);
}

void check_options(const BinningOptions& options, std::size_t columns) {
  if (!(options.least_share >= 0 && options.least_share <= 0.5))
    refuse("the least share lies between 0 and 0.5", "least_share", {}, {});
  if (!(options.least_events >= 0 && std::isfinite(options.least_events)))
    refuse("the least weight of events is negative or not finite", "least_events", {}, {});
  if (options.exact_values < 2) refuse("at least two values are searched", "exact_values", {}, {});
  if (options.pre_bins < 2) refuse("at least two bins are searched", "pre_bins", {}, {});
  constexpr std::size_t most = 20'000;
  if (options.exact_values > most || options.pre_bins > most)
    refuse("a search of more than 20,000 places would not end", options.pre_bins > most ? "pre_bins" : "exact_values",
           {}, {});
  if (!options.features.empty() && options.features.size() != columns)
    refuse("names and columns differ in number", "features", {}, {});
  for (const std::size_t column : options.categorical)
    if (column >= columns) refuse("there is no column of this number", "categorical", {}, {});
  for (const double code : options.special)
    if (!std::isfinite(code)) refuse("a special code is not finite", "special", {}, "missing values are NaN");
}

/// The rows' classes and weights as whole numbers, whose sums are exact.
struct ClassRows {
  std::vector<std::uint8_t> event;
  std::vector<double> units;  ///< empty: 1 each
  double factor = 1;          ///< units of weight 1
  double events = 0, others = 0;

  double unit(std::size_t row) const noexcept { return units.empty() ? 1 : units[row]; }
};

ClassRows class_rows(const TrainingRows& rows) {
  const std::size_t count = rows.x.rows();
  ClassRows out;
  out.event.resize(count);
  double most = 0;
  for (std::size_t r = 0; r < count; ++r) {
    out.event[r] = static_cast<std::uint8_t>(checked_class(rows.y[r], 2, r));
    most = std::max(most, checked_weight(rows, r));
  }
  if (!rows.weights.empty()) {
    const FixedScale scale = FixedScale::of(most, count, 53);
    out.factor = scale.factor();
    out.units.resize(count);
    for (std::size_t r = 0; r < count; ++r) out.units[r] = static_cast<double>(scale.round(rows.weights[r]));
  }
  for (std::size_t r = 0; r < count; ++r) (out.event[r] ? out.events : out.others) += out.unit(r);
  if (!(out.events > 0) || !(out.others > 0))
    refuse("a class has no row with a weight above 0", "y", {}, "give events (1) and others (0)");
  return out;
}

struct Weighted {
  double value = 0, units = 0;
};

/// A column apart: its quantities or names by class, and what the special codes and missing values hold.
struct ColumnRows {
  std::vector<Weighted> events, others;
  std::vector<WoeBin> apart;  ///< one a special code, then the missing; in units
};

ColumnRows split_column(const TrainingRows& rows, std::size_t column, const ClassRows& classes,
                        const std::vector<double>& special, const BinningOptions& options) {
  ColumnRows out;
  out.apart.resize(special.size() + 1);
  rows.x.visit(column, [&](const auto& values) {
    for (std::size_t r = 0; r < rows.x.rows(); ++r) {
      const double value = static_cast<double>(values[r]) + 0.0;  // -0 and 0 are one value
      if (std::isinf(value))
        refuse("an infinite number in " + name_of_column(options, column), "x", static_cast<std::int64_t>(r),
               "give NaN where it is missing");
      const double units = classes.unit(r);
      if (!(units > 0)) continue;
      const auto code = std::lower_bound(special.begin(), special.end(), value);
      if (std::isnan(value) || (code != special.end() && *code == value)) {
        WoeBin& bin =
            std::isnan(value) ? out.apart.back() : out.apart[static_cast<std::size_t>(code - special.begin())];
        (classes.event[r] ? bin.events : bin.others) += units;
      } else {
        (classes.event[r] ? out.events : out.others).push_back({value, units});
      }
    }
  });
  const auto less = [](const Weighted& a, const Weighted& b) { return a.value < b.value; };
  std::sort(out.events.begin(), out.events.end(), less);
  std::sort(out.others.begin(), out.others.end(), less);
  return out;
}

/// Distinct values, ascending, with the weight of each class.
struct Atom {
  double value = 0, events = 0, others = 0;
  double rate() const noexcept { return events / (events + others); }
};

std::vector<Atom> atoms_of(const ColumnRows& rows) {
  std::vector<Atom> atoms;
  auto e = rows.events.begin();
  auto o = rows.others.begin();
  while (e != rows.events.end() || o != rows.others.end()) {
    const bool from_events = o == rows.others.end() || (e != rows.events.end() && e->value <= o->value);
    Atom atom{from_events ? e->value : o->value};
    for (; e != rows.events.end() && e->value == atom.value; ++e) atom.events += e->units;
    for (; o != rows.others.end() && o->value == atom.value; ++o) atom.others += o->units;
    atoms.push_back(atom);
  }
  return atoms;
}

BinEdges edges_of(const std::vector<Atom>& atoms) {
  BinEdges edges{{0}, {0}};
  edges.events.reserve(atoms.size() + 1);
  edges.others.reserve(atoms.size() + 1);
  for (const Atom& atom : atoms) {
    edges.events.push_back(edges.events.back() + atom.events);
    edges.others.push_back(edges.others.back() + atom.others);
  }
  return edges;
}

/// Bins between the chain's edges; neighbours with the same share are one bin, which is worth as much.
std::vector<std::uint32_t> merge_equal(const BinEdges& edges, std::vector<std::uint32_t> cuts) {
  std::vector<std::uint32_t> kept{0};
  cuts.push_back(static_cast<std::uint32_t>(edges.last()));
  const auto rate = [&](std::uint32_t from, std::uint32_t to) {
    return (edges.events[to] - edges.events[from]) / (edges.weight(to) - edges.weight(from));
  };
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    if (i + 1 < cuts.size() && rate(kept.back(), cuts[i]) == rate(cuts[i], cuts[i + 1])) continue;
    kept.push_back(cuts[i]);
  }
  return kept;
}

void add_bin(ColumnBinning& column, double events, double others, const BinValue& value, double factor) {
  column.bins.push_back({events / factor, others / factor, value.woe(others, events), value(others, events)});
}

struct FitContext {
  const TrainingRows& rows;
  const BinningOptions& options;
  ClassRows classes;
  std::vector<double> special;
  BinValue value, exchanged;
};

ColumnBinning fit_column(const FitContext& context, std::size_t number) {
  const ClassRows& classes = context.classes;
  const auto& named = context.options.categorical;
  ColumnBinning column;
  column.categorical = std::find(named.begin(), named.end(), number) != named.end();
  column.special = context.special;
  const ColumnRows rows = split_column(context.rows, number, classes, context.special, context.options);
  std::vector<Atom> atoms = atoms_of(rows);
  column.distinct = atoms.size();
  const auto by_rate = [](const Atom& a, const Atom& b) { return a.rate() < b.rate(); };
  if (column.categorical) std::stable_sort(atoms.begin(), atoms.end(), by_rate);
  const BinEdges edges = edges_of(atoms);
  const BinLimits limits{.weight = context.options.least_share * (classes.events + classes.others),
                         .events = context.options.least_events * classes.factor};
  ColumnCut cut;
  const BinShape shape = column.categorical ? BinShape::ascending : context.options.shape;
  if (atoms.size() > 1 && may_be_bin(edges, limits, 0, edges.last()))
    cut = cut_column(edges, {context.value, context.exchanged}, limits, shape, context.options);
  column.shape = column.categorical ? BinShape::none : cut.shape;
  column.gap = cut.gap;
  const std::vector<std::uint32_t> ends =
      atoms.empty() ? std::vector<std::uint32_t>{0, 0} : merge_equal(edges, cut.chain.edges);
  for (std::size_t b = 0; b + 1 < ends.size(); ++b) {
    add_bin(column, edges.events[ends[b + 1]] - edges.events[ends[b]],
            edges.others[ends[b + 1]] - edges.others[ends[b]], context.value, classes.factor);
    if (b > 0 && !column.categorical) column.cuts.push_back(atoms[ends[b]].value);
  }
  if (column.categorical) {
    std::vector<std::pair<double, std::uint32_t>> groups;
    for (std::size_t b = 0; b + 1 < ends.size(); ++b)
      for (std::uint32_t i = ends[b]; i < ends[b + 1]; ++i) groups.emplace_back(atoms[i].value, b);
    std::sort(groups.begin(), groups.end());
    for (const auto& [category, group] : groups) {
      column.categories.push_back(category);
      column.groups.push_back(group);
    }
  }
  for (const WoeBin& apart : rows.apart) add_bin(column, apart.events, apart.others, context.value, classes.factor);
  for (const WoeBin& bin : column.bins) column.information_value += bin.value;
  return column;
}

}  // namespace

BinningModel fit_binning(const TrainingRows& rows, const BinningOptions& options, const Run& run) {
  const LongCall call(run.progress);
  check_training_rows(rows);
  check_options(options, rows.x.columns());
  ClassRows classes = class_rows(rows);
  std::vector<double> special = options.special;
  for (double& code : special) code += 0.0;
  std::sort(special.begin(), special.end());
  special.erase(std::unique(special.begin(), special.end()), special.end());
  const bool whole = classes.units.empty();
  const double half = classes.factor / 2;
  const BinValue value(classes.events, classes.others, half, whole),
      exchanged(classes.others, classes.events, half, whole);
  const FitContext context{rows, options, std::move(classes), std::move(special), value, exchanged};
  BinningModel binning{options, {}, std::vector<ColumnBinning>(rows.x.columns())};
  for_chunks(run, "binning", rows.x.columns(), 1, [&](std::size_t, std::size_t column, std::size_t) {
    binning.columns[column] = fit_column(context, column);
  });
  return binning;
}

}  // namespace emptor::mine
