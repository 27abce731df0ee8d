#include "emptor/session/session.hpp"
#include "session/rights/grants.hpp"

namespace emptor {

RuleGround rule_ground(const Session& session) {
  const std::unique_ptr<Reader> reader = session.store().read();
  const Date today = Zone::of(reader->info().zone).date_of(session.now());
  return rule_ground(*reader, read_grants(*reader, session.options().actor.user, today), today);
}

}  // namespace emptor
