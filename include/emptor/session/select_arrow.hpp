/// The records of a query as an Arrow stream: batches of one snapshot, read as the consumer asks for them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "emptor/core/arrow.hpp"
#include "emptor/core/progress.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct SelectArrowOptions {
  std::optional<std::size_t> limit = {};  ///< records at most, in all; none if empty
  std::shared_ptr<const void> keep = {};  ///< what the query's values view; lives as long as the stream
  Progress progress = {};                 ///< asked before each batch, in the consumer's thread
};

/// Fills in a stream of the query's fields (docs/types.md gives their Arrow types). The stream owns the view:
/// it outlives session and store, whose file it keeps open until it is released. `Query::limit` does not
/// matter. Requires `out` to hold no stream. Throws Code::not_found for an unknown entity or field.
void select_arrow(View view, Query query, ArrowArrayStream* out, SelectArrowOptions options = {});

}  // namespace emptor
