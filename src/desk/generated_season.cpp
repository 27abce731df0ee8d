#include "desk/generated_season.hpp"

#include <algorithm>

namespace emptor {
namespace {

constexpr std::int32_t minutes_a_day = 1'440;

/// How busy a day is: the week, the year's wave and the weeks before the new year.
double weight(Date date) {
  static constexpr double week[] = {1.0, 1.05, 1.05, 1.1, 1.3, 0.9, 0.25};
  static constexpr double year[] = {0.7, 0.75, 0.9, 0.9, 1.0, 0.95, 0.8, 0.85, 1.1, 1.15, 1.5, 1.7};
  return week[date.weekday() - 1] * year[date.month() - 1];
}

}  // namespace

Season::Season(const GenerateOptions& options) {
  double sum = 0;
  for (std::int32_t day = 0; day < options.days; ++day) {
    sum += options.season ? weight(Date{options.start.days + day}) : 1;
    cumulated_.push_back(sum);
  }
  const double scale = options.days / sum;
  for (double& units : cumulated_) units *= scale;
}

Moment Season::moment(double units) const {
  if (units <= 0) return {};
  const auto found = std::upper_bound(cumulated_.begin(), cumulated_.end(), units);
  const auto day = static_cast<std::int32_t>(found - cumulated_.begin());
  if (found == cumulated_.end()) return {day - 1, minutes_a_day - 1};
  const double share = (units - until(day - 1)) / (*found - until(day - 1));
  return {day, std::min(minutes_a_day - 1, static_cast<std::int32_t>(share * minutes_a_day))};
}

}  // namespace emptor
