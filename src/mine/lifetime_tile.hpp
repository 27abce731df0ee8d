/// The likelihoods of purchase histories, a tile of rows at a time: what each row's terms are, and their sums with
/// first and second derivatives by the parameters.
///
/// All models are a mixture over the time at which the customer left: at T (still there), or before. BG/NBD and MBG/NBD
/// know one earlier time, tx; Pareto/NBD has all times between tx and T, and the integral over them is taken by
/// Gauss-Legendre rules in log(t + min(alpha, beta)), where its logarithm is concave: every term is above 0, nothing
/// cancels, and alpha = beta, s = 1 and tx = T are cases as others. Derivatives are means over the mixture (Louis,
/// J. R. Stat. Soc. B 44, 1982). Terms of x alone are not in here: see lifetime_terms.hpp.
#pragma once

#include <hwy/aligned_allocator.h>

#include <cstddef>
#include <vector>

namespace emptor::mine {

inline constexpr std::size_t lifetime_rows = 512;    ///< of a tile
inline constexpr std::size_t lifetime_lanes = 8;     ///< of sums: rows r, r + 8 ... of a tile go into one
inline constexpr std::size_t lifetime_moments = 15;  ///< 1, four first and ten second ones (a lower triangle)
inline constexpr std::size_t most_nodes = 32;

/// What the mixture is.
enum class Leaving { never, at_last_purchase, at_first_too, any_time };

/// r and alpha, and the two of the process of leaving: a and b, or s and beta.
struct LifetimeParameters {
  Leaving leaving = Leaving::never;
  double r = 1, alpha = 1, s = 1, beta = 1;
};

struct LifetimeTile {
  alignas(64) double x[lifetime_rows], tx[lifetime_rows], age[lifetime_rows], weight[lifetime_rows];
  // Per row: log of the odds of having left, the chance not to have (at least e^-700), and the log-likelihood without
  // the terms of x alone.
  alignas(64) double log_odds[lifetime_rows], stays[lifetime_rows], value[lifetime_rows];
  // Of Pareto/NBD: the range of the integral, its highest logarithm, and the moments of the time of leaving.
  alignas(64) double length[lifetime_rows], high[lifetime_rows], fall[lifetime_rows];
  alignas(64) double moments[lifetime_moments][lifetime_rows];
  std::size_t rows = 0;
};

/// Sums over rows of weight times value (0), first derivatives (1 to 4: r, alpha, s or a, beta or b) and second ones.
struct LifetimeLanes {
  alignas(64) double sum[lifetime_moments][lifetime_lanes];
};

/// A part of a row's integral: log(t + min(alpha, beta)) counted down from its value at T.
struct LifetimePanels {
  std::vector<std::size_t> row;
  std::vector<double> low, length;
  void clear();
  void add(std::size_t at, double from, double size);
};

/// The work of one thread. Rows from `rows` on up to the next multiple of the lanes must hold what can be computed.
class LifetimeWorker {
 public:
  explicit LifetimeWorker(const LifetimeParameters& parameters);
  LifetimeTile& tile() { return *tile_; }
  /// Fills log_odds and value.
  void values();
  /// And gives the sums.
  void sums(LifetimeLanes& into);

 private:
  void integrate(bool derivatives);
  void plan();
  double cut(std::size_t row) const;
  LifetimeParameters parameters_;
  hwy::AlignedUniquePtr<LifetimeTile> tile_;
  LifetimePanels few_, more_, most_;
};

}  // namespace emptor::mine
