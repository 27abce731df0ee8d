#include "emptor/mine/kmeans_choice.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/core/random.hpp"
#include "emptor/core/wide.hpp"
#include "mine/kmeans_exact.hpp"
#include "mine/kmeans_filter.hpp"
#include "mine/kmeans_rows.hpp"

namespace emptor::mine {
namespace {

[[noreturn]] void refuse(std::string message, std::string field, std::string hint) {
  throw Error(Problem{
      .code = Code::invalid, .message = std::move(message), .field = std::move(field), .hint = std::move(hint)});
}

/// The rows of the least f(seed, id), by id.
std::vector<std::size_t> sample_of(const TrainingRows& rows, std::size_t count, std::uint64_t seed) {
  struct Ticket {
    std::uint64_t draw, id;
    std::size_t row;
  };
  std::vector<Ticket> tickets(rows.x.rows());
  for (std::size_t row = 0; row < tickets.size(); ++row) {
    tickets[row] = {hash_of(seed, rows.id(row)), rows.id(row), row};
  }
  const auto by_draw = [](const Ticket& a, const Ticket& b) {
    return a.draw != b.draw ? a.draw < b.draw : a.id < b.id;
  };
  const auto end = tickets.begin() + static_cast<std::ptrdiff_t>(std::min(count, tickets.size()));
  if (end != tickets.end()) std::nth_element(tickets.begin(), end, tickets.end(), by_draw);
  std::sort(tickets.begin(), end, [](const Ticket& a, const Ticket& b) { return a.id < b.id; });
  std::vector<std::size_t> out;
  for (auto at = tickets.begin(); at != end; ++at) out.push_back(at->row);
  return out;
}

/// Chosen rows of a table, copied.
struct Copied {
  std::vector<double> values, weights;
  std::vector<std::uint64_t> ids;
  std::size_t columns = 0;

  Copied(const TrainingRows& rows, const std::vector<std::size_t>& chosen) : columns(rows.x.columns()) {
    for (const std::size_t row : chosen) {
      for (std::size_t column = 0; column < columns; ++column) values.push_back(rows.x(row, column));
      if (!rows.weights.empty()) weights.push_back(rows.weights[row]);
      ids.push_back(rows.id(row));
    }
  }
  NumberView view() const { return {values.data(), ids.size(), columns, columns, 1}; }
  TrainingRows rows() const { return {.x = view(), .weights = weights, .ids = ids}; }
};

/// A sum of distances to each cluster that no order changes: distances as integers of one scale.
class Silhouettes {
 public:
  Silhouettes(const NumberView& x, std::span<const std::uint32_t> labels)
      : copy_(x.rows() * x.columns()), columns_(x.columns()), labels_(labels), sizes_(cluster_count(labels)) {
    double greatest = 0;
    for (std::size_t column = 0; column < columns_; ++column) {
      double least = x(0, column), most = least;
      for (std::size_t row = 0; row < x.rows(); ++row) {
        const double value = x(row, column);
        copy_[row * columns_ + column] = value;
        least = std::min(least, value);
        most = std::max(most, value);
      }
      greatest += (most - least) * (most - least);
    }
    for (const std::uint32_t label : labels) ++sizes_[label];
    int exponent = 0;
    std::frexp(std::sqrt(greatest), &exponent);
    scale_ = std::ldexp(1.0, std::clamp(49 - exponent, -1000, 1000));
    // Padded as centres are: every row meets all others.
    padded_ = PaddedCentres(copy_, columns_);
  }

  double of(std::size_t row) const {
    const std::uint32_t own = labels_[row];
    if (sizes_[own] < 2) return 0;
    std::vector<Wide> sums(sizes_.size());
    add_distances(row, sums);
    double other = std::numeric_limits<double>::infinity();
    for (std::uint32_t cluster = 0; cluster < sums.size(); ++cluster) {
      if (cluster == own || sizes_[cluster] == 0) continue;
      other = std::min(other, static_cast<double>(sums[cluster]) / static_cast<double>(sizes_[cluster]));
    }
    const double inside = static_cast<double>(sums[own]) / static_cast<double>(sizes_[own] - 1);
    const double greater = std::max(inside, other);
    if (!(greater > 0) || std::isinf(greater)) return 0;
    return (other - inside) / greater;
  }

 private:
  static std::size_t cluster_count(std::span<const std::uint32_t> labels) {
    return labels.empty() ? 0 : std::size_t{*std::max_element(labels.begin(), labels.end())} + 1;
  }

