/// Rows of lifetime models from a plain table of purchases.
#pragma once

#include "emptor/insight/lifetime_rows.hpp"
#include "insight/plain_purchases.hpp"

namespace emptor {

/// As lifetime_rows of facts; customers are numbered from 1 by their places. Requires instants where they count.
LifetimeRows lifetime_rows(const PlainPurchases& purchases, const LifetimeRowOptions& options);

}  // namespace emptor
