#include "emptor/insight/compute.hpp"

#include "core/arrow_table.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "insight/compute_runs.hpp"

namespace emptor {

std::span<const ComputationEntry> computations() noexcept {
  static const ComputationEntry entries[] = {
      {"rfm", "recency, frequency and monetary value of each customer in a table of purchases, scored and named",
       compute_rfm_schema(), compute_rfm},
  };
  return entries;
}

ComputedResult compute(std::string_view name, const PlainData& data) {
  const UnreadStream stream(data.stream);
  const LongCall call(data.progress);
  std::string known;
  for (const ComputationEntry& entry : computations()) {
    if (entry.name == name) return entry.run(data);
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw Error(Code::not_found, "there is no computation of this name", "known are " + known);
}

}  // namespace emptor
