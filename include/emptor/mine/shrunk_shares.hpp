/// Shrunk shares: what part of his occasions each one spends on each kind, shrunk to the parts of all where his are
/// few, and whether he differs from all.
///
///     const SharePrior prior = fit_share_prior(counts, 7);      // purchases by weekday, a row a customer
///     const double saturday = shrunk_share(prior, 5, 4, 6);     // 4 of 6 of his were on a Saturday
///     const double by_chance = binomial_above(4, 6, prior.base[5]);
///
/// Counts are Dirichlet-multinomial: a customer's shares are drawn from a Dirichlet distribution whose mean is the base
/// (the shares of all occasions) and whose weight, in occasions, is that of greatest likelihood. Source: empirical
/// Bayes as Mosimann, Biometrika 49 (1962), 65, and Minka, Estimating a Dirichlet distribution (2000), with the mean
/// given.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::mine {

struct SharePrior {
  std::vector<double> base;  ///< of each kind; they sum to 1
  double weight = 0;         ///< occasions that the base counts for: few where customers differ much
  std::uint64_t rows = 0;    ///< with an occasion
};

/// `counts`: rows x kinds, row by row. The weight is sought between 0.05 and 1e5, to 1e-6 of its logarithm; it is the
/// upper end where rows differ no more than by chance. The order of rows changes nothing. Throws Code::invalid (field
/// "counts") for none at all and for a number of counts that `kinds` does not divide. O(counts).
SharePrior fit_share_prior(std::span<const std::uint32_t> counts, std::size_t kinds);

/// (count + weight base) / (all + weight): the mean of what the share may be.
double shrunk_share(const SharePrior& prior, std::size_t kind, double count, double all) noexcept;
/// The chance of `count` or more of `all`, each with the chance p, 0 <= p <= 1.
double binomial_above(std::uint64_t count, std::uint64_t all, double p) noexcept;

}  // namespace emptor::mine
