/// Live models: scores that every write keeps up to date.
///
///     run_insight(session, "rfm");
///     set_live(session, "rfm", true);
///     // from here on each write that touches a customer's records scores that customer anew, in the same commit
///
/// The Score of a customer stands for the last write that touched them (and its `data_version` for the last that
/// changed it); `live_scores` tells the same as of now, as if something had been written this moment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "emptor/insight/language.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// Makes the kept model of an insight live, or no longer. Throws Code::not_found where there is no model of this name,
/// Code::unsupported for one that cannot score a single customer, Code::corrupt for one that cannot be read. Turning
/// one off never looks at it. The first that is turned on reads all orders once; the rest cost a small write.
void set_live(Session& session, std::string_view name, bool on);

/// All kept models as JSON: name, algorithm, as_of, data_version, live, and why one cannot be.
std::string live_models(Session& session);

struct LiveOptions {
  std::optional<Date> as_of = {};  ///< the day to score for; the session's today if empty
  bool reasons = false;            ///< tell what the scores come from; of churn by TreeSHAP
  Language language = Language::english;
};
/// What the live models say of one customer on a day, whenever they were last written to; writes nothing. JSON:
/// docs/live.md has the form. Throws Code::not_found for an unknown customer.
std::string live_scores(Session& session, Id customer, const LiveOptions& options = {});

}  // namespace emptor
