#include "insight/satisfaction/satisfaction_drivers.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "emptor/mine/correlation.hpp"
#include "emptor/mine/false_discovery.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_side = 5;  // answers above and below a split

/// Of the customers with a measure: it, and their answers.
struct Pairs {
  std::vector<double> measure, level, score;
};

Pairs pairs_of(const Opinions& opinions, std::span<const std::size_t> rows, const std::vector<double>& values) {
  Pairs pairs;
  for (const std::size_t row : rows) {
    if (std::isnan(values[row])) continue;
    pairs.measure.push_back(values[row]);
    pairs.level.push_back(opinions.rows[row].level());
    pairs.score.push_back(opinions.rows[row].score);
  }
  return pairs;
}

/// The median, so that counts that are mostly 0 are split into some and none.
double split_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (*middle < *std::max_element(values.begin(), values.end())) return *middle;
  double below = *std::min_element(values.begin(), values.end());  // the greatest is frequent: what is less than it
  for (const double value : values)
    if (value < *middle) below = std::max(below, value);
  return below;
}

bool contrast_at(const Pairs& pairs, double level, SatisfactionDriver& driver) {
  driver.split = split_of(pairs.measure);
  std::vector<double> above, others;
  for (std::size_t i = 0; i < pairs.measure.size(); ++i)
    (pairs.measure[i] > driver.split ? above : others).push_back(pairs.score[i]);
  if (above.size() < least_side || others.size() < least_side) return false;
  driver.contrast = mine::contrast_numbers(above, others, level);
  return true;
}

bool look_at(const Pairs& pairs, const DriverOptions& options, SatisfactionDriver& driver) {
  driver.rows = pairs.measure.size();
  if (driver.rows < options.least_rows) return false;
  std::vector<double> table(pairs.measure);
  table.insert(table.end(), pairs.level.begin(), pairs.level.end());
  const mine::Correlations found =
      mine::correlate({table.data(), driver.rows, 2, 1, driver.rows}, {.method = mine::CorrelationMethod::spearman});
  const double rho = found.coefficient(0, 1);
  if (std::isnan(rho)) return false;
  const mine::CorrelationInterval range =
      mine::correlation_interval(mine::CorrelationMethod::spearman, rho, driver.rows, options.level);
  driver.correlation = {rho, range.lower, range.upper};
  driver.p_value = found.p_value(0, 1);
  return contrast_at(pairs, options.level, driver);
}

template <class Finding, class PValue>
void adjust(std::vector<Finding>& findings, const PValue& p_value) {
  std::vector<double> p_values;
  for (const Finding& one : findings) p_values.push_back(p_value(one));
  const std::vector<double> adjusted = mine::false_discovery(p_values);
  for (std::size_t i = 0; i < findings.size(); ++i) findings[i].adjusted = adjusted[i];
}

using Sign = std::pair<TouchKind, std::uint32_t>;

/// Opinions themselves are what is to be told apart, and a discount is a measure.
bool is_sign(TouchKind kind) {
  return kind != TouchKind::answer && kind != TouchKind::dissatisfied && kind != TouchKind::discount;
}

}  // namespace

std::vector<SatisfactionDriver> find_drivers(const Opinions& opinions, std::span<const std::size_t> rows,
                                             const DriverOptions& options) {
  std::vector<SatisfactionDriver> drivers;
  for (const PortraitNumbers& column : opinions.before) {
    SatisfactionDriver driver{.name = column.name};
    if (look_at(pairs_of(opinions, rows, column.values), options, driver)) drivers.push_back(std::move(driver));
  }
  adjust(drivers, [](const SatisfactionDriver& one) { return one.p_value; });
  std::stable_sort(drivers.begin(), drivers.end(), [&](const SatisfactionDriver& a, const SatisfactionDriver& b) {
    const bool holds_a = a.adjusted <= options.false_findings, holds_b = b.adjusted <= options.false_findings;
    if (holds_a != holds_b) return holds_a;
    return std::abs(a.correlation.value) > std::abs(b.correlation.value);
  });
  return drivers;
}

std::vector<DissatisfactionSign> find_signs(const Opinions& opinions, std::span<const std::size_t> rows,
                                            const CustomerTouches& touches, const DriverOptions& options) {
  std::map<Sign, std::array<std::size_t, 2>> counts;  // of the others, of those dissatisfied
  std::array<std::size_t, 2> all{};
  for (const std::size_t row : rows) {
    const Opinion& one = opinions.rows[row];
    const bool dissatisfied = one.mood() == Mood::dissatisfied;
    ++all[dissatisfied];
    std::set<Sign> signs;
    for (const Touch& touch : CustomerTouches::until(touches.of(one.customer), one.day - 1))
      if (one.day - touch.day <= options.window_days && is_sign(touch.kind)) signs.insert({touch.kind, touch.topic});
    for (const Sign& sign : signs) ++counts[sign][dissatisfied];
  }
  std::vector<DissatisfactionSign> found;
  if (all[0] == 0 || all[1] == 0) return found;
  for (const auto& [sign, count] : counts)
    found.push_back(
        {sign.first, sign.second, mine::contrast_shares({count[1], all[1]}, {count[0], all[0]}, options.level)});
  adjust(found, [](const DissatisfactionSign& one) { return one.contrast.p_value; });
  std::stable_sort(found.begin(), found.end(), [](const DissatisfactionSign& a, const DissatisfactionSign& b) {
    return a.contrast.p_value < b.contrast.p_value;
  });
  return found;
}

}  // namespace emptor