  void add_distances(std::size_t row, std::vector<Wide>& sums) const {
    const double* from[filter_rows];
    const double* to[filter_rows];
    double squared[filter_rows];
    std::fill_n(from, filter_rows, copy_.data() + row * columns_);
    for (std::size_t done = 0; done < labels_.size(); done += filter_rows) {
      const std::size_t some = std::min(filter_rows, labels_.size() - done);
      for (std::size_t i = 0; i < some; ++i) to[i] = padded_.row(done + i);
      square_distances(from, to, some, columns_, squared);
      for (std::size_t i = 0; i < some; ++i) sums[labels_[done + i]] += nearest_integer(std::sqrt(squared[i]) * scale_);
    }
  }

  std::vector<double> copy_;
  std::size_t columns_;
  std::span<const std::uint32_t> labels_;
  std::vector<std::uint64_t> sizes_;
  double scale_ = 1;
  PaddedCentres padded_;
};

double mean(std::span<const double> values) {
  DoubleSum sum;
  for (const double value : values) sum.add(value);
  return values.empty() ? 0 : sum.value() / static_cast<double>(values.size());
}

std::size_t best_silhouette(const std::vector<KmeansCandidate>& candidates) {
  const auto best = std::max_element(candidates.begin(), candidates.end(),
                                     [](const auto& a, const auto& b) { return a.silhouette < b.silhouette; });
  return best->k;
}

/// The candidate farthest below the straight line from the first to the last, both axes brought to 0 ... 1.
std::size_t elbow_of(const std::vector<KmeansCandidate>& candidates) {
  const KmeansCandidate &first = candidates.front(), &last = candidates.back();
  const double fall = first.inertia - last.inertia;
  const double way = static_cast<double>(last.k - first.k);
  std::size_t best = first.k;
  double depth = 0;
  for (const KmeansCandidate& candidate : candidates) {
    if (!(fall > 0)) break;
    const double along = static_cast<double>(candidate.k - first.k) / way;
    const double down = (first.inertia - candidate.inertia) / fall;
    if (down - along > depth) {
      depth = down - along;
      best = candidate.k;
    }
  }
  return best;
}

}  // namespace

std::vector<double> silhouettes(const NumberView& x, std::span<const std::uint32_t> labels, const Run& run) {
  const LongCall call(run.progress);
  if (labels.size() != x.rows()) refuse("labels for another number of rows", "labels", "give a label for each row");
  if (x.rows() == 0) return {};
  if (*std::max_element(labels.begin(), labels.end()) >= x.rows()) {
    refuse("labels beyond the number of rows", "labels", "number clusters from 0 on");
  }
  check_numbers(x, run);
  const Silhouettes of(x, labels);
  std::vector<double> out(x.rows());
  constexpr std::size_t rows_at_once = 16;
  for_chunks(run, "silhouette", x.rows(), rows_at_once, [&](std::size_t, std::size_t first, std::size_t count) {
    for (std::size_t row = first; row < first + count; ++row) out[row] = of.of(row);
  });
  return out;
}

double mean_silhouette(const TrainingRows& rows, std::span<const std::uint32_t> labels, std::size_t sample,
                       std::uint64_t seed, const Run& run) {
  check_shape(rows, rows.x.columns());
  if (labels.size() != rows.x.rows())
    refuse("labels for another number of rows", "labels", "give a label for each row");
  const std::vector<std::size_t> chosen = sample_of(rows, sample, seed);
  const Copied copied(rows, chosen);
  std::map<std::uint32_t, std::uint32_t> numbers;  // clusters of the sample, numbered on from 0
  for (const std::size_t row : chosen) numbers.emplace(labels[row], 0);
  std::uint32_t next = 0;
  for (auto& [label, number] : numbers) number = next++;
  std::vector<std::uint32_t> chosen_labels;
  for (const std::size_t row : chosen) chosen_labels.push_back(numbers[labels[row]]);
  return mean(silhouettes(copied.view(), chosen_labels, run));
}

KmeansChoice choose_kmeans(const TrainingRows& rows, const KmeansChoiceOptions& options, const Run& run) {
  const LongCall call(run.progress);
  if (options.least_k == 0 || options.greatest_k < options.least_k) {
    refuse("no k to choose from", "greatest_k", "give a range of 1 or more");
  }
  if (options.greatest_k > rows.x.rows())  // before the others are fitted
    refuse("more clusters than rows", "greatest_k", "there are " + std::to_string(rows.x.rows()) + " rows");
  if (options.fit.start == KmeansStart::given) refuse("starts are of one k only", "start", "let the starts be drawn");
  KmeansChoice choice;
  choice.sample = std::min(options.sample, rows.x.rows());
  for (std::size_t k = options.least_k; k <= options.greatest_k; ++k) {
    KmeansOptions fit_options = options.fit;
    fit_options.k = k;
    const KmeansFit fit = fit_kmeans(rows, fit_options, run);
    const double silhouette = k == 1 ? 0 : mean_silhouette(rows, fit.labels, options.sample, options.fit.seed, run);
    choice.candidates.push_back({k, fit.model.inertia, silhouette});
  }
  choice.by_silhouette = best_silhouette(choice.candidates);
  choice.by_elbow = elbow_of(choice.candidates);
  return choice;
}

// ---- stability ---------------------------------------------------------------------------------------------------

namespace {

/// How many rows of each cluster of `a` are in each cluster of `b`.
std::vector<std::vector<std::uint64_t>> crossed(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  std::vector<std::vector<std::uint64_t>> table;
  for (std::size_t row = 0; row < a.size(); ++row) {
    if (a[row] >= table.size()) table.resize(std::size_t{a[row]} + 1);
    std::vector<std::uint64_t>& line = table[a[row]];
    if (b[row] >= line.size()) line.resize(std::size_t{b[row]} + 1);
    ++line[b[row]];
  }
  return table;
}

double pairs(std::uint64_t count) {
  return 0.5 * static_cast<double>(count) * static_cast<double>(count - (count > 0));
}

std::vector<std::uint64_t> column_sums(const std::vector<std::vector<std::uint64_t>>& table) {
  std::vector<std::uint64_t> out;
  for (const auto& line : table) {
    if (line.size() > out.size()) out.resize(line.size());
    for (std::size_t i = 0; i < line.size(); ++i) out[i] += line[i];
  }
  return out;
}

std::uint64_t sum_of(const std::vector<std::uint64_t>& line) {
  std::uint64_t sum = 0;
  for (const std::uint64_t value : line) sum += value;
  return sum;
}

/// The best Jaccard overlap of each cluster of the table's lines.
std::vector<double> overlaps(const std::vector<std::vector<std::uint64_t>>& table, std::size_t k) {
  const std::vector<std::uint64_t> others = column_sums(table);
  std::vector<double> out(k);
  for (std::size_t cluster = 0; cluster < table.size(); ++cluster) {
    const std::uint64_t own = sum_of(table[cluster]);
    for (std::size_t other = 0; other < table[cluster].size(); ++other) {
      const std::uint64_t both = table[cluster][other];
      if (both == 0) continue;
      const double share = static_cast<double>(both) / static_cast<double>(own + others[other] - both);
      out[cluster] = std::max(out[cluster], share);
    }
  }
  return out;
}

}  // namespace

double adjusted_rand_index(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  if (a.size() != b.size()) refuse("partitions of other rows", "labels", "give two labels for each row");
  const std::vector<std::vector<std::uint64_t>> table = crossed(a, b);
  double both = 0, first = 0, second = 0;
  for (const auto& line : table) {
    first += pairs(sum_of(line));
    for (const std::uint64_t cell : line) both += pairs(cell);
  }
  for (const std::uint64_t sum : column_sums(table)) second += pairs(sum);
  const double all = pairs(a.size());
  if (!(all > 0)) return 1;
  const double expected = first / all * second;
  const double most = (first + second) / 2;
  return most == expected ? 1 : (both - expected) / (most - expected);
}

KmeansStability stability_of_kmeans(const TrainingRows& rows, const KmeansStabilityOptions& options, const Run& run) {
  const LongCall call(run.progress);
  if (options.rounds == 0) refuse("no round at all", "rounds", "ask for at least 1");
  if (!(options.share > 0 && options.share <= 1)) refuse("a share is above 0 and at most 1", "share", "half is usual");
  const KmeansFit whole = fit_kmeans(rows, options.fit, run);
  const auto count = static_cast<std::size_t>(std::ceil(options.share * static_cast<double>(rows.x.rows())));
  KmeansStability out;
  std::vector<DoubleSum> overlap(options.fit.k);
  for (std::size_t round = 0; round < options.rounds; ++round) {
    beat("stability", round, options.rounds);
    const Copied part(rows, sample_of(rows, count, hash_of(~options.fit.seed, round)));
    const KmeansFit fit = fit_kmeans(part.rows(), options.fit, run);
    const std::vector<std::uint32_t> labels = predict_kmeans(fit.model, rows.x, run);
    out.rand_indices.push_back(adjusted_rand_index(whole.labels, labels));
    const std::vector<double> shares = overlaps(crossed(whole.labels, labels), overlap.size());
    for (std::size_t i = 0; i < shares.size(); ++i) overlap[i].add(shares[i]);
  }
  out.mean_rand_index = mean(out.rand_indices);
  out.least_rand_index = *std::min_element(out.rand_indices.begin(), out.rand_indices.end());
  for (const DoubleSum& sum : overlap) out.cluster_overlap.push_back(sum.value() / static_cast<double>(options.rounds));
  return out;
}

}  // namespace emptor::mine
