/// Groups of a store's customers by what is known of them there: a tier of the run, a tag, a class that a score gave.
#pragma once

#include "emptor/session/session.hpp"
#include "insight/value/value_portrait.hpp"

namespace emptor {

/// "tier:NAME", "tag:NAME" or "score:NAME=LABEL". Throws Code::invalid (field "group") for anything else.
ValueGroup stored_group(const View& view, const ValueRequest& request, const ValueOutcome& outcome);

}  // namespace emptor
