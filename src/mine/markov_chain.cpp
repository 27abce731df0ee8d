#include "emptor/mine/markov_chain.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "mine/model_frame.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "markov_chain";
constexpr std::size_t histories_a_part = 4096;

[[noreturn]] void refuse(std::string message, std::string field, std::optional<std::int64_t> row = {}) {
  throw Error(Problem{.code = Code::invalid, .message = std::move(message), .field = std::move(field), .row = row});
}

void check(const MarkovChainOptions& options) {
  if (options.states == 0 || options.states > 8'192) refuse("1 to 8192 states are possible", "states");
  if (!(options.pseudo_count >= 0) || std::isinf(options.pseudo_count)) {
    refuse("a finite number of at least 0 is needed", "pseudo_count");
  }
}

void check(const StateHistories& histories) {
  const bool good = histories.starts.empty()
                        ? histories.states.empty()
                        : histories.starts.front() == 0 && histories.starts.back() == histories.states.size() &&
                              std::is_sorted(histories.starts.begin(), histories.starts.end());
  if (!good) refuse("starts of histories must ascend from 0 to the number of states", "starts");
}

MarkovCounts no_counts(std::uint32_t states) {
  MarkovCounts counts{.states = states};
  counts.first.resize(states);
  counts.last.resize(states);
  counts.steps.resize(std::size_t{states} * states);
  return counts;
}

std::uint64_t sum(std::span<const std::uint64_t> counts) {
  std::uint64_t total = 0;
  for (const std::uint64_t count : counts) total += count;
  return total;
}

/// Counts as shares, each with the pseudo count; all 0 where there is nothing.
void share(std::span<const std::uint64_t> counts, double pseudo, double* out) {
  const double total = static_cast<double>(sum(counts)) + pseudo * static_cast<double>(counts.size());
  for (std::size_t at = 0; at < counts.size(); ++at) {
    out[at] = total > 0 ? (static_cast<double>(counts[at]) + pseudo) / total : 0;
  }
}

/// Solves a x = b (row by row, n x n) by elimination with the largest pivot, the lowest row of equals.
std::vector<double> solve(std::vector<double> a, std::vector<double> b) {
  const std::size_t n = b.size();
  for (std::size_t column = 0; column < n; ++column) {
    beat("solving", column, n);
    std::size_t pivot = column;
    for (std::size_t row = column + 1; row < n; ++row) {
      if (std::abs(a[row * n + column]) > std::abs(a[pivot * n + column])) pivot = row;
    }
    if (a[pivot * n + column] == 0) refuse("the chain has no single answer", "chain");
    std::swap_ranges(a.begin() + static_cast<std::ptrdiff_t>(pivot * n),
                     a.begin() + static_cast<std::ptrdiff_t>(pivot * n + n),
                     a.begin() + static_cast<std::ptrdiff_t>(column * n));
    std::swap(b[pivot], b[column]);
    for (std::size_t row = column + 1; row < n; ++row) {
      const double factor = a[row * n + column] / a[column * n + column];
      if (factor == 0) continue;
      for (std::size_t at = column; at < n; ++at) a[row * n + at] -= factor * a[column * n + at];
      b[row] -= factor * b[column];
    }
  }
  for (std::size_t row = n; row-- > 0;) {
    for (std::size_t at = row + 1; at < n; ++at) b[row] -= a[row * n + at] * b[at];
    b[row] /= a[row * n + row];
  }
  return b;
}

/// States that can be reached from the marked ones, they themselves too; `back`: from which they can be.
std::vector<bool> reach(const MarkovChain& chain, std::vector<bool> marked, bool back) {
  std::vector<std::uint32_t> open;
  for (std::uint32_t state = 0; state < chain.states(); ++state) {
    if (marked[state]) open.push_back(state);
  }
  while (!open.empty()) {
    const std::uint32_t at = open.back();
    open.pop_back();
    for (std::uint32_t next = 0; next < chain.states(); ++next) {
      const double step = back ? chain.transition(next, at) : chain.transition(at, next);
      if (step == 0 || marked[next]) continue;
      marked[next] = true;
      open.push_back(next);
    }
  }
  return marked;
}

/// Classes that are never left: of each, its states.
std::vector<std::vector<std::uint32_t>> closed_classes(const MarkovChain& chain, const std::vector<bool>& reached) {
  std::vector<std::vector<std::uint32_t>> classes;
  std::vector<bool> done(chain.states(), false);
  for (std::uint32_t state = 0; state < chain.states(); ++state) {
    if (!reached[state] || done[state]) continue;
    std::vector<bool> self(chain.states(), false);
    self[state] = true;
    const std::vector<bool> after = reach(chain, self, false), before = reach(chain, self, true);
    std::vector<std::uint32_t> members;
    bool closed = true;
    for (std::uint32_t other = 0; other < chain.states(); ++other) {
      if (after[other] && before[other]) {
        members.push_back(other);
        done[other] = true;
      }
      closed = closed && (!after[other] || before[other]);
    }
    if (closed) classes.push_back(std::move(members));
  }
  return classes;
}

/// The distribution within a closed class.
std::vector<double> balance(const MarkovChain& chain, std::span<const std::uint32_t> members) {
  const std::size_t n = members.size();
  std::vector<double> a(n * n), b(n, 0.0);
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t at = 0; at < n; ++at) a[row * n + at] = chain.transition(members[at], members[row]) - (row == at);
  }
  std::fill_n(a.begin(), n, 1.0);  // one equation follows from the others: shares that sum to 1 replace it
  b[0] = 1;
  return solve(std::move(a), std::move(b));
}

