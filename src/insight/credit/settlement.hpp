/// Which payment settles which receivable, and when.
#pragma once

#include <vector>

#include "insight/credit/receivables.hpp"

namespace emptor {

struct NamedPayment {
  std::size_t row = 0;  ///< of the receivable that it is for
  PartPayment part;
};
/// Money of a customer that is for nothing in particular: it settles what was due first.
struct FreePayment {
  std::int64_t customer = 0;
  std::int32_t day = 0;
  std::int64_t amount = 0;  ///< micros, above 0
};

/// Sorts the rows, and fills their parts and the days on which they were settled: on which `share` of the amount was
/// in. Free money waits for what is placed later.
void settle(Receivables& receivables, std::vector<NamedPayment> named, std::vector<FreePayment> free, double share);

}  // namespace emptor
