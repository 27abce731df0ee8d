/// Markov chains: in which state comes next, from counted steps between states.
///
///     const MarkovChain chain = fit_markov_chain(histories, {.states = 4});
///     const std::vector<double> next = chain.next_of(2);
///
/// Counts are integers, so chains merge and come out the same however histories are split or ordered. (Anderson and
/// Goodman, Annals of Mathematical Statistics 28, 1957.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/run.hpp"

namespace emptor::mine {

/// Histories of states that somebody else owns: history h is states[starts[h]] ... states[starts[h + 1] - 1].
struct StateHistories {
  std::span<const std::uint64_t> starts;  ///< histories + 1
  std::span<const std::uint32_t> states;  ///< 0 ... states - 1

  std::size_t size() const noexcept { return starts.empty() ? 0 : starts.size() - 1; }
};

struct MarkovChainOptions {
  std::uint32_t states = 0;  ///< how many there are, 1 to 8,192
  double pseudo_count = 0;   ///< added to every step that could be, finite and >= 0
  friend bool operator==(const MarkovChainOptions&, const MarkovChainOptions&) = default;
};

/// What was counted: the mergeable state.
struct MarkovCounts {
  std::uint32_t states = 0;
  std::vector<std::uint64_t> first;  ///< histories that begin in each state
  std::vector<std::uint64_t> last;   ///< histories that end in each state
  std::vector<std::uint64_t> steps;  ///< states x states, from row to column
  friend bool operator==(const MarkovCounts&, const MarkovCounts&) = default;
};

/// A fitted chain. A state that was never left has, without a pseudo count, a row of zeros.
struct MarkovChain {
  MarkovChainOptions options;
  MarkovCounts counts;
  std::vector<double> initial;      ///< probability of each state at the start
  std::vector<double> transitions;  ///< states x states, rows sum to 1 (or are all 0)
  double log_likelihood = 0;        ///< of the histories, steps only

  std::uint32_t states() const noexcept { return options.states; }
  double transition(std::uint32_t from, std::uint32_t to) const noexcept {
    return transitions[std::size_t{from} * options.states + to];
  }
  /// Probabilities of each state after `steps` steps. Throws Code::invalid for a state that is none.
  std::vector<double> next_of(std::uint32_t state, std::uint32_t steps = 1) const;
  friend bool operator==(const MarkovChain&, const MarkovChain&) = default;
};

/// Throw Code::invalid (field, row: the history) for a state that is none, and for options out of range. O(steps).
MarkovCounts partial(const StateHistories& batch, const MarkovChainOptions& options);
void merge(MarkovCounts& into, const MarkovCounts& other);
MarkovChain finish(MarkovCounts counts, const MarkovChainOptions& options);
MarkovChain fit_markov_chain(const StateHistories& histories, const MarkovChainOptions& options, const Run& run = {});

/// The distribution that a step leaves as it is, of the chain that starts as this one does; where the chain is
/// periodic, the mean over its period. Throws Code::invalid where a state that can be reached is never left.
/// O(states^3).
std::vector<double> stationary_of(const MarkovChain& chain);
/// Expected steps until `target` from each state (infinite where it may never be reached). O(states^3).
std::vector<double> steps_until(const MarkovChain& chain, std::uint32_t target);
/// The log of the probability of a history's steps; -infinity where one never happened.
double log_probability(const MarkovChain& chain, std::span<const std::uint32_t> states);
/// Likelihood ratio test of "the next state depends on the current one" against independence.
struct MarkovTest {
  double statistic = 0;
  double degrees = 0;
  friend bool operator==(const MarkovTest&, const MarkovTest&) = default;
};
MarkovTest test_dependence(const MarkovCounts& counts);

std::string save(const MarkovChain& chain);
MarkovChain load_markov_chain(std::string_view bytes);

}  // namespace emptor::mine
