/// What a session tells, as JSON: for the command line and the C API.
#pragma once

#include <string>

#include "emptor/session/session.hpp"

namespace emptor {

/// {"intact":true,"entries":"12","changes":"40","records":"31","broken_at":"0","head":"9f..","faults":[]}; of a trimmed
/// journal also {"base":"7:3c..","trimmed_to":"2024-01-31T17:00:00Z","not_compared":"9"}; after legal erasures
/// {"erasures":"2","erased":"41"}
std::string to_json(const Verification& verification);

/// {"position":"12","items":[{"position":"12","at":"2024-02-29T12:00:00Z","actor":"0","entity":"customer",
/// "id":"3","kind":"update","version":"12"}]}
std::string to_json(const Feed& feed);
/// One item of it, alone.
std::string to_json(const FeedItem& item);

/// "insert", "update", "erase", "unchanged".
std::string_view name_of(ChangeKind kind) noexcept;

}  // namespace emptor
