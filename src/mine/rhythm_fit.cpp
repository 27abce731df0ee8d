#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/elementary.hpp"
#include "core/long_call.hpp"
#include "emptor/core/random.hpp"
#include "emptor/mine/rhythm.hpp"
#include "mine/gap_likelihood.hpp"
#include "mine/rhythm_gaps.hpp"
#include "mine/row_chunks.hpp"
#include "mine/simplex_search.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

void check_options(const RhythmOptions& options) {
  if (!(options.level > 0 && options.level < 1)) refuse_input("a level lies between 0 and 1", "level");
  if (!(options.lapse > 0 && options.lapse < 1)) refuse_input("a lapse lies between 0 and 1", "lapse");
  if (options.most_pairs < 100) refuse_input("100 pairs or more are needed for a fit", "most_pairs");
  if (options.least_gaps < 2) refuse_input("a rhythm needs two gaps or more", "least_gaps");
}

/// Where the search for a product's rhythm begins.
struct SearchStart {
  double shape = 1.5, rate_shape = 2;
  double typical = 1;  ///< the typical gap, in units of the mean of those that have ended
};

/// The rhythm of all products is near that of most.
SearchStart start_beside(const ProductRhythm& all, const AllGaps& gaps) {
  const double mean = std::accumulate(gaps.gaps.begin(), gaps.gaps.end(), 0.0) / static_cast<double>(gaps.gaps.size());
  const double typical = all.rate_scale * all.shape / all.rate_shape;
  return {std::clamp(all.shape, 0.2, 20.0), std::clamp(all.rate_shape, 0.5, 20.0),
          std::clamp(typical / mean, 0.2, 5.0)};
}

ProductRhythm fitted(const GapLikelihood& likelihood, const SearchStart& begun) {
  // Beyond these bounds gaps are all alike, or customers are: nothing changes any more.
  constexpr double low[] = {0.05, 0.1, 1e-3}, high[] = {1e3, 1e5, 1e10};
  const double log_low[] = {elementary::log(low[0]), elementary::log(low[1]), elementary::log(low[2])};
  const double log_high[] = {elementary::log(high[0]), elementary::log(high[1]), elementary::log(high[2])};
  using Point = SimplexPoint<3>;
  const auto rhythm_at = [&](const Point& at) {
    double bounded[3];
    for (std::size_t i = 0; i < 3; ++i) bounded[i] = elementary::exp(std::clamp(at[i], log_low[i], log_high[i]));
    ProductRhythm rhythm;
    rhythm.shape = bounded[0];
    rhythm.rate_shape = bounded[1];
    rhythm.rate_scale = bounded[2] * bounded[1] / bounded[0];  // the third is the typical gap
    return rhythm;
  };
  const Point start{elementary::log(begun.shape), elementary::log(begun.rate_shape),
                    elementary::log(begun.typical * likelihood.mean_gap())};
  const Point best = simplex_minimum<3>(start, [&](const Point& at) {
    double outside = 0;
    for (std::size_t i = 0; i < 3; ++i) outside += std::abs(at[i] - std::clamp(at[i], log_low[i], log_high[i]));
    return outside * likelihood.gaps() - likelihood.at(rhythm_at(at));
  });
  return rhythm_at(best);
}

/// Of many pairs those of least hash, whatever order they came in.
std::vector<std::uint32_t> sampled(std::span<const std::uint32_t> places, const AllGaps& all, std::size_t most) {
  std::vector<std::uint32_t> sample(places.begin(), places.end());
  if (sample.size() <= most) return sample;
  const auto key = [&](std::uint32_t place) {
    return std::pair(hash_of(all.pairs[place].item, all.pairs[place].customer), place);
  };
  std::nth_element(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(most), sample.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  sample.resize(most);
  std::sort(sample.begin(), sample.end());
  return sample;
}

struct GapsSeen {
  const AllGaps& all;
  std::int64_t today;
  std::size_t most_pairs;  ///< that a fit looks at
};

ProductRhythm fitted(std::span<const std::uint32_t> places, const GapsSeen& seen, const SearchStart& start) {
  GapLikelihood likelihood;
  for (const std::uint32_t place : sampled(places, seen.all, seen.most_pairs)) {
    const PairGaps& pair = seen.all.pairs[place];
    likelihood.add(seen.all.of(pair), open_gap(pair, seen.today));
  }
  return likelihood.gaps() > 0 ? fitted(likelihood, start) : ProductRhythm{};
}

std::uint64_t gaps_in(std::span<const std::uint32_t> places, const AllGaps& all) {
  std::uint64_t gaps = 0;
  for (const std::uint32_t place : places) gaps += all.pairs[place].count;
  return gaps;
}

/// Ends of the stretches of equal items.
std::vector<std::size_t> stretches(const std::vector<std::uint32_t>& by_item, const AllGaps& all) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < by_item.size(); ++i) {
    if (i == 0 || all.pairs[by_item[i]].item != all.pairs[by_item[i - 1]].item) starts.push_back(i);
  }
  starts.push_back(by_item.size());
  return starts;
}

}  // namespace

RhythmModel fit_rhythm(const PurchaseEvents& events, std::int64_t today, const RhythmOptions& options, const Run& run) {
  check_options(options);
  const LongCall call(run.progress);
  const AllGaps all = gaps_until(events, today);
  if (all.gaps.empty()) refuse_input("nobody bought anything on two days", "times");
  std::vector<std::uint32_t> by_item(all.pairs.size());
  std::iota(by_item.begin(), by_item.end(), 0U);
  std::stable_sort(by_item.begin(), by_item.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return all.pairs[a].item < all.pairs[b].item; });
  const std::vector<std::size_t> starts = stretches(by_item, all);
  RhythmModel model;
  model.options = options;
  model.products.resize(starts.size() - 1);
  const GapsSeen seen{all, today, options.most_pairs};
  model.all = fitted(by_item, seen, {});
  model.all.gaps = all.gaps.size();
  model.all.pairs = all.pairs.size();
  model.all.pooled = true;
  const SearchStart start = start_beside(model.all, all);
  for_chunks(run, "rhythm", model.products.size(), 1, [&](std::size_t, std::size_t p, std::size_t) {
    const auto places = std::span(by_item).subspan(starts[p], starts[p + 1] - starts[p]);
    const std::uint64_t gaps = gaps_in(places, all);
    ProductRhythm& rhythm = model.products[p];
    const bool own = gaps >= options.least_gaps;
    rhythm = own && places.size() < by_item.size() ? fitted(places, seen, start) : model.all;
    rhythm.pooled = !own;
    rhythm.item = all.pairs[places.front()].item;
    rhythm.gaps = gaps;
    rhythm.pairs = places.size();
  });
  return model;
}

}  // namespace emptor::mine
