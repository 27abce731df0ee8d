/// Where the centres begin: drawn by f(seed, id), so that the order of rows does not matter.
///
/// A draw in proportion to weights is a race: each row finishes at -ln(u) / weight with its own u, and the first to
/// finish is drawn (the first few are a sample without replacement; Efraimidis and Spirakis, 2006).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "emptor/mine/kmeans.hpp"
#include "mine/kmeans_exact.hpp"
#include "mine/kmeans_rows.hpp"

namespace emptor::mine {

PaddedCentres start_kmeans(const KmeansRows& rows, const KmeansOptions& options, std::uint64_t seed);

/// A row that was drawn.
struct DrawnRow {
  double key = 0;
  std::uint64_t id = 0;
  double weight = 1;
  std::vector<double> values;
};

/// The first `wanted` finishers of a race.
class Race {
 public:
  Race(std::uint64_t seed, std::size_t wanted) : seed_(seed), wanted_(wanted) {}

  /// Whether a row may be among them; `weight` above 0. Sets its key.
  bool may_win(std::uint64_t id, double weight, double& key) const noexcept;
  void enter(DrawnRow row);
  void merge(Race& other);
  std::vector<DrawnRow> finish();  ///< the first one first

 private:
  std::uint64_t seed_;
  std::size_t wanted_;
  double worst_ = std::numeric_limits<double>::infinity();
  std::vector<DrawnRow> heap_;
};

/// The squared distance of every row to the nearest of the centres so far.
class Nearest {
 public:
  explicit Nearest(const KmeansRows& rows);

  /// By how much the sum of weighted squared distances would fall with each of these centres more.
  std::vector<DistanceSum> savings(std::span<const DrawnRow> candidates) const;
  void add(std::span<const DrawnRow> centres);
  std::size_t centres() const noexcept { return centres_.size(); }
  const std::vector<std::vector<double>>& all() const noexcept { return centres_; }
  /// The first finishers of a race in which rows run by weight and squared distance (or by weight alone).
  std::vector<DrawnRow> draw(std::uint64_t seed, std::size_t wanted, bool by_distance) const;
  /// Every row with a chance of `expected` x its share of the sum of squared distances, by id.
  std::vector<DrawnRow> sample(std::uint64_t seed, double expected) const;
  /// The weight of the rows that are nearest to each centre.
  std::vector<double> shares() const;

 private:
  template <class T>
  struct Waiting;
  template <class Gain>
  void improve(const PaddedCentres& candidates, Gain&& gain) const;
  template <class T, class Gain>
  void meet(Waiting<T>& waiting, const KmeansBatch& batch, const KmeansImage& image, const PaddedCentres& candidates,
            Gain&& gain) const;
  std::vector<double> quarters(const PaddedCentres& candidates) const;
  PaddedCentres centres_of(std::span<const DrawnRow> drawn) const;
  double total() const;

  const KmeansRows& rows_;
  SumScale scale_;
  KmeansFrame frame_;
  std::vector<std::vector<double>> centres_;  ///< padded
  std::vector<double> squared_;
  std::vector<std::uint32_t> label_;
};

}  // namespace emptor::mine
