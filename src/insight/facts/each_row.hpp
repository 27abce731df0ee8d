/// The rows of a query, one after another.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "core/long_call.hpp"
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

/// Calls visit(batch, i, customer) for each row of an entity that is not deleted; the version of the newest, deleted or
/// not, is noted. The batches have customer_id, deleted_at and version before the fields that are asked for.
template <class Visit>
void each_row_of_customers(const View& view, const char* entity, Where where, std::vector<std::string> fields,
                           std::int64_t& data_version, const Visit& visit) {
  fields.insert(fields.begin(), {"customer_id", "deleted_at", "version"});
  const Query query{
      .entity = entity, .where = std::move(where), .fields = std::move(fields), .limit = 1 << 15, .with_deleted = true};
  std::uint64_t done = 0;
  each_row(view, query, [&](const Batch& batch, std::size_t i) {
    if (i == 0) beat(entity, done += batch.rows());
    data_version = std::max(data_version, batch.columns[2].bits[i]);
    if (!batch.columns[1].valid[i]) visit(batch, i, batch.columns[0].bits[i]);
  });
}

}  // namespace emptor
