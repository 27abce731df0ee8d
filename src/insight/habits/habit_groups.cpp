#include <algorithm>
#include <cmath>
#include <limits>

#include "core/elementary.hpp"
#include "emptor/mine/scaling.hpp"
#include "insight/habits/habit_work.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_grouped = 100;  // customers
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// What groups are made of, of the customers with enough occasions.
class GroupColumns {
 public:
  explicit GroupColumns(std::vector<std::size_t> rows) : rows_(std::move(rows)) {}

  /// Left out where most customers have no number, or all have the same.
  void add(std::string_view name, const std::vector<double>& values, bool as_log) {
    if (values.empty()) return;
    PortraitNumbers column{std::string(name), {}};
    std::size_t known = 0;
    bool varies = false;
    double first = nothing;
    for (const std::size_t row : rows_) {
      const double value = values[row];
      column.values.push_back(value);
      if (value != value) continue;
      if (known++ == 0) first = value;
      varies = varies || value != first;
    }
    if (!varies || 2 * known < rows_.size()) return;
    columns_.numbers.push_back(std::move(column));
    as_log_.push_back(as_log);
  }
  void add_shares(const HabitTable& table, std::initializer_list<std::size_t> cells) {
    if (!table.usable()) return;
    for (const std::size_t cell : cells) {
      std::vector<double> shares;
      for (std::size_t row = 0; row * table.cells.size() < table.counts.size(); ++row)
        shares.push_back(mine::shrunk_share(table.prior, cell, table.count(row, cell), table.all(row)));
      add(table.cells[cell], shares, false);
    }
  }
  const PortraitColumns& columns() const { return columns_; }

  /// Standardised, sizes by their logarithms; what is not known is the mean.
  std::vector<double> matrix() const {
    const std::size_t width = columns_.numbers.size();
    std::vector<double> raw(rows_.size() * width), scaled(raw.size());
    for (std::size_t column = 0; column < width; ++column)
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        const double value = columns_.numbers[column].values[i];
        raw[i * width + column] = as_log_[column] ? elementary::log(1 + std::max(value, 0.0)) : value;
      }
    const mine::NumberView view(raw.data(), rows_.size(), width, width, 1);
    apply(mine::fit_scaling(view), view, scaled);
    for (double& one : scaled)
      if (one != one) one = 0;
    return scaled;
  }

 private:
  std::vector<std::size_t> rows_;
  PortraitColumns columns_;
  std::vector<bool> as_log_;
};

GroupColumns columns_of(const HabitTables& tables, const HabitMeasures& measures, std::vector<std::size_t> rows) {
  GroupColumns columns(std::move(rows));
  const auto table = [&](HabitDimension dimension) -> const HabitTable& {
    return tables[static_cast<std::size_t>(dimension)];
  };
  columns.add_shares(table(HabitDimension::day_part), {1, 3});
  columns.add_shares(table(HabitDimension::weekend), {1});
  columns.add_shares(table(HabitDimension::month_part), {0, 2});
  for (std::size_t i = 0; i < habit_measure_count; ++i) {
    const auto measure = static_cast<HabitMeasure>(i);
    if (measure == HabitMeasure::entropy || measure == HabitMeasure::first_share) continue;  // variety says the same
    const bool as_log = measure == HabitMeasure::basket || measure == HabitMeasure::lines ||
                        measure == HabitMeasure::gap || measure == HabitMeasure::categories;
    columns.add(habit_measure_names[i], measures[i], as_log);
  }
  return columns;
}

}  // namespace

HabitGroups group_by_habit(const HabitTables& tables, const HabitMeasures& measures, const HabitRequest& request,
                           const mine::Run& run) {
  HabitGroups groups;
  std::vector<std::size_t> rows;
  const HabitTable& weekdays = tables[static_cast<std::size_t>(HabitDimension::weekday)];
  const std::size_t customers = weekdays.counts.size() / weekdays.cells.size();
  for (std::size_t row = 0; row < customers; ++row)
    if (weekdays.all(row) >= request.least_occasions) rows.push_back(row);
  groups.of.assign(customers, HabitGroups::none);
  if (rows.size() < least_grouped) {
    groups.why = std::to_string(rows.size()) + " customers bought on " + std::to_string(request.least_occasions) +
                 " days or more; " + std::to_string(least_grouped) + " are needed";
    return groups;
  }
  const GroupColumns columns = columns_of(tables, measures, rows);
  const std::size_t width = columns.columns().numbers.size();
  if (width < 2) {
    groups.why = "fewer than two habits differ between customers";
    return groups;
  }
  const std::vector<double> matrix = columns.matrix();
  const mine::TrainingRows points{{matrix.data(), rows.size(), width, width, 1}, {}, {}, {}};
  mine::ChosenKmeansOptions options;
  options.choice.greatest_k = request.most_groups;
  options.choice.fit.restarts = 3;
  groups.model = fit_chosen_kmeans(points, options, run);
  const std::vector<std::uint32_t> labels = predict_kmeans(groups.model.model, points.x, run);
  for (std::size_t i = 0; i < rows.size(); ++i) groups.of[rows[i]] = labels[i];
  for (const PortraitNumbers& column : columns.columns().numbers) groups.fields.push_back(column.name);
  for (std::uint32_t group = 0; group < groups.model.model.k(); ++group) {
    std::vector<std::uint8_t> within;
    for (const std::uint32_t label : labels) within.push_back(label == group);
    groups.portraits.push_back(draw_portrait(columns.columns(), within));
  }
  return groups;
}

}  // namespace emptor
