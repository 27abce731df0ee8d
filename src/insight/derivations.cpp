// The table of derivations: the one place that knows them all, above the layer that runs them.
#include "emptor/session/derivation.hpp"
#include "insight/live/live_derivation.hpp"
#include "session/customer_summary.hpp"
#include "session/segments/segment_derivation.hpp"

namespace emptor {

std::span<const Derivation> derivations() {
  static const std::vector<Derivation> all = {customer_summary_derivation(), live_derivation(), segment_derivation()};
  return all;
}

}  // namespace emptor
