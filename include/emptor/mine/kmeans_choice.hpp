/// How many clusters, and whether they are there: elbow, silhouette, stability.
///
///     const KmeansChoice choice = choose_kmeans({.x = points}, {.least_k = 2, .greatest_k = 10});
///     const KmeansFit fit = fit_kmeans({.x = points}, {.k = choice.by_silhouette});
///
/// Samples are the rows whose f(seed, id) is least, so every figure is the same for any order of rows and any threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/kmeans.hpp"

namespace emptor::mine {

struct KmeansChoiceOptions {
  std::size_t least_k = 2;
  std::size_t greatest_k = 10;
  std::size_t sample = 2'000;  ///< rows for the silhouette
  KmeansOptions fit = {};      ///< its k is not looked at
  friend bool operator==(const KmeansChoiceOptions&, const KmeansChoiceOptions&) = default;
};

struct KmeansCandidate {
  std::size_t k = 0;
  double inertia = 0;
  double silhouette = 0;  ///< mean over the sample, -1 to 1; 0 for k = 1
  friend bool operator==(const KmeansCandidate&, const KmeansCandidate&) = default;
};

struct KmeansChoice {
  std::vector<KmeansCandidate> candidates;  ///< of every k
  std::size_t by_silhouette = 0;            ///< the k of the greatest silhouette, the least of equals
  std::size_t by_elbow = 0;  ///< the k farthest below the chord of the inertia's curve (Satopaa et al., 2011)
  std::size_t sample = 0;    ///< rows that the silhouette was taken over
  friend bool operator==(const KmeansChoice&, const KmeansChoice&) = default;
};

/// Fits every k of the range. Throws as fit_kmeans does, and Code::invalid for an empty range.
KmeansChoice choose_kmeans(const TrainingRows& rows, const KmeansChoiceOptions& options = {}, const Run& run = {});

/// The silhouette of every row (Rousseeuw, 1987): (b - a) / max(a, b) with Euclidean distances; 0 in a cluster of one.
/// O(rows^2 columns).
std::vector<double> silhouettes(const NumberView& x, std::span<const std::uint32_t> labels, const Run& run = {});
/// Their mean over a sample of at most `sample` rows, whose other rows are not looked at.
double mean_silhouette(const TrainingRows& rows, std::span<const std::uint32_t> labels, std::size_t sample,
                       std::uint64_t seed, const Run& run = {});

/// How alike two partitions of the same rows are beyond chance: 1 the same, about 0 unrelated (Hubert and Arabie,
/// 1985).
double adjusted_rand_index(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b);

struct KmeansStabilityOptions {
  std::size_t rounds = 20;  ///< halves of the rows that are fitted
  double share = 0.5;       ///< of the rows in each, above 0 and at most 1
  KmeansOptions fit = {};
};

struct KmeansStability {
  double mean_rand_index = 0;  ///< adjusted, of each half's model against that of all rows, on all rows
  double least_rand_index = 0;
  std::vector<double> cluster_overlap;  ///< mean best Jaccard overlap of each cluster (Hennig, 2007): below .6 it is
                                        ///< not to be trusted, from .85 on it is firm
  std::vector<double> rand_indices;     ///< of each round
  friend bool operator==(const KmeansStability&, const KmeansStability&) = default;
};

/// Fits all rows, then parts of them, and compares.
KmeansStability stability_of_kmeans(const TrainingRows& rows, const KmeansStabilityOptions& options = {},
                                    const Run& run = {});

/// By which figure k is chosen.
enum class KmeansChooser : std::uint8_t { silhouette, elbow };

struct ChosenKmeansOptions {
  KmeansChoiceOptions choice = {};
  KmeansChooser by = KmeansChooser::silhouette;
  std::size_t stability_rounds = 20;  ///< of the chosen k; 0: not looked at
  double stability_share = 0.5;
  friend bool operator==(const ChosenKmeansOptions&, const ChosenKmeansOptions&) = default;
};

/// Clusters whose number was chosen, and what it was chosen by: a model as any other.
struct ChosenKmeans {
  KmeansModel model;
  KmeansChoice choice;
  KmeansStability stability;    ///< of the chosen k; empty without rounds
  ChosenKmeansOptions options;  ///< as given; without starts
  std::string data_version;
  friend bool operator==(const ChosenKmeans&, const ChosenKmeans&) = default;
};

/// Chooses k, fits it, and looks whether its clusters are stable. Throws as the three above do.
ChosenKmeans fit_chosen_kmeans(const TrainingRows& rows, const ChosenKmeansOptions& options = {}, const Run& run = {});

std::string save(const ChosenKmeans& chosen);
/// Throws Code::corrupt, Code::newer, Code::unsupported as every model does.
ChosenKmeans load_chosen_kmeans(std::string_view bytes);

}  // namespace emptor::mine
