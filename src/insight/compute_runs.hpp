/// The computations of the registry, one function each, and their schemas.
#pragma once

#include <string_view>

#include "emptor/insight/compute.hpp"

namespace emptor {

std::string_view compute_rfm_schema();
ComputedResult compute_rfm(const PlainData& data);

}  // namespace emptor
