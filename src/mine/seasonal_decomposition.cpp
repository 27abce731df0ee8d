#include "emptor/mine/seasonal_decomposition.hpp"

#include <algorithm>
#include <cmath>

#include "mine/refusal.hpp"

namespace emptor::mine {
namespace {

using Series = std::vector<double>;

double squared(double x) { return x * x; }
double cubed(double x) { return x * x * x; }

/// The tricube weight at a distance, of points within h; those at the border are left out.
double tricube(double distance, double h) {
  if (distance > 0.999 * h) return 0;
  return distance <= 0.001 * h ? 1 : cubed(1 - cubed(distance / h));
}

/// Points of a series, their places counted from 0, and how much each counts.
struct Points {
  const Series& y;
  const Series* robust = nullptr;  ///< all 1 without it
  double weight(std::size_t i) const { return robust == nullptr ? 1 : (*robust)[i]; }
};

/// Local regression of degree 0 or 1.
struct Loess {
  std::size_t window;
  int degree;

  /// The fit at x from the points first ... last; false where no point counts.
  bool at(const Points& points, double x, std::size_t first, std::size_t last, double& fitted) const {
    double h = std::max(x - static_cast<double>(first), static_cast<double>(last) - x);
    const std::size_t n = points.y.size();
    if (window > n) h += static_cast<double>((window - n) / 2);
    double sum = 0, mean = 0;
    const auto weight = [&](std::size_t i) {
      return points.weight(i) * tricube(std::abs(static_cast<double>(i) - x), h);
    };
    for (std::size_t i = first; i <= last; ++i) sum += weight(i);
    if (!(sum > 0)) return false;
    for (std::size_t i = first; i <= last; ++i) mean += weight(i) / sum * static_cast<double>(i);
    const double slope = degree > 0 && h > 0 ? tilt(first, last, x, mean, n, sum, weight) : 0;
    fitted = 0;
    for (std::size_t i = first; i <= last; ++i)
      fitted += weight(i) / sum * (slope * (static_cast<double>(i) - mean) + 1) * points.y[i];
    return true;
  }

  /// The fit at every point.
  Series smooth(const Points& points) const {
    const std::size_t n = points.y.size();
    Series fitted(n);
    const std::size_t wide = std::min(window, n), half = (window + 1) / 2;
    std::size_t first = 0;
    for (std::size_t i = 0; i < n; ++i) {
      if (i >= half && first + wide < n) ++first;
      if (!at(points, static_cast<double>(i), first, first + wide - 1, fitted[i])) fitted[i] = points.y[i];
    }
    return fitted;
  }

 private:
  template <class Weight>
  static double tilt(std::size_t first, std::size_t last, double x, double mean, std::size_t n, double sum,
                     const Weight& weight) {
    double spread = 0;
    for (std::size_t i = first; i <= last; ++i) spread += weight(i) / sum * squared(static_cast<double>(i) - mean);
    return std::sqrt(spread) > 0.001 * static_cast<double>(n - 1) ? (x - mean) / spread : 0;
  }
};

/// Means of so many neighbours.
Series moving_mean(const Series& y, std::size_t wide) {
  Series means(y.size() - wide + 1);
  for (std::size_t i = 0; i < means.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < wide; ++k) sum += y[i + k];
    means[i] = sum / static_cast<double>(wide);
  }
  return means;
}

class Decomposing {
 public:
  Decomposing(Numbers values, const SeasonalOptions& options)
      : y_(values.begin(), values.end()),
        options_(options),
        periodic_(options.seasonal_window == 0),
        seasonal_{periodic_ ? 10 * values.size() + 1 : options.seasonal_window, periodic_ ? 0 : 1},
        trend_{trend_window(), 1},
        low_pass_{options.period % 2 == 0 ? options.period + 1 : options.period, 1} {
    out_.trend.assign(y_.size(), 0);
    out_.season.assign(y_.size(), 0);
    out_.weights.assign(y_.size(), 1);
  }

  SeasonalDecomposition run() {
    for (std::size_t round = 0; round <= options_.robust; ++round) {
      for (std::size_t i = 0; i < options_.inner; ++i) step(round > 0 ? &out_.weights : nullptr);
      if (round < options_.robust) weigh();
    }
    if (periodic_ && options_.period > 1) alike();
    out_.remainder.resize(y_.size());
    for (std::size_t i = 0; i < y_.size(); ++i) out_.remainder[i] = y_[i] - out_.trend[i] - out_.season[i];
    out_.seasonal_strength = strength(out_.season);
    out_.trend_strength = strength(out_.trend);
    return std::move(out_);
  }

 private:
  std::size_t trend_window() const {
    if (options_.trend_window != 0) return options_.trend_window;
    if (options_.period == 1) return 13;
    const double shrunk = periodic_ ? 1 : 1 - 1.5 / static_cast<double>(options_.seasonal_window);
    const auto least = static_cast<std::size_t>(std::ceil(1.5 * static_cast<double>(options_.period) / shrunk));
    return least % 2 == 0 ? least + 1 : least;
  }

