/// Whose portrait the insight `value` draws, and from what of itself.
#pragma once

#include "insight/value/value_work.hpp"
#include "insight/words/portrait.hpp"

namespace emptor {

struct ValueGroup {
  std::string name;                  ///< "tier:platinum"
  std::vector<std::uint8_t> within;  ///< of each row
};
/// The tier that is asked for, the best one with customers where none is. Throws Code::invalid (field "group").
ValueGroup tier_group(const ValueRequest& request, const ValueOutcome& outcome);
/// What customers do and what they go by. The dimensions are left out, for tiers are made of them.
PortraitColumns behaviour_of(const ValueOutcome& outcome);

boost::json::object portrait_json(const ValueGroup& group, const Portrait& portrait);

}  // namespace emptor
