#include "mine/kmeans_start.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/elementary.hpp"
#include "emptor/core/random.hpp"
#include "mine/kmeans_filter.hpp"
#include "mine/kmeans_search.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t chunk_rows = 8'192;

double uniform(std::uint64_t seed, std::uint64_t id) noexcept {
  return static_cast<double>(hash_of(seed, id) >> 11) * 0x1p-53;
}

bool earlier(const DrawnRow& a, const DrawnRow& b) { return a.key != b.key ? a.key < b.key : a.id < b.id; }

double square_distance(const double* a, const double* b, std::size_t columns) {
  double squared = 0;
  square_distances(&a, &b, 1, columns, &squared);
  return squared;
}

/// One row, copied to where it outlives its batch.
DrawnRow copy_of(const KmeansBatch& batch, std::size_t row, double key) {
  DrawnRow copy{key, batch.id(row), batch.rows.weight(row)};
  for (std::size_t column = 0; column < batch.rows.x.columns(); ++column) {
    copy.values.push_back(batch.rows.x(row, column));
  }
  return copy;
}

}  // namespace

// ---- the race ----------------------------------------------------------------------------------------------------

bool Race::may_win(std::uint64_t id, double weight, double& key) const noexcept {
  const double u = 1 - uniform(seed_, id);  // (0, 1]
  // -ln(u) is at least 1 - u, so most rows are spared the logarithm.
  if ((1 - u) * (1 - 0x1p-40) > worst_ * weight) return false;
  key = -elementary::log(u) / weight;
  return key <= worst_;
}

void Race::enter(DrawnRow row) {
  if (heap_.size() == wanted_) {
    if (!earlier(row, heap_.front())) return;
    std::pop_heap(heap_.begin(), heap_.end(), earlier);
    heap_.pop_back();
  }
  heap_.push_back(std::move(row));
  std::push_heap(heap_.begin(), heap_.end(), earlier);
  if (heap_.size() == wanted_) worst_ = heap_.front().key;
}

void Race::merge(Race& other) {
  for (DrawnRow& row : other.heap_) enter(std::move(row));
  other.heap_.clear();
}

std::vector<DrawnRow> Race::finish() {
  std::sort(heap_.begin(), heap_.end(), earlier);
  return std::move(heap_);
}

// ---- distances to the centres so far -----------------------------------------------------------------------------

Nearest::Nearest(const KmeansRows& rows)
    : rows_(rows),
      scale_(rows.range(), {}),
      squared_(rows.count(), std::numeric_limits<double>::infinity()),
      label_(rows.count()) {}

/// Rows that wait until there are 64 of them, and the search of those.
template <class T>
struct Nearest::Waiting {
  explicit Waiting(const NumberView& x) : pack(x, filter_rows), tile(x.columns()) {}

  RowPack<T> pack;
  KmeansTile tile;
  std::size_t rows[filter_rows];
  std::size_t count = 0;
};

/// Calls gain(worker, batch, row, candidate, squared) for the rows that are nearer to a candidate than to any centre so
/// far: one candidate after the other for each 64 rows.
template <class Gain>
void Nearest::improve(const PaddedCentres& candidates, Gain&& gain) const {
  const KmeansImage image(frame_, candidates);
  const std::vector<double> quarter = quarters(candidates);
  rows_.for_all("start", chunk_rows,
                [&](std::size_t worker, const KmeansBatch& batch, std::size_t first, std::size_t count) {
                  const auto gain_here = [&](std::size_t row, std::size_t candidate, double squared) {
                    gain(worker, batch, row, candidate, squared);
                  };
                  with_type(batch.rows.x, [&]<class T>() {
                    Waiting<T> waiting(batch.rows.x);
                    for (std::size_t row = first; row < first + count; ++row) {
                      const std::size_t at = batch.base + row;
                      if (!centres_.empty() && squared_[at] <= quarter[label_[at]]) continue;
                      waiting.rows[waiting.count++] = row;
                      if (waiting.count == filter_rows) meet(waiting, batch, image, candidates, gain_here);
                    }
                    if (waiting.count > 0) meet(waiting, batch, image, candidates, gain_here);
                  });
                });
}