/// Where the chain ends up: the chance of each class from the start, by the chance of it from each passing state.
std::vector<double> absorption(const MarkovChain& chain, const std::vector<bool>& reached,
                               const std::vector<std::vector<std::uint32_t>>& classes) {
  std::vector<int> class_of(chain.states(), -1);
  for (std::size_t at = 0; at < classes.size(); ++at) {
    for (const std::uint32_t state : classes[at]) class_of[state] = static_cast<int>(at);
  }
  std::vector<std::uint32_t> passing;
  for (std::uint32_t state = 0; state < chain.states(); ++state) {
    if (reached[state] && class_of[state] < 0) passing.push_back(state);
  }
  std::vector<double> chances(classes.size(), 0);
  const std::size_t n = passing.size();
  for (std::size_t at = 0; at < classes.size(); ++at) {
    std::vector<double> a(n * n), b(n, 0.0);
    for (std::size_t row = 0; row < n; ++row) {
      for (std::size_t column = 0; column < n; ++column) {
        a[row * n + column] = (row == column) - chain.transition(passing[row], passing[column]);
      }
      for (const std::uint32_t state : classes[at]) b[row] += chain.transition(passing[row], state);
    }
    const std::vector<double> from = solve(std::move(a), std::move(b));
    for (const std::uint32_t state : classes[at]) chances[at] += chain.initial[state];
    for (std::size_t row = 0; row < n; ++row) chances[at] += chain.initial[passing[row]] * from[row];
  }
  return chances;
}

}  // namespace

MarkovCounts partial(const StateHistories& batch, const MarkovChainOptions& options) {
  check(options);
  check(batch);
  MarkovCounts counts = no_counts(options.states);
  for (std::size_t history = 0; history < batch.size(); ++history) {
    if ((history & 4095) == 0) beat("histories", history, batch.size());
    const auto states = batch.states.subspan(batch.starts[history], batch.starts[history + 1] - batch.starts[history]);
    for (const std::uint32_t state : states) {
      if (state >= options.states)
        refuse("a history holds a state that is none", "states", static_cast<std::int64_t>(history));
    }
    if (states.empty()) continue;
    ++counts.first[states.front()];
    ++counts.last[states.back()];
    for (std::size_t at = 1; at < states.size(); ++at) {
      ++counts.steps[std::size_t{states[at - 1]} * options.states + states[at]];
    }
  }
  return counts;
}

