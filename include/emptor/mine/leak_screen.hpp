/// A screen for columns that know too much: written after the outcome, or because of it, and so not there when a chance
/// will be asked for (the length of a call that sold, a reason of cancellation).
///
///     const LeakScreen screen = screen_leaks(rows, {.categorical = {3, 4}});
///     for (const LeakSuspect& one : screen.suspects) { ... }   // one.column, one.auc, one.rest_auc
///
/// A column is judged by its own word alone: its bins or names, each with the share of class 1 among the rows of other
/// folds, and the AUC of these shares. It is a suspect where that AUC is
///   - at least `certain_auc`: hardly anything that was known beforehand tells an outcome so surely; or
///   - at least `least_auc`, and no less than that of a regression on all other columns together: what one column knows
///     beyond all others together was mostly learnt from the outcome.
/// No name of a column is looked at. Where few others stand beside it a strong honest column looks like a leak, so the
/// second rule asks for `least_others`. Two leaks may hide each other from it, and a weak leak is not seen at all: a
/// screen is no proof. Whether a suspect was known in time, only who knows the data can tell.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/numbers.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

struct LeakScreenOptions {
  double least_auc = 0.7;
  double certain_auc = 0.95;
  std::size_t least_others = 5;  ///< columns that tell something beside the suspect
  std::size_t sample = 20'000;   ///< rows that are looked at, those with the least hash of their id; 0: all
  std::vector<std::size_t> categorical = {};  ///< columns whose numbers are names
  std::uint64_t seed = 0;                     ///< of the folds
  friend bool operator==(const LeakScreenOptions&, const LeakScreenOptions&) = default;
};

enum class LeakReason : std::uint8_t {
  certain,              ///< its AUC is at least certain_auc
  more_than_the_others  ///< it tells no less than all other columns together
};
struct LeakSuspect {
  std::size_t column = 0;
  LeakReason reason = LeakReason::certain;
  double auc = 0;       ///< of the column alone
  double rest_auc = 0;  ///< of all others together, earlier suspects left out; 0 where it was not needed
  friend bool operator==(const LeakSuspect&, const LeakSuspect&) noexcept = default;
};

struct LeakScreen {
  std::vector<double> auc;            ///< of each column alone, on rows of other folds; about .5 for what tells nothing
  std::vector<LeakSuspect> suspects;  ///< the strongest first
  friend bool operator==(const LeakScreen&, const LeakScreen&) = default;
};

/// y is 0 and 1. x may have NaN, which is a bin of its own. The same bits for any threads. O(rows x columns), and a
/// regression for each of the few columns that come into question. Throws Code::invalid as fit_logistic does, and where
/// a class has fewer than five rows.
LeakScreen screen_leaks(const TrainingRows& rows, const LeakScreenOptions& options = {}, const Run& run = {});

}  // namespace emptor::mine
