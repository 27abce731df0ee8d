/// Gradient boosting round by round: the rows that take part teach, and every row is scored as the trees come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "emptor/mine/gradient_boosting.hpp"
#include "mine/gradients.hpp"
#include "mine/grow.hpp"
#include "mine/tree_rows.hpp"

namespace emptor::mine {

/// Throws Code::invalid for options out of range.
void check_boosting(const GradientBoostingOptions& options);
/// The same for targets that the loss does not take, and for directions of features.
void check_boosting_rows(const TreeRows& rows, const BinnedRows& bins, const GradientBoostingOptions& options);
/// Whether hash_of(seed, id) draws a row, where each is drawn with the chance `share`.
bool row_is_drawn(std::uint64_t seed, std::uint64_t id, double share);

/// What the best of many orders of m categories gains where they tell nothing, a category, in deviations squared: twice
/// the mean of a half normal's square, 2 / pi. With second derivatives that are variances, a gain is in that unit.
inline constexpr double chance_gain_of_category = 0.63661977236758134;

class Booster {
 public:
  /// Requires options and rows that were checked. All but `rows` must outlive it; boosters of one table may share it.
  /// rows.active teach. `category_cost` is taken off what a split of categories gains, for each beyond the second.
  Booster(const GrowTable& table, TreeRows rows, const GradientBoostingOptions& options, const Run& run,
          double category_cost = 0);

  void add_round();
  std::size_t rounds() const noexcept { return ensemble_.trees.size() / outputs(); }
  std::size_t outputs() const noexcept { return ensemble_.outputs; }
  /// Of every row, whether it teaches or not: the sum of the base and the trees so far.
  const std::vector<double>& margin(std::size_t output) const noexcept { return margins_[output]; }
  /// The trees of the first `rounds` rounds. Ends the fit.
  TreeEnsemble take(std::size_t rounds);

 private:
  void draw_rows(std::size_t round);
  void take_sample(std::vector<std::uint32_t> sample);
  std::vector<std::uint32_t> draw_features(std::size_t tree) const;
  GrowRules rules_of(std::size_t output) const;
  void move_margins(const Tree& tree, std::vector<double>& margin);
  void renew_leaves(Tree& tree) const;

  const GrowTable& table_;
  const BinnedRows& bins_;
  TreeRows rows_;
  const GradientBoostingOptions& options_;
  const Run& run_;
  const double category_cost_;
  GrowSpace space_;
  std::vector<std::uint32_t> sample_, rest_;  ///< rows that teach this round, ascending; both empty: all do
  std::vector<std::vector<double>> margins_;
  std::optional<Gradients> gradients_;
  TreeEnsemble ensemble_;
};

}  // namespace emptor::mine