/// By the triangle inequality, a row nearer to its own centre than half way to a candidate gains nothing from it: a
/// quarter of the squared distance to the nearest candidate, for each centre, a little less.
std::vector<double> Nearest::quarters(const PaddedCentres& candidates) const {
  std::vector<double> out(centres_.size(), std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < centres_.size(); ++i) {
    for (std::size_t c = 0; c < candidates.k; ++c) {
      const double squared = square_distance(centres_[i].data(), candidates.row(c), rows_.columns());
      out[i] = std::min(out[i], squared * (0.25 - 0x1p-30));
    }
  }
  return out;
}

template <class T, class Gain>
void Nearest::meet(Waiting<T>& waiting, const KmeansBatch& batch, const KmeansImage& image,
                   const PaddedCentres& candidates, Gain&& gain) const {
  const T* rows[filter_rows] = {};
  const std::size_t count = waiting.count;
  waiting.count = 0;
  waiting.pack.take(
      count, [&](std::size_t i) { return waiting.rows[i]; }, rows);
  std::fill(rows + count, rows + filter_rows, rows[0]);
  load_tile(image, rows, waiting.tile);
  const double factor = frame_.factor * frame_.factor;
  alignas(64) float limits[filter_rows] = {};
  for (std::size_t i = 0; i < count; ++i) {
    limits[i] = single(squared_[batch.base + waiting.rows[i]] * factor) * (1 + 0x1p-20F);
  }
  for (std::size_t candidate = 0; candidate < candidates.k; ++candidate) {
    const T* nearer[filter_rows];
    const double* to[filter_rows];
    std::size_t numbers[filter_rows];
    double squared[filter_rows];
    std::size_t some = 0;
    std::uint64_t left = nearer_rows(image, static_cast<std::uint32_t>(candidate), limits, count, waiting.tile);
    for (; left != 0; left &= left - 1, ++some) {
      const auto i = static_cast<std::size_t>(std::countr_zero(left));
      nearer[some] = rows[i];
      numbers[some] = waiting.rows[i];
      to[some] = candidates.row(candidate);
    }
    square_distances(nearer, to, some, rows_.columns(), squared);
    for (std::size_t i = 0; i < some; ++i) {
      if (squared[i] < squared_[batch.base + numbers[i]]) gain(numbers[i], candidate, squared[i]);
    }
  }
}

std::vector<DistanceSum> Nearest::savings(std::span<const DrawnRow> candidates) const {
  std::vector<std::vector<DistanceSum>> parts(rows_.workers(), std::vector<DistanceSum>(candidates.size()));
  improve(centres_of(candidates),
          [&](std::size_t worker, const KmeansBatch& batch, std::size_t row, std::size_t candidate, double squared) {
            const double share = batch.rows.weight(row) * scale_.weight_factor;
            parts[worker][candidate].add(scale_, squared_[batch.base + row] * share);
            parts[worker][candidate].add(scale_, -(squared * share));
          });
  for (std::size_t i = 1; i < parts.size(); ++i) {
    for (std::size_t c = 0; c < candidates.size(); ++c) parts[0][c].add(parts[i][c]);
  }
  return std::move(parts[0]);
}

void Nearest::add(std::span<const DrawnRow> drawn) {
  constexpr std::size_t centres_at_once = 32;
  for (; !drawn.empty(); drawn = drawn.subspan(std::min(drawn.size(), centres_at_once))) {
    const std::span<const DrawnRow> some = drawn.first(std::min(drawn.size(), centres_at_once));
    if (centres_.empty()) {
      frame_ = frame_for(rows_.range(), centres_of(some.first(1)), rows_.single());
    }
    const auto first = static_cast<std::uint32_t>(centres_.size());
    improve(centres_of(some),
            [&](std::size_t, const KmeansBatch& batch, std::size_t row, std::size_t candidate, double squared) {
              squared_[batch.base + row] = squared;
              label_[batch.base + row] = first + static_cast<std::uint32_t>(candidate);
            });
    for (const DrawnRow& row : some) {
      centres_.push_back(row.values);
      centres_.back().resize(padded(rows_.columns()));
    }
  }
}

