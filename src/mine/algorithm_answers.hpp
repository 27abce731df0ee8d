/// What each kind of model answers, by one name for all of them.
#pragma once

#include "emptor/mine/algorithm.hpp"

namespace emptor::mine {

/// Numbers a row, and columns of one, of one model of the variant.
std::size_t width_of(const KmeansModel& model, Answer answer) noexcept;
std::size_t width_of(const DecisionTree& model, Answer answer) noexcept;
std::size_t width_of(const RandomForest& model, Answer answer) noexcept;
std::size_t width_of(const GradientBoosting& model, Answer answer) noexcept;
std::size_t width_of(const LogisticModel& model, Answer answer) noexcept;
std::size_t width_of(const NaiveBayes& model, Answer answer) noexcept;
std::size_t width_of(const IsolationForest& model, Answer answer) noexcept;
std::size_t width_of(const StateChain& model, Answer answer) noexcept;
std::size_t width_of(const BasketRules& model, Answer answer) noexcept;
std::size_t width_of(const Scaling& model, Answer answer) noexcept;
std::size_t width_of(const ChosenKmeans& model, Answer answer) noexcept;
std::size_t width_of(const Scorecard& model, Answer answer) noexcept;
std::size_t width_of(const BlendedBoosting& model, Answer answer) noexcept;

/// Answers into `out`, whose size has been checked. Requires a width above 0.
void answer_of(const KmeansModel& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const DecisionTree& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const RandomForest& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const GradientBoosting& model, const NumberView& x, Answer answer, std::span<double> out,
               const Run& run);
void answer_of(const LogisticModel& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const NaiveBayes& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const IsolationForest& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const StateChain& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const BasketRules& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const Scaling& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const ChosenKmeans& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const Scorecard& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);
void answer_of(const BlendedBoosting& model, const NumberView& x, Answer answer, std::span<double> out, const Run& run);

/// The most likely class of each row of chances, the lowest of equals.
void likeliest(std::span<const double> chances, std::size_t classes, std::span<double> out) noexcept;

}  // namespace emptor::mine
