/// Months, quarters and weeks as numbers that follow each other.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "emptor/core/time.hpp"

namespace emptor {

enum class PeriodKind : std::uint8_t { month, quarter, week };

/// A civil week begins on Monday.
std::int32_t period_of(PeriodKind kind, std::int32_t day);
/// Its first day.
Date begin_of(PeriodKind kind, std::int32_t period);
/// "2024-03", "2024-Q1"; of a week its Monday.
std::string name_of(PeriodKind kind, std::int32_t period);
/// Periods of a year: 12, 4, 52.
std::size_t periods_a_year(PeriodKind kind) noexcept;

/// Periods that are whole: their first and last day lie between two days, both included.
struct WholePeriods {
  std::int32_t first = 0, last = -1;
  std::size_t size() const noexcept { return last < first ? 0 : static_cast<std::size_t>(last - first + 1); }
};
WholePeriods whole_periods(PeriodKind kind, std::int32_t first_day, std::int32_t last_day);

}  // namespace emptor
