#include "mine/lifetime_data.hpp"

#include <algorithm>

#include "mine/refusal.hpp"
#include "mine/row_blocks.hpp"
#include "mine/special.hpp"
#include "mine/symmetric.hpp"

namespace emptor::mine {
namespace {

using Row = SortedPurchases::Row;

bool sound(double x, double tx, double age) noexcept {
  return x >= 0 && x <= 1e9 && static_cast<double>(static_cast<std::int64_t>(x)) == x && age >= 0 && age <= 1e12 &&
         (x > 0 ? tx > 0 && tx <= age : tx == 0);
}

[[noreturn]] void refuse_purchases(const Purchases& rows, std::size_t at) {
  const double x = rows.frequency[at], age = rows.age[at];
  if (!(x >= 0 && x <= 1e9) || static_cast<double>(static_cast<std::int64_t>(x)) != x)
    refuse_row("a frequency is a whole number from 0 to 1e9", "frequency", at);
  if (!(age >= 0 && age <= 1e12)) refuse_row("an age lies between 0 and 1e12", "age", at);
  if (x == 0) refuse_row("without a repeat purchase the recency is 0", "recency", at);
  refuse_row("the last repeat purchase lies after the first one and not after the age", "recency", at);
}

void check_weight(const Purchases& rows, std::size_t at) {
  if (!rows.weights.empty() && !(rows.weights[at] >= 0 && rows.weights[at] <= 1e15))
    refuse_row("a weight lies between 0 and 1e15", "weights", at);
}

/// Sorts a part for each thread and merges them; what comes out does not depend on how they are cut.
void sort_rows(std::vector<Row>& rows, const Run& run) {
  constexpr std::size_t least = 1 << 15, most = 1 << 20;  // the host is asked between parts
  const std::size_t threads = std::max<std::size_t>(run.executor.threads, 1);
  std::size_t size = std::clamp((rows.size() + threads - 1) / threads, least, most);
  const auto place = [&](auto& list, std::size_t at) { return list.begin() + static_cast<std::ptrdiff_t>(at); };
  in_blocks(rows.size(), size, run, "sorting",
            [&](std::size_t first, std::size_t end) { std::sort(place(rows, first), place(rows, end)); });
  std::vector<Row> other(rows.size() > size ? rows.size() : 0);
  for (; size < rows.size(); size *= 2, rows.swap(other)) {
    in_blocks(rows.size(), 2 * size, run, "sorting", [&](std::size_t first, std::size_t end) {
      const std::size_t middle = std::min(first + size, end);
      std::merge(place(rows, first), place(rows, middle), place(rows, middle), place(rows, end), place(other, first));
    });
  }
}

std::vector<SortedPurchases::Count> counts_of(const std::vector<Row>& rows) {
  std::vector<SortedPurchases::Count> counts;
  for (const Row& row : rows) {
    if (counts.empty() || counts.back().x != row.x) counts.push_back({row.x, 0});
    counts.back().weight += row.weight;
  }
  return counts;
}

/// Places of the derivatives by r, alpha and the other two, in a triangle.
constexpr std::size_t r_ = 0, a_ = 2, b_ = 3;

void add_frequency_terms(LifetimeKind kind, const std::vector<SortedPurchases::Count>& counts,
                         const std::vector<double>& parameters, Curvature& into) {
  const bool beta = kind == LifetimeKind::bg_nbd || kind == LifetimeKind::mbg_nbd;
  for (const auto& [x, weight] : counts) {
    into.value += weight * frequency_term(kind, parameters, x);
    into.gradient[r_] += weight * special::digamma_rise(parameters[0], x);
    into.hessian[triangle_index(r_, r_)] += weight * special::trigamma_rise(parameters[0], x);
    if (!beta) continue;
    const double a = parameters[2], b = parameters[3], k = kind == LifetimeKind::mbg_nbd ? x + 1 : x;
    const double both = special::digamma_rise(a + b, k), curve = special::trigamma_rise(a + b, k);
    into.gradient[a_] -= weight * both;
    into.gradient[b_] += weight * (special::digamma_rise(b, k) - both);
    into.hessian[triangle_index(a_, a_)] -= weight * curve;
    into.hessian[triangle_index(b_, a_)] -= weight * curve;
    into.hessian[triangle_index(b_, b_)] += weight * (special::trigamma_rise(b, k) - curve);
  }
}

/// The rows from `first` on as a tile; rows that fill it up weigh nothing.
void fill_tile(const std::vector<Row>& rows, std::size_t first, std::size_t end, LifetimeTile& tile) {
  tile.rows = end - first;
  const std::size_t whole = (tile.rows + lifetime_lanes - 1) / lifetime_lanes * lifetime_lanes;
  for (std::size_t i = 0; i < whole; ++i) {
    const Row row = i < tile.rows ? rows[first + i] : Row{0, 0, 1, 0};
    tile.x[i] = row.x;
    tile.tx[i] = row.tx;
    tile.age[i] = row.age;
    tile.weight[i] = row.weight;
  }
}

}  // namespace

void check_purchases(const Purchases& rows, const Run& run) {
  const std::size_t size = rows.size();
  if (rows.recency.size() != size) refuse_row("there are not as many recencies as frequencies", "recency");
  if (rows.age.size() != size) refuse_row("there are not as many ages as frequencies", "age");
  if (!rows.weights.empty() && rows.weights.size() != size)
    refuse_row("there are not as many weights as rows", "weights");
  in_blocks(size, 1 << 16, run, "checking", [&](std::size_t first, std::size_t end) {
    for (std::size_t at = first; at < end; ++at) {
      if (!sound(rows.frequency[at], rows.recency[at], rows.age[at])) refuse_purchases(rows, at);
      check_weight(rows, at);
    }
  });
}

void check_output(std::size_t rows, std::size_t out) {
  if (rows != out) throw Error(Code::misuse, "the output is not as long as the rows");
}

std::size_t parameters_of(LifetimeKind kind) noexcept { return kind == LifetimeKind::nbd ? 2 : 4; }

void check_parameters(LifetimeKind kind, std::span<const double> parameters, const char* field) {
  if (parameters.size() != parameters_of(kind))
    refuse_row("the model has " + std::to_string(parameters_of(kind)) + " parameters", field);
  for (const double value : parameters) {
    if (!(value >= 1e-12 && value <= 1e12)) refuse_row("a parameter lies between 1e-12 and 1e12", field);
  }
}

LifetimeParameters tile_parameters(LifetimeKind kind, std::span<const double> parameters) noexcept {
  constexpr Leaving leaving[] = {Leaving::never, Leaving::at_last_purchase, Leaving::at_first_too, Leaving::any_time};
  LifetimeParameters out{leaving[static_cast<std::size_t>(kind)], parameters[0], parameters[1]};
  if (parameters.size() == 4) {
    out.s = parameters[2];
    out.beta = parameters[3];
  }
  return out;
}

double SortedPurchases::customers() const noexcept {
  double sum = 0;
  for (const Count& count : counts) sum += count.weight;
  return sum;
}

SortedPurchases SortedPurchases::sampled(std::size_t step) const {
  SortedPurchases out;
  for (std::size_t at = step / 2; at < rows.size(); at += step) out.rows.push_back(rows[at]);
  out.counts = counts_of(out.rows);
  return out;
}

SortedPurchases sorted(const Purchases& given, const Run& run) {
  check_purchases(given, run);
  SortedPurchases out;
  out.rows.resize(given.size());
  in_blocks(given.size(), 1 << 16, run, "reading", [&](std::size_t first, std::size_t end) {
    for (std::size_t at = first; at < end; ++at) {
      out.rows[at] = {given.frequency[at], given.recency[at], given.age[at],
                      given.weights.empty() ? 1.0 : given.weights[at]};
    }
  });
  sort_rows(out.rows, run);
  std::size_t kept = 0;
  for (const Row& row : out.rows) {
    if (row.weight == 0) continue;
    Row* last = kept == 0 ? nullptr : &out.rows[kept - 1];
    if (last != nullptr && last->x == row.x && last->tx == row.tx && last->age == row.age) {
      last->weight += row.weight;
    } else {
      out.rows[kept++] = row;
    }
  }
  out.rows.resize(kept);
  out.counts = counts_of(out.rows);
  return out;
}

double frequency_term(LifetimeKind kind, std::span<const double> parameters, double x) {
  const double rising = special::log_rising(parameters[0], x);
  if (kind == LifetimeKind::bg_nbd) return rising + special::log_beta_ratio(parameters[2], parameters[3], x);
  if (kind == LifetimeKind::mbg_nbd) return rising + special::log_beta_ratio(parameters[2], parameters[3], x + 1);
  return rising;
}

Curvature lifetime_likelihood(LifetimeKind kind, const SortedPurchases& rows, const std::vector<double>& parameters,
                              const Run& run) {
  const LifetimeParameters p = tile_parameters(kind, parameters);
  const std::size_t tiles = (rows.rows.size() + lifetime_rows - 1) / lifetime_rows;
  std::vector<double> sums(tiles * lifetime_moments);
  in_blocks(rows.rows.size(), 16 * lifetime_rows, run, "likelihood", [&](std::size_t first, std::size_t end) {
    LifetimeWorker worker(p);
    LifetimeLanes lanes;
    for (; first < end; first += lifetime_rows) {
      fill_tile(rows.rows, first, std::min(first + lifetime_rows, end), worker.tile());
      worker.sums(lanes);
      double* out = sums.data() + first / lifetime_rows * lifetime_moments;
      for (std::size_t k = 0; k < lifetime_moments; ++k) {
        for (const double lane : lanes.sum[k]) out[k] += lane;
      }
    }
  });
  const std::size_t n = parameters.size();
  Curvature result(n);
  for (std::size_t tile = 0; tile < tiles; ++tile) {
    const double* sum = sums.data() + tile * lifetime_moments;
    result.value += sum[0];
    for (std::size_t i = 0; i < n; ++i) result.gradient[i] += sum[1 + i];
    for (std::size_t i = 0; i < triangle_size(n); ++i) result.hessian[i] += sum[5 + i];
  }
  add_frequency_terms(kind, rows.counts, parameters, result);
  return result;
}

}  // namespace emptor::mine
