/// Staffing: what came in by hour of the week, beside what agents dealt with.
#pragma once

#include <array>
#include <cstdint>

#include "insight/service/service_records.hpp"

namespace emptor {

struct StaffingHour {
  std::uint32_t opened = 0, contacts_in = 0;  ///< arrivals
  std::uint32_t answered = 0, solved = 0;     ///< by agents
  std::uint32_t agent_days = 0;               ///< agents at work in this hour, summed over the days
};
struct Staffing {
  std::array<std::array<StaffingHour, 24>, 7> hours{};    ///< by weekday from Monday, hour of the day
  std::array<std::int32_t, 7> days{};                     ///< how often each weekday was in the time looked at
  bool answers_by_hour = true, solutions_by_hour = true;  ///< else they have days only: all stand at midnight
};

/// Of so many days up to one, in the hours of the zone.
Staffing count_staffing(const ServiceRecords& records, std::int32_t days, Date until, const Zone& zone);

}  // namespace emptor
