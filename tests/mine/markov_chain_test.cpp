#include "emptor/mine/markov_chain.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

using namespace emptor;
using namespace emptor::mine;

namespace {

struct Histories {
  std::vector<std::uint64_t> starts{0};
  std::vector<std::uint32_t> states;
  void add(const std::vector<std::uint32_t>& history) {
    states.insert(states.end(), history.begin(), history.end());
    starts.push_back(states.size());
  }
  operator StateHistories() const { return {starts, states}; }
};

Histories random_histories(std::size_t count, std::uint32_t states) {
  Random random(18);
  Histories histories;
  for (std::size_t at = 0; at < count; ++at) {
    std::vector<std::uint32_t> history;
    for (std::uint64_t left = random.below(8); left > 0; --left)
      history.push_back(static_cast<std::uint32_t>(random.below(states)));
    histories.add(history);
  }
  return histories;
}

}  // namespace

TEST_CASE("markov chain: counts, shares and likelihood of steps counted by hand") {
  Histories histories;
  histories.add({0, 1, 0, 1});
  histories.add({1, 1});
  histories.add({});
  const MarkovChain chain = fit_markov_chain(histories, {.states = 3});
  CHECK(chain.counts.steps == std::vector<std::uint64_t>{0, 2, 0, 1, 1, 0, 0, 0, 0});
  CHECK(chain.initial == std::vector<double>{0.5, 0.5, 0});
  CHECK(chain.transitions == std::vector<double>{0, 1, 0, 0.5, 0.5, 0, 0, 0, 0});
  CHECK(chain.log_likelihood == doctest::Approx(2 * std::log(0.5)));
  CHECK(log_probability(chain, std::vector<std::uint32_t>{0, 1, 1}) == doctest::Approx(std::log(0.5)));
  CHECK(std::isinf(log_probability(chain, std::vector<std::uint32_t>{0, 2})));
  CHECK(fit_markov_chain(histories, {.states = 3, .pseudo_count = 1}).transition(0, 1) == doctest::Approx(3.0 / 5));
}

TEST_CASE("markov chain: the weather of the textbooks") {
  // Kemeny and Snell, Finite Markov Chains, the Land of Oz: rain, nice, snow rest at 2/5, 1/5, 2/5.
  Histories histories;
  const std::uint32_t steps[3][3] = {{2, 1, 1}, {1, 0, 1}, {1, 1, 2}};
  for (std::uint32_t from = 0; from < 3; ++from) {
    for (std::uint32_t to = 0; to < 3; ++to) {
      for (std::uint32_t left = steps[from][to]; left > 0; --left) histories.add({from, to});
    }
  }
  const MarkovChain chain = fit_markov_chain(histories, {.states = 3});
  const std::vector<double> rest = stationary_of(chain);
  CHECK(rest[0] == doctest::Approx(0.4));
  CHECK(rest[1] == doctest::Approx(0.2));
  CHECK(rest[2] == doctest::Approx(0.4));
  // Their mean first passage times to rain: 4 from nice, 10/3 from snow.
  const std::vector<double> until = steps_until(chain, 0);
  CHECK(until[0] == 0);
  CHECK(until[1] == doctest::Approx(8.0 / 3));
  CHECK(until[2] == doctest::Approx(10.0 / 3));
  const std::vector<double> later = chain.next_of(0, 2);
  CHECK(later[0] == doctest::Approx(0.4375));
  CHECK(later[1] == doctest::Approx(0.1875));
  CHECK(later[2] == doctest::Approx(0.375));
}

TEST_CASE("markov chain: periodic chains, several ends and states that are never left") {
  Histories circle;
  circle.add({0, 1, 0});
  CHECK(stationary_of(fit_markov_chain(circle, {.states = 2})) == std::vector<double>{0.5, 0.5});
  Histories ends;  // from 0 once to 1 and three times to 2, which keep what they get
  ends.add({0, 1, 1});
  for (int i = 0; i < 3; ++i) ends.add({0, 2, 2});
  const MarkovChain chain = fit_markov_chain(ends, {.states = 3});
  CHECK(stationary_of(chain) == std::vector<double>{0, 0.25, 0.75});
  CHECK(std::isinf(steps_until(chain, 1)[0]));
  Histories open;
  open.add({0, 1});
  CHECK_THROWS_AS((void)stationary_of(fit_markov_chain(open, {.states = 2})), Error);
}

TEST_CASE("markov chain: the same for threads and any split") {
  const Histories histories = random_histories(20'000, 7);
  const MarkovChain one = fit_markov_chain(histories, {.states = 7, .pseudo_count = 0.5});
  CHECK(fit_markov_chain(histories, {.states = 7, .pseudo_count = 0.5}, {.executor = thread_executor(4)}) == one);
  Histories first, second;
  for (std::size_t at = 0; at < 20'000; ++at) {
    const auto begin = histories.states.begin() + static_cast<std::ptrdiff_t>(histories.starts[at]);
    const auto end = histories.states.begin() + static_cast<std::ptrdiff_t>(histories.starts[at + 1]);
    (at % 3 == 0 ? first : second).add({begin, end});
  }
  MarkovCounts counts = partial(second, one.options);
  merge(counts, partial(first, one.options));
  CHECK(finish(counts, one.options) == one);
  CHECK(load_markov_chain(save(one)) == one);
  std::string bad = save(one);
  bad[bad.size() / 2] ^= 1;
  CHECK_THROWS_AS((void)load_markov_chain(bad), Error);
}

TEST_CASE("markov chain: dependence is tested by the likelihood ratio") {
  // G of the table 30 10 / 10 30: 2 sum O log(O / 20).
  MarkovCounts counts{.states = 2, .first = {0, 0}, .last = {0, 0}, .steps = {30, 10, 10, 30}};
  const MarkovTest test = test_dependence(counts);
  CHECK(test.statistic == doctest::Approx(2 * (60 * std::log(1.5) + 20 * std::log(0.5))));
  CHECK(test.degrees == 1);
}

TEST_CASE("markov chain: a state that is none is refused with its history") {
  Histories histories;
  histories.add({0});
  histories.add({0, 5});
  try {
    (void)fit_markov_chain(histories, {.states = 2});
    FAIL("it was taken");
  } catch (const Error& error) {
    CHECK(error.first().row == 1);
  }
  CHECK_THROWS_AS((void)fit_markov_chain(histories, {.states = 0}), Error);
  CHECK_THROWS_AS((void)fit_markov_chain(histories, {.states = 6, .pseudo_count = -1}), Error);
}
