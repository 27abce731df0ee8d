/// Facts as an Arrow stream whose columns are the facts' own memory.
#pragma once

#include "emptor/core/arrow.hpp"
#include "emptor/core/progress.hpp"
#include "emptor/insight/facts.hpp"

namespace emptor {

/// Fills in a stream of the line items: customer_id, line_id, order_id, product_id (0 where there is none),
/// day, at, amount_micros, quantity_micros. All columns but customer_id, which facts keep once a customer and
/// not once a row, are views of the facts (of the mapped base, where there is one); each array keeps them
/// alive until it is released. The customers of the base come first, then those that changed since; the rows
/// of one customer stand together. Requires `out` to hold no stream. `progress` is asked before each batch.
void facts_to_arrow(const Facts& facts, ArrowArrayStream* out, const Progress& progress = {});

}  // namespace emptor