void merge(MarkovCounts& into, const MarkovCounts& other) {
  if (into.states != other.states) throw Error(Code::misuse, "counts of different numbers of states");
  const auto add = [](std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from) {
    for (std::size_t at = 0; at < to.size(); ++at) to[at] += from[at];
  };
  add(into.first, other.first);
  add(into.last, other.last);
  add(into.steps, other.steps);
}

MarkovChain finish(MarkovCounts counts, const MarkovChainOptions& options) {
  check(options);
  if (counts.states != options.states) throw Error(Code::misuse, "counts of another number of states");
  MarkovChain chain{.options = options, .counts = std::move(counts)};
  const std::size_t n = options.states;
  chain.initial.resize(n);
  chain.transitions.resize(n * n);
  share(chain.counts.first, 0, chain.initial.data());
  for (std::size_t state = 0; state < n; ++state) {
    const auto row = std::span(chain.counts.steps).subspan(state * n, n);
    share(row, options.pseudo_count, chain.transitions.data() + state * n);
    for (std::size_t to = 0; to < n; ++to) {
      if (row[to] == 0) continue;
      chain.log_likelihood += static_cast<double>(row[to]) * elementary::log(chain.transitions[state * n + to]);
    }
  }
  return chain;
}

MarkovChain fit_markov_chain(const StateHistories& histories, const MarkovChainOptions& options, const Run& run) {
  check(options);
  check(histories);
  const LongCall call(run.progress);
  const std::size_t parts =
      std::max<std::size_t>(1, std::min(run.executor.threads, histories.size() / histories_a_part));
  std::vector<MarkovCounts> counts(parts);
  run.executor.run(parts, [&](std::size_t part) {
    const std::size_t first = histories.size() * part / parts, last = histories.size() * (part + 1) / parts;
    const std::uint64_t begin = histories.starts.empty() ? 0 : histories.starts[first];
    std::vector<std::uint64_t> starts{0};
    for (std::size_t at = first; at < last; ++at) starts.push_back(histories.starts[at + 1] - begin);
    counts[part] = partial({starts, histories.states.subspan(begin, starts.back())}, options);
  });
  for (std::size_t part = 1; part < parts; ++part) merge(counts[0], counts[part]);
  return finish(std::move(counts[0]), options);
}

std::vector<double> MarkovChain::next_of(std::uint32_t state, std::uint32_t steps) const {
  if (state >= states()) refuse("there is no such state", "state");
  std::vector<double> now(states(), 0.0);
  now[state] = 1;
  for (std::uint32_t step = 0; step < steps; ++step) {
    std::vector<double> next(states(), 0.0);
    for (std::uint32_t from = 0; from < states(); ++from) {
      for (std::uint32_t to = 0; now[from] != 0 && to < states(); ++to) next[to] += now[from] * transition(from, to);
    }
    now = std::move(next);
  }
  return now;
}

std::vector<double> stationary_of(const MarkovChain& chain) {
  std::vector<bool> begin(chain.states());
  for (std::uint32_t state = 0; state < chain.states(); ++state) begin[state] = chain.initial[state] > 0;
  const std::vector<bool> reached = reach(chain, begin, false);
  for (std::uint32_t state = 0; state < chain.states(); ++state) {
    double left = 0;
    for (std::uint32_t to = 0; to < chain.states(); ++to) left += chain.transition(state, to);
    if (reached[state] && left == 0) refuse("a state that can be reached is never left", "chain", state);
  }
  const auto classes = closed_classes(chain, reached);
  if (classes.empty()) refuse("no history begins anywhere", "chain");
  const std::vector<double> chances = absorption(chain, reached, classes);
  std::vector<double> shares(chain.states(), 0.0);
  for (std::size_t at = 0; at < classes.size(); ++at) {
    const std::vector<double> within = balance(chain, classes[at]);
    for (std::size_t member = 0; member < within.size(); ++member) {
      shares[classes[at][member]] = chances[at] * within[member];
    }
  }
  return shares;
}

