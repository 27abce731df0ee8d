/// An insight that need not be fitted anew, as little changed since: its model stays, and only the customers who were
/// touched are scored again by it.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string_view>

#include "emptor/session/session.hpp"

namespace emptor {

struct KeptTerms {
  double changed_share = 0;        ///< of customers who changed since the model's data, at most
  std::optional<Date> as_of = {};  ///< the day to score for; that of the newest order without it
  bool write_back = true;
};
/// How far the day may be past the model's: the scores of whom nobody touched stand for that one.
inline constexpr std::int32_t kept_days = 7;

/// Scores who was touched, and tells so: docs/live.md has the form. Nothing, and nothing written, where the insight
/// has to run in full: no model that scores single customers, too many changes, or too long a time.
std::optional<boost::json::object> keep_insight(Session& session, std::string_view insight, const KeptTerms& terms);

}  // namespace emptor
