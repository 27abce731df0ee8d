#include "insight/service/staffing.hpp"

#include <algorithm>
#include <set>

#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

class StaffingCount {
 public:
  StaffingCount(std::int32_t days, Date until, const Zone& zone)
      : zone_(zone), days_(zone), first_(until.days - days + 1), last_(until.days) {}

  Staffing count(const ServiceRecords& records) {
    for (std::int32_t day = first_; day <= last_; ++day) ++out_.days[static_cast<std::size_t>(Date{day}.weekday() - 1)];
    for (const ServiceCase& one : records.cases) {
      if (const std::optional<Slot> slot = slot_of(one.opened)) ++hour_at(*slot).opened;
      if (one.answered) handle(*one.answered, one.agent, &StaffingHour::answered, answers_);
      if (one.resolved) handle(*one.resolved, one.agent, &StaffingHour::solved, solutions_);
    }
    for (const ServiceContact& one : records.contacts) {
      const std::optional<Slot> slot = slot_of(one.at);
      if (!slot) continue;
      hour_at(*slot).contacts_in += one.inbound ? 1U : 0U;
      see_at_work(*slot, one.agent);
    }
    out_.answers_by_hour = answers_.by_hour();
    out_.solutions_by_hour = solutions_.by_hour();
    return out_;
  }

 private:
  struct Slot {
    std::int32_t day = 0, hour = 0;
    bool midnight = false;  ///< to the microsecond
  };
  struct Midnights {
    std::size_t all = 0, midnight = 0;
    bool by_hour() const { return all == 0 || 10 * midnight < 9 * all; }
  };

  std::optional<Slot> slot_of(std::int64_t moment) {
    const std::int32_t day = days_.of(moment);
    if (day < first_ || day > last_) return std::nullopt;
    const auto [begin, fresh] = begins_.try_emplace(day, 0);
    if (fresh) begin->second = zone_.instant_of(Date{day}, 0).micros;
    const std::int64_t since = moment - begin->second;
    const auto hour = static_cast<std::int32_t>(since / (3'600 * micros_per_second));
    return Slot{day, std::min(hour, 23), since == 0};  // the day on which clocks go back has 25
  }
  StaffingHour& hour_at(const Slot& slot) {
    return out_.hours[static_cast<std::size_t>(Date{slot.day}.weekday() - 1)][static_cast<std::size_t>(slot.hour)];
  }
  void handle(std::int64_t moment, std::int64_t agent, std::uint32_t StaffingHour::*what, Midnights& midnights) {
    const std::optional<Slot> slot = slot_of(moment);
    if (!slot) return;
    ++(hour_at(*slot).*what);
    ++midnights.all;
    midnights.midnight += slot->midnight ? 1U : 0U;
    if (!slot->midnight) see_at_work(*slot, agent);
  }
  void see_at_work(const Slot& slot, std::int64_t agent) {
    if (agent != 0 && seen_.insert({agent, slot.day * std::int64_t{24} + slot.hour}).second) ++hour_at(slot).agent_days;
  }

  const Zone& zone_;
  DayFinder days_;
  std::int32_t first_, last_;
  std::unordered_map<std::int32_t, std::int64_t> begins_;
  Midnights answers_, solutions_;
  std::set<std::pair<std::int64_t, std::int64_t>> seen_;
  Staffing out_;
};

}  // namespace

Staffing count_staffing(const ServiceRecords& records, std::int32_t days, Date until, const Zone& zone) {
  return StaffingCount(days, until, zone).count(records);
}

}  // namespace emptor
