/// Operations on live segments.
#pragma once

#include <vector>

#include "operation_table.hpp"

namespace emptor::capi {

/// put_segment, remove_segment, segments, segment_members, segment_sample, segment_overlap, segment_growth,
/// segment_explain, segment_audience, segments_of, settle.
std::vector<Operation> segment_operations();

}  // namespace emptor::capi
