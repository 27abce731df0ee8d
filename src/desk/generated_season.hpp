/// The time in which customers of a generated shop live: the calendar's, stretched where the season is
/// busy. One unit is a day of average business; all days together have as many units as days.
#pragma once

#include <cstdint>
#include <vector>

#include "emptor/desk/generate.hpp"

namespace emptor {

/// A minute of the calendar. Days count from the first watched one.
struct Moment {
  std::int32_t day = 0;
  std::int32_t minute = 0;  ///< 0 to 1,439
  friend auto operator<=>(const Moment&, const Moment&) = default;
};

class Season {
 public:
  explicit Season(const GenerateOptions& options);
  /// Units before the end of the day; of all days without one.
  double until(std::int32_t day) const { return day < 0 ? 0 : cumulated_[static_cast<std::size_t>(day)]; }
  double whole() const { return cumulated_.back(); }
  /// The calendar's moment of a point in time; what lies outside is brought to the nearest minute inside.
  Moment moment(double units) const;

 private:
  std::vector<double> cumulated_;
};

}  // namespace emptor
