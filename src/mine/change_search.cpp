#include "mine/change_search.hpp"

#include <algorithm>
#include <limits>

#include "core/elementary.hpp"

namespace emptor::mine {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double most_alike = 0.95;  // beyond it a series is a random walk, and has no levels
constexpr double rounding = 1e-12;   // of the squares, below which nothing is left

double ends_of(const Stretch& first, const Stretch& last) { return first.first * first.first + last.last * last.last; }

}  // namespace

double whole_alike(const SegmentCosts& costs) noexcept {
  const Stretch all = costs.stretch(0, costs.size());
  const double inner = all.squares - ends_of(all, all);
  return inner > 0 ? all.neighbours / inner : 0;
}

ChangeSearch::ChangeSearch(const SegmentCosts& costs, SegmentShape shape, std::size_t least, bool autocorrelated)
    : costs_(costs), shape_(shape), least_(least), autocorrelated_(autocorrelated), none_(left({}).squares) {}

/// The exact sum of squares of an autoregression whose first point is drawn as all others are.
NoiseLeft ChangeSearch::noise(double squares, double neighbours, double ends) const noexcept {
  const double inner = squares - ends;
  const double alike = autocorrelated_ && inner > 0 ? std::clamp(neighbours / inner, 0.0, most_alike) : 0;
  return {squares - 2 * alike * neighbours + alike * alike * inner, alike};
}

NoiseLeft ChangeSearch::left(const std::vector<std::size_t>& begins) const {
  double squares = 0, neighbours = 0;
  Stretch first, before;
  for (std::size_t s = 0; s <= begins.size(); ++s) {
    const std::size_t begin = s == 0 ? 0 : begins[s - 1], end = s < begins.size() ? begins[s] : costs_.size();
    const Stretch own = costs_.stretch(begin, end);
    if (s == 0) first = own;
    squares += own.squares;
    neighbours += own.neighbours + (s == 0 ? 0 : before.last * own.first);
    before = own;
  }
  return noise(squares, neighbours, ends_of(first, before));
}

/// Points less what was fitted: the segments' numbers, their places and the autocorrelation.
double ChangeSearch::free_numbers(std::size_t changes) const noexcept {
  const std::size_t a_segment = shape_ == SegmentShape::level ? 1 : 2;
  return static_cast<double>(costs_.size()) - static_cast<double>(a_segment * (changes + 1) + changes + 1);
}

double ChangeSearch::variance(const std::vector<std::size_t>& begins) const {
  return left(begins).squares / free_numbers(begins.size());
}

double ChangeSearch::gain(double before, const Found& after) const noexcept {
  if (after.begins.empty() || before <= 0) return 0;
  return free_numbers(after.begins.size()) * elementary::log(before / std::max(after.squares, rounding * before));
}

ChangeSearch::Found ChangeSearch::best_one() const {
  Found best{{}, infinity};
  for (std::size_t at = least_; at + least_ <= costs_.size(); ++at)
    if (const double squares = left({at}).squares; squares < best.squares) best = {{at}, squares};
  return best;
}

ChangeSearch::Found ChangeSearch::best_two() const {
  const std::size_t n = costs_.size();
  Found best{{}, infinity};
  if (free_numbers(2) <= 0) return best;
  std::vector<Stretch> tails(n);
  for (std::size_t at = 2 * least_; at + least_ <= n; ++at) tails[at] = costs_.stretch(at, n);
  std::size_t first = 0, second = 0;
  for (std::size_t a = least_; a + 2 * least_ <= n; ++a) {
    const Stretch head = costs_.stretch(0, a);
    for (std::size_t b = a + least_; b + least_ <= n; ++b) {
      const Stretch middle = costs_.stretch(a, b), &tail = tails[b];
      const double neighbours =
          head.neighbours + head.last * middle.first + middle.neighbours + middle.last * tail.first + tail.neighbours;
      const double here = noise(head.squares + middle.squares + tail.squares, neighbours, ends_of(head, tail)).squares;
      if (here >= best.squares) continue;
      best.squares = here;
      first = a;
      second = b;
    }
  }
  if (first > 0) best.begins = {first, second};
  return best;
}

double ChangeSearch::evidence() const { return std::max(gain(none_, best_one()), gain(none_, best_two()) / 2); }

/// With one more.
ChangeSearch::Found ChangeSearch::best_more(const std::vector<std::size_t>& begins) const {
  Found best{{}, infinity};
  if (free_numbers(begins.size() + 1) <= 0) return best;
  for (std::size_t s = 0; s <= begins.size(); ++s) {
    const std::size_t begin = s == 0 ? 0 : begins[s - 1], end = s < begins.size() ? begins[s] : costs_.size();
    std::vector<std::size_t> trial = begins;
    trial.insert(trial.begin() + static_cast<std::ptrdiff_t>(s), begin);
    for (trial[s] = begin + least_; trial[s] + least_ <= end; ++trial[s])
      if (const double squares = left(trial).squares; squares < best.squares) best = {trial, squares};
  }
  return best;
}

/// Each change moved to where it does best between its neighbours.
ChangeSearch::Found ChangeSearch::settled(std::vector<std::size_t> begins) const {
  double least = left(begins).squares;
  for (std::size_t s = 0; s < begins.size(); ++s) {
    const std::size_t from = (s == 0 ? 0 : begins[s - 1]) + least_;
    const std::size_t to = (s + 1 < begins.size() ? begins[s + 1] : costs_.size()) - least_;
    std::vector<std::size_t> trial = begins;
    for (trial[s] = from; trial[s] <= to; ++trial[s]) {
      const double squares = left(trial).squares;
      if (squares >= least) continue;
      least = squares;
      begins[s] = trial[s];
    }
  }
  return {begins, least};
}

std::vector<std::size_t> ChangeSearch::changes(double critical) const {
  const Found one = best_one(), two = best_two();
  const double of_one = gain(none_, one), of_two = gain(none_, two) / 2;
  if (std::max(of_one, of_two) <= critical) return {};
  Found now = of_one >= of_two ? one : two;
  while (now.squares > rounding * none_) {
    const Found next = best_more(now.begins);
    if (gain(now.squares, next) <= critical) break;
    now = settled(next.begins);
  }
  return now.begins;
}

}  // namespace emptor::mine
