#include "mine/gap_likelihood.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/elementary.hpp"
#include "mine/distributions.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t lanes = 4;  // fractions side by side, so that one's divisions do not wait for another's
constexpr double least_log_chance = -690.77552789821368;  // of 1e-300
constexpr double least_factor = 1e-60;                    // of which as many as lanes can be multiplied

/// One of both sides of an incomplete beta function; their places add up to 1.
struct End {
  double shape, place, log_place;
};

/// Some incomplete beta functions I_x(a, b), y = 1 - x.
struct BetaTails {
  std::array<double, lanes> a{}, b{}, x{}, log_x{}, log_y{};
  std::array<double, lanes> log_factor{};  ///< - log B(a, b)
  std::array<bool, lanes> other{};         ///< asked for is 1 less that

  /// The fraction of the side on which it converges quickly (Abramowitz and Stegun, 26.5.8).
  void set(std::size_t lane, const End& front, const End& back, double factor) {
    other[lane] = front.place >= (front.shape + 1) / (front.shape + back.shape + 2);
    const End &first = other[lane] ? back : front, &second = other[lane] ? front : back;
    a[lane] = first.shape, b[lane] = second.shape, x[lane] = first.place;
    log_x[lane] = first.log_place, log_y[lane] = second.log_place;
    log_factor[lane] = factor;
  }
  std::array<double, lanes> fractions() const noexcept;
  /// I_x(a, b) itself, or what is left of it when its power is taken out, and that power's logarithm.
  struct Chance {
    double factor, log_power;
  };
  Chance chance(std::size_t lane, double fraction) const noexcept {
    const double power = log_factor[lane] + a[lane] * log_x[lane] + b[lane] * log_y[lane];
    if (!other[lane]) return {fraction / a[lane], power};
    return {std::max(1 - elementary::exp(power) * fraction / a[lane], 1e-300), 0};
  }
};

/// By the recurrences of numerator and denominator, two steps a round with one division. The partial denominators are
/// all 1, so both change slowly: they are scaled where convergence is looked at.
std::array<double, lanes> BetaTails::fractions() const noexcept {
  using Lane = std::array<double, lanes>;
  Lane value, below, value_before, below_before, shown;
  for (std::size_t l = 0; l < lanes; ++l) {
    value[l] = value_before[l] = below_before[l] = shown[l] = 1;
    below[l] = 1 - (a[l] + b[l]) * x[l] / (a[l] + 1);
  }
  constexpr int stride = 4, most_rounds = 100'000;
  for (int round = 1; round < most_rounds; round += stride) {
    for (int step = 0; step < stride; ++step) {
      const double m = round + step;
      for (std::size_t l = 0; l < lanes; ++l) {
        const double at = a[l] + 2 * m, scaled = x[l] / (at * (at - 1) * (at + 1));
        const double even = m * (b[l] - m) * (at + 1) * scaled;
        const double odd = (a[l] + m) * (a[l] + b[l] + m) * (at - 1) * scaled;
        value_before[l] = value[l] + even * value_before[l];
        below_before[l] = below[l] + even * below_before[l];
        value[l] = value_before[l] - odd * value[l];
        below[l] = below_before[l] - odd * below[l];
      }
    }
    bool settled = true;
    for (std::size_t l = 0; l < lanes; ++l) {
      const double scale = 1 / below[l], now = value[l] * scale;
      value_before[l] *= scale;
      below_before[l] *= scale;
      value[l] = now;
      below[l] = 1;
      settled = settled && std::abs(now - shown[l]) <= 1e-13 * std::abs(now);
      shown[l] = now;
    }
    if (settled) break;
  }
  return shown;
}

/// The logarithms of the chances of the first lanes: one for all of them where their product does not vanish.
double sum_of_logs(const BetaTails& tails, std::size_t count) {
  const std::array<double, lanes> fractions = tails.fractions();
  double sum = 0, product = 1;
  for (std::size_t lane = 0; lane < count; ++lane) {
    const auto [factor, log_power] = tails.chance(lane, fractions[lane]);
    if (factor < least_factor || log_power < least_log_chance / 2) {
      sum += std::max(elementary::log(factor) + log_power, least_log_chance);
    } else {
      product *= factor;
      sum += log_power;
    }
  }
  return sum + elementary::log(product);
}

/// log Gamma at start, start + step, ... of those numbers that are asked for.
std::vector<double> log_gammas(double start, double step, const std::vector<std::uint64_t>& asked) {
  std::vector<double> out(asked.size() + 1);
  for (std::size_t n = 0; n < out.size(); ++n) {
    if (n == 0 || (n < asked.size() && asked[n] > 0) || asked[n - 1] > 0)
      out[n] = log_gamma(start + static_cast<double>(n) * step);
  }
  return out;
}

}  // namespace

void GapLikelihood::add(std::span<const double> of_pair, double age) {
  double sum = 0;
  for (const double gap : of_pair) {
    logs_ += elementary::log(gap);
    sum += gap;
  }
  total_ += sum;
  gaps_ += static_cast<double>(of_pair.size());
  pairs_.push_back({sum, age, age > 0 ? elementary::log(age) : 0, static_cast<std::uint32_t>(of_pair.size())});
  if (pairs_with_.size() <= of_pair.size()) pairs_with_.resize(of_pair.size() + 1);
  ++pairs_with_[of_pair.size()];
}

double GapLikelihood::at(const ProductRhythm& rhythm) const {
  const double gap_gamma = log_gamma(rhythm.shape);
  const std::vector<double> gammas = log_gammas(rhythm.rate_shape, rhythm.shape, pairs_with_);
  double sum = (rhythm.shape - 1) * logs_ - gaps_ * gap_gamma;
  std::vector<double> factors(pairs_with_.size());
  for (std::size_t n = 0; n < factors.size(); ++n) {
    factors[n] = gammas[n + 1] - gammas[n] - gap_gamma;
    if (pairs_with_[n] > 0) sum += static_cast<double>(pairs_with_[n]) * (gammas[n] - gammas[0]);
  }
  return sum + with_rates(rhythm, factors);
}

/// What is of each pair alone: its rate integrated out, and its open gap.
double GapLikelihood::with_rates(const ProductRhythm& rhythm, std::span<const double> factors) const {
  const double log_rate_scale = elementary::log(rhythm.rate_scale);
  double sum = 0;
  BetaTails tails;
  std::size_t lane = 0;
  for (const Pair& pair : pairs_) {
    const double shape = rhythm.rate_shape + pair.count * rhythm.shape, scale = rhythm.rate_scale + pair.sum;
    const double log_scale = pair.count == 0 ? log_rate_scale : elementary::log(scale);
    sum += rhythm.rate_shape * log_rate_scale - shape * log_scale;
    if (!(pair.age > 0)) continue;  // no gap is shorter than nothing
    const double whole = scale + pair.age, log_whole = elementary::log(whole);
    tails.set(lane++, {shape, scale / whole, log_scale - log_whole},
              {rhythm.shape, pair.age / whole, pair.log_age - log_whole}, factors[pair.count]);
    if (lane < lanes) continue;
    sum += sum_of_logs(tails, lane);
    lane = 0;
  }
  return sum + sum_of_logs(tails, lane);
}

}  // namespace emptor::mine
