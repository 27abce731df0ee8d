/// The options of k-means as their JSON text, which stands in the frame of a model.
#pragma once

#include <string>

#include "emptor/mine/kmeans.hpp"

namespace emptor::mine {

/// {"k":5,"seed":1,"start":"plus_plus",...}: seeds as strings, for they may have 64 bits.
std::string json_of(const KmeansOptions& options);

}  // namespace emptor::mine
