/// What customers said before they fell silent, against what those said who stayed: complaints and requests by
/// category, opinions, outcomes of contacts, notices, goods sent back, late orders, low answers to surveys.
///
/// Compared are customers who had bought within the horizon before a past day, by what is on record of the horizon up
/// to it: those who then bought nothing for a horizon, and the others. Several days, a horizon apart, are counted
/// together.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/rates.hpp"
#include "insight/churn/churn_features.hpp"
#include "insight/facts/customer_touches.hpp"

namespace emptor {

struct StatedReason {
  TouchKind kind = TouchKind::contact;
  std::uint32_t topic = Touch::no_topic;
  std::uint64_t silent = 0, stayed = 0;  ///< customers with it, of those who fell silent and those who stayed
  mine::RateInterval lift;               ///< how much more frequent it is among the first; 95 %

  /// More frequent among those who fell silent, chance aside.
  bool tells() const noexcept { return lift.lower > 1; }
};

struct StatedReasons {
  std::uint64_t silent = 0, stayed = 0;  ///< customers that were compared, each on each day
  std::vector<StatedReason> reasons;     ///< what names a cause before mere moods, then by the lower end of the lift
  std::vector<std::string> topics;
  /// Of each scored row, places among the reasons, ascending: those that tell, from a horizon before the last purchase.
  std::vector<std::vector<std::uint32_t>> of;
  /// All of the last horizon, as they are counted.
  std::vector<std::vector<std::uint32_t>> recent;
};

/// Nothing after the day of `scored` is looked at, and nothing after a past day stands for what was said before it.
StatedReasons stated_reasons(const CustomerLines& lines, const CustomerTouches& touches, const ChurnRows& scored,
                             const ChurnRowOptions& options);

/// silent, stayed, and the reasons with their counts and lifts; docs/churn.md has the form.
boost::json::object stated_json(const StatedReasons& all, Language language);

/// "complaint about service"
std::string stated_text(const StatedReasons& all, std::size_t reason, Language language);

}  // namespace emptor
