/// Lloyd's iteration from given centres.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "emptor/mine/kmeans.hpp"
#include "mine/kmeans_search.hpp"

namespace emptor::mine {

struct LloydOptions {
  std::size_t updates = 300;
  double least_move = 0;  ///< stop when the centres' squared moves sum to at most this; 0: when none moves
  KmeansBounds bounds = KmeansBounds::automatic;
};

class Lloyd {
 public:
  Lloyd(const KmeansRows& rows, PaddedCentres starts, LloydOptions options);

  void run();
  const PaddedCentres& centres() const noexcept { return centres_; }
  std::vector<std::uint32_t> take_labels() noexcept { return std::move(labels_); }
  std::vector<std::uint64_t> sizes() const;
  std::uint64_t updates() const noexcept { return updates_; }
  bool converged() const noexcept { return converged_; }
  double inertia() const;  ///< of labels and centres as they stand
  double weight() const;   ///< of all rows

 private:
  void assign();
  template <class T>
  void assign(const KmeansBatch& batch, const KmeansTargets& targets);
  bool move();  ///< false where no centre moves
  PaddedCentres means();
  void fill_empty(PaddedCentres& next);
  void follow(const PaddedCentres& next);

  const KmeansRows& rows_;
  LloydOptions options_;
  SumScale scale_;
  KmeansFrame frame_;
  PaddedCentres centres_;
  ClusterSums sums_;
  std::vector<ClusterSums> parts_;  ///< of each worker
  std::vector<std::uint32_t> labels_;
  std::vector<float> slack_;
  std::optional<CentreShells> shells_;
  std::vector<double> moved_;  ///< how far the bounds of each cluster have come
  double last_move_ = 0;       ///< sum of squared moves
  bool known_ = false;
  bool converged_ = false;
  std::uint64_t updates_ = 0;
};

}  // namespace emptor::mine
