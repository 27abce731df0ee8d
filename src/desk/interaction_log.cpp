#include "emptor/desk/interaction_log.hpp"

#include "emptor/core/error.hpp"

namespace emptor {

LoggedInteraction log_interaction(Session& session, Interaction what, const InteractionLogOptions& options) {
  if (what.id || what.version != 0)
    throw Error(Problem{Code::misuse, "an interaction that is logged has no id yet", "interaction", "id", {}, {}});
  if (!what.at) what.at = session.now();
  if (!what.user_id) what.user_id = session.options().actor.user;
  ChangeSet set;
  set.put(what);
  ApplyOptions apply;
  if (!options.call_id.empty()) apply.op_id = "call:" + options.call_id;
  apply.reason = options.reason;
  apply.durability = options.durability;
  const Receipt receipt = session.apply(set, apply);
  return {receipt.ids.front(), receipt.position, receipt.repeated};
}

}  // namespace emptor
