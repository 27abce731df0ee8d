#include "insight/composition/composition_work.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/long_call.hpp"
#include "emptor/mine/false_discovery.hpp"
#include "insight/composition/sum_ratio.hpp"
#include "insight/insight_runs.hpp"
#include "insight/tables/taken_number.hpp"
#include "mine/distributions.hpp"
#include "mine/mid_ranks.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_for_ratio = 10;  // buyers, for a linearised interval to be near its level
constexpr double level = 0.95;

double units(std::int64_t micros) { return static_cast<double>(micros) / Decimal::micros_per_unit; }
double units(const IntegerSum& micros) { return static_cast<double>(micros.value()) / Decimal::micros_per_unit; }

/// Revenue of all customers, ranked once for every group.
class RankedRevenue {
 public:
  explicit RankedRevenue(const std::vector<std::int64_t>& revenue) {
    std::vector<double> values;
    for (const std::int64_t one : revenue) values.push_back(units(one));
    ranks_ = mine::mid_ranks(values);
    std::sort(values.begin(), values.end());
    for (std::size_t i = 0; i < values.size();) {
      const std::size_t first = i;
      while (i < values.size() && values[i] == values[first]) ++i;
      const auto tied = static_cast<double>(i - first);
      ties_ += tied * tied * tied - tied;
    }
  }
  /// Cliff's delta and its two-sided p-value, normal with the correction for ties (Lehmann 1975, 1.4).
  void contrast(const std::vector<std::size_t>& members, CompositionGroup& group) const {
    const auto n = static_cast<double>(ranks_.size()), in = static_cast<double>(members.size()), out = n - in;
    if (members.empty() || out < 1) return;
    DoubleSum sum;
    for (const std::size_t i : members) sum.add(ranks_[i]);
    const double above = sum.value() - in * (in + 1) / 2;  // pairs in which the group's is larger, ties by half
    group.delta = 2 * above / (in * out) - 1;
    const double variance = in * out / 12 * (n + 1 - ties_ / (n * (n - 1)));
    if (variance > 0) group.p_value = mine::normal_two_sided((above - in * out / 2) / std::sqrt(variance));
  }

 private:
  std::vector<double> ranks_;
  double ties_ = 0;
};

std::optional<mine::RateInterval> growth_of(const CompositionRows& rows, const std::vector<std::size_t>& members,
                                            const CompositionGroup& group) {
  if (!rows.has_before || std::min(group.buyers, group.buyers_before) < least_for_ratio) return std::nullopt;
  if (group.revenue.value() <= 0 || group.before.value() <= 0) return std::nullopt;
  SumRatio ratio(units(group.revenue), units(group.before));
  for (const std::size_t i : members) ratio.add(units(rows.revenue[i]), units(rows.before[i]));
  mine::RateInterval growth = ratio.interval();
  for (double* one : {&growth.value, &growth.lower, &growth.upper}) *one -= 1;
  return growth;
}

/// Of a group in the revenue of all: the others' deviations come to a sum that needs no second pass over them.
std::optional<mine::RateInterval> revenue_share_of(const CompositionRows& rows, const std::vector<std::size_t>& members,
                                                   const CompositionGroup& group, const IntegerSum& all,
                                                   double all_squares) {
  if (group.buyers < least_for_ratio || group.revenue.value() <= 0 || all.value() <= 0) return std::nullopt;
  const double whole = units(all), own = units(group.revenue);
  DoubleSum squares, within;
  for (const std::size_t i : members) {
    const double value = units(rows.revenue[i]), part = value / own - value / whole;
    within.add(part * part);
    squares.add(value * value);
  }
  const double others = std::max(all_squares - squares.value(), 0.0) / (whole * whole);
  return interval_of_log(own / whole, within.value() + others);
}

/// The members of each group of a dimension, those of whom nothing is known last.
std::vector<std::vector<std::size_t>> members_of(const CompositionDimension& dimension) {
  std::vector<std::vector<std::size_t>> members(dimension.groups.size() + 1);
  for (std::size_t i = 0; i < dimension.of.size(); ++i)
    members[std::min<std::size_t>(dimension.of[i], dimension.groups.size())].push_back(i);
  return members;
}

