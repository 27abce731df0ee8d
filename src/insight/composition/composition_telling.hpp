/// What the insight composition tells: the summary and the table.
#pragma once

#include <boost/json.hpp>

#include "emptor/store/named_table.hpp"
#include "insight/composition/composition_work.hpp"

namespace emptor {

boost::json::object composition_json(const CompositionRequest& request, const CompositionOutcome& outcome);
/// A row a group.
NamedTable composition_table(const CompositionRequest& request, const CompositionOutcome& outcome);

}  // namespace emptor
