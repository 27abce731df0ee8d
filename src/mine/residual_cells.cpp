#include "mine/residual_cells.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <mutex>
#include <unordered_map>

#include "mine/row_blocks.hpp"

namespace emptor::mine {
namespace {

constexpr std::size_t points = 22;

/// cos(pi k / 44), k = 0 ... 44, by the recurrence of Chebyshev from an exact start.
const std::array<double, 2 * points + 1>& cosines() {
  static const std::array<double, 2 * points + 1> all = [] {
    // cos and sin of pi / 44 by their series.
    const double angle = 3.14159265358979323846 / (2 * points);
    double cosine = 0, sine = 0, term = 1;
    for (int k = 0; k < 20; ++k) {
      (k % 2 == 0 ? cosine : sine) += (k % 4 < 2 ? term : -term);
      term *= angle / (k + 1);
    }
    std::array<double, 2 * points + 1> out{};
    double c = 1, s = 0;
    for (double& value : out) {
      value = c;
      const double next = c * cosine - s * sine;
      s = s * cosine + c * sine;
      c = next;
    }
    return out;
  }();
  return all;
}

double cosine_of(std::size_t k) {
  k %= 4 * points;
  return k <= 2 * points ? cosines()[k] : cosines()[4 * points - k];
}

struct Cell {
  std::uint64_t key;
  double begin;
};

/// The octave of a normal number by its bits.
Cell cell_of(double x, double a) noexcept {
  const std::uint64_t octave = std::bit_cast<std::uint64_t>(a) >> 52;
  return {static_cast<std::uint64_t>(x) << 12 | octave, std::bit_cast<double>(octave << 52)};
}

constexpr std::uint64_t empty = ~std::uint64_t{0};

void interpolate(double x, double begin, const ResidualCells::Function& f, double* out) {
  std::array<double, points> values{};
  for (std::size_t i = 0; i < points; ++i) values[i] = f(x, begin * (1.5 + 0.5 * cosine_of(2 * i + 1)));
  for (std::size_t k = 0; k < points; ++k) {
    double sum = 0;
    for (std::size_t i = 0; i < points; ++i) sum += values[i] * cosine_of(k * (2 * i + 1));
    out[k] = sum * (k == 0 ? 1.0 : 2.0) / static_cast<double>(points);
  }
}

/// `place`: a over the beginning of its octave.
double polynomial(const double* c, double place) noexcept {
  const double v = 4 * (place - 1.5);  // twice the place on (-1, 1)
  double one = 0, two = 0;
  for (std::size_t k = points - 1; k > 0; --k) {
    const double next = c[k] + v * one - two;
    two = one;
    one = next;
  }
  return c[0] + v / 2 * one - two;
}

}  // namespace

ResidualCells::ResidualCells(std::size_t rows, const std::function<std::pair<double, double>(std::size_t)>& of_row,
                             const Function& f, const Run& run) {
  struct Wanted {
    double x, begin;
  };
  std::mutex lock;
  std::unordered_map<std::uint64_t, std::size_t> places;
  std::vector<Wanted> wanted;
  in_blocks(rows, 1 << 15, run, "values", [&](std::size_t first, std::size_t end) {
    std::unordered_map<std::uint64_t, Wanted> own;
    std::uint64_t last = empty;
    for (std::size_t row = first; row < end; ++row) {
      const auto [x, a] = of_row(row);
      const Cell cell = cell_of(x, a);
      if (cell.key != last) own.try_emplace(last = cell.key, Wanted{x, cell.begin});
    }
    const std::lock_guard<std::mutex> guard(lock);
    for (const auto& [key, one] : own) {
      if (places.try_emplace(key, wanted.size()).second) wanted.push_back(one);
    }
  });
  table_.assign(std::bit_ceil(2 * places.size() + 1), {empty, 0});
  for (const auto& [key, place] : places) table_[place_of(key)] = {key, place};
  coefficients_.resize(wanted.size() * points);
  in_blocks(wanted.size(), 4, run, "values", [&](std::size_t first, std::size_t end) {
    for (; first < end; ++first) {
      interpolate(wanted[first].x, wanted[first].begin, f, coefficients_.data() + first * points);
    }
  });
}

/// Where the key stands, or would.
std::size_t ResidualCells::place_of(std::uint64_t key) const noexcept {
  const std::size_t mask = table_.size() - 1;
  std::size_t at = (key * 0x9E37'79B9'7F4A'7C15U >> 32) & mask;
  while (table_[at].first != key && table_[at].first != empty) at = (at + 1) & mask;
  return at;
}

double ResidualCells::operator()(double x, double a) const noexcept {
  const Cell cell = cell_of(x, a);
  return polynomial(coefficients_.data() + table_[place_of(cell.key)].second * points, a / cell.begin);
}

double ResidualMemory::operator()(double x, double a, const ResidualCells::Function& f) {
  const Cell cell = cell_of(x, a);
  auto found = cells_.find(cell.key);
  if (found == cells_.end()) {
    if (cells_.size() >= most_cells) cells_.clear();
    found = cells_.try_emplace(cell.key).first;
    interpolate(x, cell.begin, f, found->second.data());
  }
  return polynomial(found->second.data(), a / cell.begin);
}

}  // namespace emptor::mine
