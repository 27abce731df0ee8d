/// Why a customer is in a segment, or not.
#pragma once

#include <memory>
#include <vector>

#include "emptor/session/rule_words.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct SegmentFinding {
  bool member = false;
  std::shared_ptr<const Rule> rule;
  std::vector<RuleFinding> findings;  ///< of every comparison of the rule; valid as long as the rule and the texts
  std::shared_ptr<Arena> texts;       ///< that were observed
};

/// As of now. Throws Code::not_found for an unknown segment or customer, and Code::denied where the actor may not read
/// whole all that the rule asks of this customer.
SegmentFinding find_in_segment(const Session& session, Id segment, Id customer);

/// The segments that have a customer now, of those of which the actor may be told that; ascending. Throws
/// Code::not_found for an unknown customer.
std::vector<Id> segments_of(const Session& session, Id customer);

}  // namespace emptor