void sum_up(const CompositionRows& rows, const std::vector<std::size_t>& members, CompositionGroup& group) {
  for (const std::size_t i : members) {
    ++group.customers;
    group.buyers += rows.orders[i] != 0 ? 1 : 0;
    group.buyers_before += rows.orders_before[i] != 0 ? 1 : 0;
    group.orders += rows.orders[i];
    group.orders_before += rows.orders_before[i];
    group.revenue.add(rows.revenue[i]);
    group.before.add(rows.before[i]);
    if (!rows.margin.empty()) group.margin.add(rows.margin[i]);
    group.last_day = std::max(group.last_day, rows.last_day[i]);
  }
}

struct Cell {
  CompositionGroup group;
  std::vector<std::size_t> members;
};

/// Whether single customers could be told from what is said of a group.
bool is_small(const CompositionGroup& group, std::size_t least) {
  const auto few = [&](std::size_t count) { return count != 0 && count < least; };
  return group.customers < least || few(group.buyers) || few(group.buyers_before);
}

/// What is told together.
class MergedCells {
 public:
  MergedCells(const CompositionRows& rows, std::size_t least) : rows_(rows), least_(least) {}

  void add(const Cell& cell) {
    merged_.members.insert(merged_.members.end(), cell.members.begin(), cell.members.end());
    CompositionGroup& group = merged_.group;
    ++group.merged;
    sum_up(rows_, cell.members, group);
  }
  bool is_small_with(const Cell* other = nullptr) const {
    CompositionGroup group = merged_.group;
    if (other != nullptr) sum_up(rows_, other->members, group);
    return is_small(group, least_);
  }
  Cell take() {
    std::sort(merged_.members.begin(), merged_.members.end());
    return std::move(merged_);
  }

 private:
  const CompositionRows& rows_;
  std::size_t least_;
  Cell merged_{{.name = {}, .revenue = {}, .before = {}, .margin = {}, .share = {}}, {}};
};

/// Small groups become one; while that is small itself, another joins it, since it could be told from the totals
/// otherwise: the smallest that is enough, else the smallest.
std::vector<Cell> suppressed(const CompositionRows& rows, std::vector<Cell> cells, const CompositionRequest& request) {
  std::stable_sort(cells.begin(), cells.end(),
                   [](const Cell& a, const Cell& b) { return a.group.customers > b.group.customers; });
  const auto small = std::stable_partition(cells.begin(), cells.end(),
                                           [&](const Cell& cell) { return !is_small(cell.group, request.least_cell); });
  const auto told = static_cast<std::size_t>(small - cells.begin());
  const auto end = cells.begin() + static_cast<std::ptrdiff_t>(std::min(told, request.most_groups));
  if (end == cells.end()) return cells;
  MergedCells merged(rows, request.least_cell);
  std::for_each(end, cells.end(), [&](const Cell& cell) { merged.add(cell); });
  cells.erase(end, cells.end());
  while (merged.is_small_with() && !cells.empty()) {
    const auto enough =
        std::find_if(cells.rbegin(), cells.rend(), [&](const Cell& cell) { return !merged.is_small_with(&cell); });
    const auto joins = (enough == cells.rend() ? cells.rbegin() : enough).base() - 1;
    merged.add(*joins);
    cells.erase(joins);
  }
  if (!merged.is_small_with()) cells.push_back(merged.take());
  return cells;
}

double herfindahl_of(const std::vector<Cell>& cells) {
  double all = 0, squares = 0;
  for (const Cell& cell : cells) {
    const double value = std::max(units(cell.group.revenue), 0.0);
    all += value;
    squares += value * value;
  }
  return all > 0 ? squares / (all * all) : 0;
}

class Composer {
 public:
  Composer(const CompositionRows& rows, const CompositionRequest& request)
      : rows_(rows), request_(request), ranked_(rows.revenue) {
    std::iota(all_.begin(), all_.end(), std::size_t{0});
    sum_up(rows_, all_, total_);
    DoubleSum squares;
    for (const std::int64_t one : rows.revenue) squares.add(units(one) * units(one));
    squares_ = squares.value();
  }