std::vector<double> steps_until(const MarkovChain& chain, std::uint32_t target) {
  if (target >= chain.states()) refuse("there is no such state", "target");
  std::vector<bool> at_target(chain.states(), false);
  at_target[target] = true;
  const std::vector<bool> can = reach(chain, at_target, true);
  // Whoever may get where the target cannot be reached from waits for ever.
  std::vector<bool> lost(chain.states());
  for (std::uint32_t state = 0; state < chain.states(); ++state) lost[state] = !can[state];
  MarkovChain stopped = chain;
  std::fill_n(stopped.transitions.begin() + static_cast<std::ptrdiff_t>(std::size_t{target} * chain.states()),
              chain.states(), 0.0);
  const std::vector<bool> may_be_lost = reach(stopped, lost, true);
  std::vector<std::uint32_t> finite;
  for (std::uint32_t state = 0; state < chain.states(); ++state) {
    if (state != target && !may_be_lost[state]) finite.push_back(state);
  }
  const std::size_t n = finite.size();
  std::vector<double> a(n * n), b(n, 1.0);
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t at = 0; at < n; ++at) a[row * n + at] = (row == at) - chain.transition(finite[row], finite[at]);
  }
  const std::vector<double> steps = solve(std::move(a), std::move(b));
  std::vector<double> all(chain.states(), std::numeric_limits<double>::infinity());
  all[target] = 0;
  for (std::size_t row = 0; row < n; ++row) all[finite[row]] = steps[row];
  return all;
}

double log_probability(const MarkovChain& chain, std::span<const std::uint32_t> states) {
  double sum = 0;
  for (std::size_t at = 0; at < states.size(); ++at) {
    if (states[at] >= chain.states()) refuse("a history holds a state that is none", "states");
    if (at > 0) sum += elementary::log(chain.transition(states[at - 1], states[at]));
  }
  return sum;
}

MarkovTest test_dependence(const MarkovCounts& counts) {
  const std::size_t n = counts.states;
  std::vector<double> out(n, 0.0), in(n, 0.0);
  double total = 0;
  for (std::size_t from = 0; from < n; ++from) {
    for (std::size_t to = 0; to < n; ++to) {
      const auto count = static_cast<double>(counts.steps[from * n + to]);
      out[from] += count;
      in[to] += count;
      total += count;
    }
  }
  MarkovTest test;
  for (std::size_t from = 0; from < n; ++from) {
    for (std::size_t to = 0; to < n; ++to) {
      const auto count = static_cast<double>(counts.steps[from * n + to]);
      if (count > 0) test.statistic += 2 * count * elementary::log(count * total / (out[from] * in[to]));
    }
  }
  const auto rows = static_cast<double>(std::count_if(out.begin(), out.end(), [](double x) { return x > 0; }));
  const auto columns = static_cast<double>(std::count_if(in.begin(), in.end(), [](double x) { return x > 0; }));
  test.degrees = rows > 0 ? (rows - 1) * (columns - 1) : 0;
  return test;
}

std::string save(const MarkovChain& chain) {
  ModelFrame frame{.algorithm = std::string(algorithm),
                   .options = "{\"states\":" + std::to_string(chain.states()) + "}"};
  std::string& out = frame.payload;
  append_varint(out, chain.states());
  append_double(out, chain.options.pseudo_count);
  for (const auto* counts : {&chain.counts.first, &chain.counts.last, &chain.counts.steps}) {
    for (const std::uint64_t count : *counts) append_varint(out, count);
  }
  return to_bytes(frame);
}

MarkovChain load_markov_chain(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, 1);
  ByteReader reader(frame.payload);
  const std::uint64_t states = reader.varint();
  MarkovChainOptions options{.states = static_cast<std::uint32_t>(std::min<std::uint64_t>(states, UINT32_MAX))};
  options.pseudo_count = read_double(reader);
  if (options.states == 0 || options.states > 8'192 || states * states > reader.left()) {
    throw Error(Code::corrupt, "a saved chain contradicts itself");
  }
  MarkovCounts counts = no_counts(options.states);
  for (auto* numbers : {&counts.first, &counts.last, &counts.steps}) {
    for (std::uint64_t& count : *numbers) count = reader.varint();
  }
  if (!reader.done()) throw Error(Code::corrupt, "a saved chain contradicts itself");
  return finish(std::move(counts), options);
}

}  // namespace emptor::mine
