/// The rows of a query, one after another.
#pragma once

#include "emptor/session/session.hpp"

namespace emptor {

/// Calls visit(batch, i) for each row; the query's limit is the size of a batch.
template <class Visit>
void each_row(const View& view, const Query& query, const Visit& visit) {
  ScanKey key;
  Batch batch;
  for (bool more = true; more;) {
    more = view.scan(query, key, batch);
    for (std::size_t i = 0; i < batch.rows(); ++i) visit(batch, i);
  }
}

}  // namespace emptor
