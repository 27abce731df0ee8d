/// Whether clusters are clearer than those that k-means finds in a cloud without any.
#pragma once

#include <cstddef>
#include <vector>

#include "emptor/mine/run.hpp"

namespace emptor {

struct CloudComparison {
  std::size_t clouds = 0;
  double silhouette = 0, cloud_silhouette = 0;  ///< of the rows, and the mean of the clouds
  double p_value = 1;                           ///< share of clouds that are as clear, the rows counted with them
};
/// Against Gaussian clouds of as many rows and the same covariance, cut into k as well; on at most 1,000 rows, drawn by
/// their numbers. The idea of SigClust (Liu and others, JASA 103 (2008), 1281), with the silhouette as the index.
/// Rows x columns stand row by row.
CloudComparison compare_with_clouds(const std::vector<double>& rows, std::size_t columns, std::size_t k,
                                    const mine::Run& run);

}  // namespace emptor