PaddedCentres Nearest::centres_of(std::span<const DrawnRow> drawn) const {
  PaddedCentres out(drawn.size(), rows_.columns());
  for (std::size_t i = 0; i < out.k; ++i) std::copy(drawn[i].values.begin(), drawn[i].values.end(), out.row(i));
  return out;
}

std::vector<DrawnRow> Nearest::draw(std::uint64_t seed, std::size_t wanted, bool by_distance) const {
  std::vector<Race> races(rows_.workers(), Race(seed, wanted));
  rows_.for_all("start", chunk_rows,
                [&](std::size_t worker, const KmeansBatch& batch, std::size_t first, std::size_t count) {
                  for (std::size_t row = first; row < first + count; ++row) {
                    double weight = batch.rows.weight(row);
                    if (by_distance) weight *= squared_[batch.base + row];
                    double key = 0;
                    if (!(weight > 0) || !races[worker].may_win(batch.id(row), weight, key)) continue;
                    races[worker].enter(copy_of(batch, row, key));
                  }
                });
  for (std::size_t i = 1; i < races.size(); ++i) races[0].merge(races[i]);
  return races[0].finish();
}

double Nearest::total() const {
  std::vector<DistanceSum> parts(rows_.workers());
  rows_.for_all(
      "start", chunk_rows, [&](std::size_t worker, const KmeansBatch& batch, std::size_t first, std::size_t count) {
        for (std::size_t row = first; row < first + count; ++row) {
          parts[worker].add(scale_, squared_[batch.base + row] * (batch.rows.weight(row) * scale_.weight_factor));
        }
      });
  for (std::size_t i = 1; i < parts.size(); ++i) parts[0].add(parts[i]);
  return parts[0].value(scale_);
}

std::vector<DrawnRow> Nearest::sample(std::uint64_t seed, double expected) const {
  const double all = total();
  std::vector<std::vector<DrawnRow>> parts(rows_.workers());
  rows_.for_all("start", chunk_rows,
                [&](std::size_t worker, const KmeansBatch& batch, std::size_t first, std::size_t count) {
                  for (std::size_t row = first; row < first + count; ++row) {
                    const double weight = batch.rows.weight(row) * squared_[batch.base + row];
                    if (weight > 0 && uniform(seed, batch.id(row)) * all < expected * weight) {
                      parts[worker].push_back(copy_of(batch, row, 0));
                    }
                  }
                });
  for (std::size_t i = 1; i < parts.size(); ++i)
    std::move(parts[i].begin(), parts[i].end(), std::back_inserter(parts[0]));
  std::sort(parts[0].begin(), parts[0].end(), earlier);
  return std::move(parts[0]);
}

std::vector<double> Nearest::shares() const {
  std::vector<Wide> sums(centres_.size());
  rows_.for_batches([&](const KmeansBatch& batch) {
    for (std::size_t row = 0; row < batch.rows.x.rows(); ++row) {
      const double share = batch.rows.weight(row) * scale_.weight_factor;
      sums[label_[batch.base + row]] += nearest_integer(share * 0x1p50);
    }
  });
  std::vector<double> out;
  for (const Wide sum : sums) out.push_back(static_cast<double>(sum) * 0x1p-50);
  return out;
}

// ---- the ways to start -------------------------------------------------------------------------------------------