  CompositionPart part_of(const CompositionDimension& dimension) const {
    std::vector<Cell> cells;
    std::vector<std::vector<std::size_t>> members = members_of(dimension);
    for (std::size_t g = 0; g < members.size(); ++g) {
      if (members[g].empty()) continue;
      const bool unknown = g == dimension.groups.size();
      Cell cell{{.name = unknown ? std::string() : dimension.groups[g],
                 .unknown = unknown,
                 .revenue = {},
                 .before = {},
                 .margin = {},
                 .share = {}},
                std::move(members[g])};
      sum_up(rows_, cell.members, cell.group);
      cells.push_back(std::move(cell));
    }
    CompositionPart part{.name = dimension.name, .place = dimension.place, .groups = {}, .white_spots = {}};
    part.herfindahl = herfindahl_of(cells);
    for (Cell& cell : suppressed(rows_, std::move(cells), request_)) {
      judge(cell);
      const CompositionGroup& group = cell.group;
      if (part.place && group.buyers == 0 && !group.unknown && group.merged == 0)
        part.white_spots.push_back(part.groups.size());
      part.groups.push_back(std::move(cell.group));
    }
    return part;
  }
  const CompositionGroup& total() const noexcept { return total_; }
  std::optional<mine::RateInterval> growth() const { return growth_of(rows_, all_, total_); }

 private:
  void judge(Cell& cell) const {
    CompositionGroup& group = cell.group;
    group.share = mine::share_interval(static_cast<double>(group.customers), static_cast<double>(rows_.size()), level);
    group.growth = growth_of(rows_, cell.members, group);
    group.revenue_share = revenue_share_of(rows_, cell.members, group, total_.revenue, squares_);
    if (group.merged == 0) ranked_.contrast(cell.members, group);
  }

  const CompositionRows& rows_;
  const CompositionRequest& request_;
  RankedRevenue ranked_;
  std::vector<std::size_t> all_ = std::vector<std::size_t>(rows_.size());
  CompositionGroup total_{.name = {}, .revenue = {}, .before = {}, .margin = {}, .share = {}};
  double squares_ = 0;
};

/// All groups of all dimensions are one family of tests; those of several groups together are none.
void adjust(CompositionOutcome& out) {
  std::vector<double> p_values;
  std::vector<CompositionGroup*> tested;
  for (CompositionPart& part : out.parts)
    for (CompositionGroup& group : part.groups) {
      if (group.merged != 0 || group.customers == out.customers) continue;
      tested.push_back(&group);
      p_values.push_back(group.p_value);
    }
  const std::vector<double> adjusted = mine::false_discovery(p_values);
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i]->adjusted = adjusted[i];
  out.tests = tested.size();
}

}  // namespace

CompositionRequest composition_request(const boost::json::object& options, const std::optional<Date>& until) {
  CompositionRequest request{.by = {}, .until = until, .language = language_option(options)};
  take_number(options, "window_days", request.window_days);
  take_number(options, "least_cell", request.least_cell);
  take_number(options, "most_groups", request.most_groups);
  take_number(options, "postal_characters", request.postal_characters);
  take_number(options, "false_findings", request.false_findings);
  if (const boost::json::value* by = options.if_contains("by"))
    for (const boost::json::value& name : by->as_array()) request.by.emplace_back(name.as_string());
  return request;
}

CompositionOutcome compose(const CompositionRows& rows, const CompositionRequest& request) {
  CompositionOutcome out;
  out.customers = rows.size();
  out.until = request.until;
  if (!out.until || rows.size() < request.least_cell) {
    out.verdict = "insufficient: " + std::to_string(rows.size()) + " customers" +
                  (out.until ? ", " + std::to_string(request.least_cell) + " are needed" : " and no orders");
    return out;
  }
  const Composer composer(rows, request);
  const CompositionGroup& total = composer.total();
  out.buyers = total.buyers;
  out.orders = total.orders;
  out.revenue = total.revenue;
  out.before = total.before;
  out.margin = total.margin;
  out.by_margin = !rows.margin.empty();
  out.has_before = rows.has_before;
  out.growth = composer.growth();
  out.concentration = concentration_of(rows.revenue);
  for (std::size_t d = 0; d < rows.dimensions.size(); ++d) {
    beat("composition", d, rows.dimensions.size());
    out.parts.push_back(composer.part_of(rows.dimensions[d]));
  }
  adjust(out);
  out.verdict = out.parts.empty() ? "insufficient: nothing is known of customers to tell them apart by" : "sufficient";
  return out;
}

}  // namespace emptor