  Series less(const Series& part) const {
    Series rest(y_.size());
    for (std::size_t i = 0; i < y_.size(); ++i) rest[i] = y_[i] - part[i];
    return rest;
  }

  void step(const Series* robust) {
    if (options_.period > 1) out_.season = season_of(less(out_.trend), robust);
    const Series rest = less(out_.season);
    out_.trend = trend_.smooth({rest, robust});
  }

  /// Each place of the cycle smoothed by itself, less what is left of the trend in that.
  Series season_of(const Series& detrended, const Series* robust) const {
    const std::size_t n = y_.size(), p = options_.period;
    Series cycles(n + 2 * p);
    for (std::size_t place = 0; place < p; ++place) smooth_place(detrended, robust, place, cycles);
    const Series passed = moving_mean(moving_mean(moving_mean(cycles, p), p), 3);
    const Series low = low_pass_.smooth({passed});
    Series season(n);
    for (std::size_t i = 0; i < n; ++i) season[i] = cycles[p + i] - low[i];
    return season;
  }

  /// With a point before the first cycle and one after the last.
  void smooth_place(const Series& detrended, const Series* robust, std::size_t place, Series& cycles) const {
    Series own, weights;
    for (std::size_t i = place; i < detrended.size(); i += options_.period) {
      own.push_back(detrended[i]);
      weights.push_back(robust == nullptr ? 1 : (*robust)[i]);
    }
    const Points points{own, &weights};
    const Series smooth = seasonal_.smooth(points);
    const std::size_t last = own.size() - 1, wide = std::min(seasonal_.window, own.size());
    double before = smooth.front(), after = smooth.back();
    seasonal_.at(points, -1, 0, wide - 1, before);
    seasonal_.at(points, static_cast<double>(own.size()), last + 1 - wide, last, after);
    cycles[place] = before;
    for (std::size_t k = 0; k < smooth.size(); ++k) cycles[place + (k + 1) * options_.period] = smooth[k];
    cycles[place + (smooth.size() + 1) * options_.period] = after;
  }

  /// Bisquare weights of what is left, in units of six medians of its size.
  void weigh() {
    Series sizes(y_.size());
    for (std::size_t i = 0; i < y_.size(); ++i) sizes[i] = std::abs(y_[i] - out_.trend[i] - out_.season[i]);
    Series sorted = sizes;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t n = sorted.size();
    const double border = 3 * (sorted[n / 2] + sorted[n - n / 2 - 1]);
    for (std::size_t i = 0; i < n; ++i) {
      if (sizes[i] <= 0.001 * border)
        out_.weights[i] = 1;
      else
        out_.weights[i] = sizes[i] <= 0.999 * border ? squared(1 - squared(sizes[i] / border)) : 0;
    }
  }

  /// The same season in every cycle.
  void alike() {
    for (std::size_t place = 0; place < options_.period; ++place) {
      double sum = 0, count = 0;
      for (std::size_t i = place; i < y_.size(); i += options_.period, ++count) sum += out_.season[i];
      for (std::size_t i = place; i < y_.size(); i += options_.period) out_.season[i] = sum / count;
    }
  }

  double strength(const Series& part) const {
    Series both(part.size());
    for (std::size_t i = 0; i < part.size(); ++i) both[i] = part[i] + out_.remainder[i];
    const double all = variance(both);
    return all > 0 ? std::max(0.0, 1 - variance(out_.remainder) / all) : 0;
  }
  static double variance(const Series& y) {
    double mean = 0, sum = 0;
    for (const double one : y) mean += one / static_cast<double>(y.size());
    for (const double one : y) sum += squared(one - mean);
    return sum / static_cast<double>(y.size());
  }

  Series y_;
  SeasonalOptions options_;
  bool periodic_;
  Loess seasonal_, trend_, low_pass_;
  SeasonalDecomposition out_;
};

void check(Numbers values, const SeasonalOptions& options) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i])) refuse_row("a number of the series is not finite", "values", i);
  if (values.size() < 4) refuse_row("a series has four points or more", "values");
  if (options.period == 0 || (options.period > 1 && values.size() / 2 < options.period))
    refuse_row("there are fewer than two cycles", "period", {}, "a period of 1 has no season");
  if (options.seasonal_window != 0 && (options.seasonal_window < 3 || options.seasonal_window % 2 == 0))
    refuse_row("a window is odd, and 3 or more", "seasonal_window");
  if (options.trend_window != 0 && (options.trend_window < 3 || options.trend_window % 2 == 0))
    refuse_row("a window is odd, and 3 or more", "trend_window");
  if (options.inner == 0) refuse_row("there is one round or more", "inner");
}

}  // namespace

SeasonalDecomposition decompose_season(Numbers values, const SeasonalOptions& options) {
  check(values, options);
  return Decomposing(values, options).run();
}

}  // namespace emptor::mine