namespace {

/// The seed of each step of a start, apart from those of others.
class Seeds {
 public:
  explicit Seeds(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t next() noexcept { return hash_of(seed_, step_++); }

 private:
  std::uint64_t seed_, step_ = 0;
};

std::size_t trials_of(const KmeansOptions& options) {
  if (options.trials > 0) return options.trials;
  return 2 + static_cast<std::size_t>(elementary::log(static_cast<double>(options.k)));
}

/// The candidate that saves most; the first finisher of equals.
std::span<const DrawnRow> best_of(const Nearest& nearest, std::span<const DrawnRow> candidates) {
  if (candidates.size() == 1) return candidates;
  const std::vector<DistanceSum> savings = nearest.savings(candidates);
  std::size_t best = 0;
  for (std::size_t i = 1; i < savings.size(); ++i) {
    if (savings[i].parts() > savings[best].parts()) best = i;
  }
  return candidates.subspan(best, 1);
}

/// Adds centres until there are k.
void add_by_draws(Nearest& nearest, const KmeansOptions& options, Seeds& seeds) {
  if (nearest.centres() == 0) nearest.add(nearest.draw(seeds.next(), 1, false));
  while (nearest.centres() < options.k) {
    std::vector<DrawnRow> drawn = nearest.draw(seeds.next(), trials_of(options), true);
    // All rows stand on a centre: the others can only stand there too.
    if (drawn.empty()) drawn = nearest.draw(seeds.next(), 1, false);
    nearest.add(best_of(nearest, drawn));
  }
}

PaddedCentres centres_of(const Nearest& nearest, std::size_t columns) {
  PaddedCentres out(nearest.centres(), columns);
  for (std::size_t i = 0; i < out.k; ++i) std::copy_n(nearest.all()[i].begin(), columns, out.row(i));
  return out;
}

PaddedCentres start_plus_plus(const KmeansRows& rows, const KmeansOptions& options, Seeds& seeds) {
  Nearest nearest(rows);
  add_by_draws(nearest, options, seeds);
  return centres_of(nearest, rows.columns());
}

/// k-means++ among the candidates, each with the weight of the rows that it stands for.
PaddedCentres reduce(const Nearest& nearest, std::size_t columns, const KmeansOptions& options, Seeds& seeds) {
  const PaddedCentres candidates = centres_of(nearest, columns);
  const std::vector<double> weights = nearest.shares();
  const TrainingRows few{.x = NumberView(candidates.values.data(), candidates.k, columns, padded(columns), 1),
                         .weights = weights};
  const RowBatches batches = one_batch(few);
  const Run here;
  const KmeansRows rows(batches, here);
  return start_plus_plus(rows, options, seeds);
}

PaddedCentres start_parallel(const KmeansRows& rows, const KmeansOptions& options, Seeds& seeds) {
  Nearest nearest(rows);
  nearest.add(nearest.draw(seeds.next(), 1, false));
  for (std::size_t round = 0; round < options.rounds; ++round) {
    const double expected = options.oversampling * static_cast<double>(options.k);
    nearest.add(nearest.sample(seeds.next(), expected));
  }
  if (nearest.centres() > options.k) return reduce(nearest, rows.columns(), options, seeds);
  add_by_draws(nearest, options, seeds);
  return centres_of(nearest, rows.columns());
}

PaddedCentres start_random(const KmeansRows& rows, const KmeansOptions& options, Seeds& seeds) {
  const std::vector<DrawnRow> drawn = Nearest(rows).draw(seeds.next(), options.k, false);
  PaddedCentres out(drawn.size(), rows.columns());
  for (std::size_t i = 0; i < out.k; ++i) std::copy(drawn[i].values.begin(), drawn[i].values.end(), out.row(i));
  return out;
}

PaddedCentres start_given(const NumberView& starts) {
  PaddedCentres out(starts.rows(), starts.columns());
  for (std::size_t i = 0; i < out.k; ++i) {
    for (std::size_t column = 0; column < out.columns; ++column) out.row(i)[column] = starts(i, column);
  }
  return out;
}

}  // namespace

PaddedCentres start_kmeans(const KmeansRows& rows, const KmeansOptions& options, std::uint64_t seed) {
  Seeds seeds(seed);
  switch (options.start) {
    case KmeansStart::plus_plus:
      return start_plus_plus(rows, options, seeds);
    case KmeansStart::parallel:
      return start_parallel(rows, options, seeds);
    case KmeansStart::random:
      return start_random(rows, options, seeds);
    case KmeansStart::given:
      return start_given(*options.starts);
  }
  return {};
}

}  // namespace emptor::mine
