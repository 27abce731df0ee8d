#include "mine/lifetime_tile.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "mine/lifetime_kernels.hpp"

namespace emptor::mine {
namespace {

/// Beyond such a fall, what is integrated adds nothing that a double could hold.
constexpr double enough = 38;

const Quadrature& rule_of(std::size_t nodes) {
  static const Quadrature few = QuadratureRules().of_degree(15), more = QuadratureRules().of_degree(31),
                          most = QuadratureRules().of_degree(63);
  return nodes == 8 ? few : nodes == 16 ? more : most;
}

/// Integrates all panels and adds them to their rows' moments.
void integrate_panels(const LifetimeParameters& p, std::size_t nodes, bool derivatives, LifetimePanels& panels,
                      LifetimeTile& tile) {
  const Quadrature& rule = rule_of(nodes);
  alignas(64) double rows[5][lifetime_lanes];
  alignas(64) double out[lifetime_moments][lifetime_lanes];
  for (std::size_t first = 0; first < panels.row.size(); first += lifetime_lanes) {
    const std::size_t count = std::min(lifetime_lanes, panels.row.size() - first);
    for (std::size_t i = 0; i < lifetime_lanes; ++i) {
      const std::size_t at = first + std::min(i, count - 1), row = panels.row[at];
      rows[0][i] = tile.age[row];
      rows[1][i] = tile.x[row];
      rows[2][i] = tile.high[row];
      rows[3][i] = panels.low[at];
      rows[4][i] = panels.length[at];
    }
    lifetime_panels(p, rule, derivatives, rows[0], out[0]);
    for (std::size_t k = 0; k < (derivatives ? lifetime_moments : 1); ++k) {
      for (std::size_t i = 0; i < count; ++i) tile.moments[k][panels.row[first + i]] += out[k][i];
    }
  }
}

}  // namespace

void LifetimePanels::clear() {
  row.clear();
  low.clear();
  length.clear();
}

void LifetimePanels::add(std::size_t at, double from, double size) {
  row.push_back(at);
  low.push_back(from);
  length.push_back(size);
}

LifetimeWorker::LifetimeWorker(const LifetimeParameters& parameters)
    : parameters_(parameters), tile_(hwy::MakeUniqueAligned<LifetimeTile>()) {}

/// How far from tx the integral of a steep row matters, in log(t + min(alpha, beta)): where its logarithm has fallen by
/// `enough`. It is concave, so Newton's method comes down on that from the far end.
double LifetimeWorker::cut(std::size_t row) const {
  const LifetimeParameters& p = parameters_;
  const double least = std::min(p.alpha, p.beta), gap = std::max(p.alpha, p.beta) - least;
  const double m = p.r + tile_->x[row], n = p.s + 1;
  const double near = p.alpha < p.beta ? m : n, distant = p.alpha < p.beta ? n : m;
  const double start = least + tile_->tx[row], wide = gap + start;
  double length = tile_->length[row];
  for (int i = 0; i < 50; ++i) {
    const double moved = start * elementary::exp(length);
    const double fall = (near - 1) * length + distant * elementary::log((gap + moved) / wide);
    if (fall < enough + 8) break;
    length -= (fall - enough) / (near - 1 + distant * (moved / (gap + moved)));
  }
  return length;
}

/// Which rule each row needs: a rule of n nodes is exact to about (e fall / (8 n))^(2 n), and to as many powers of the
/// distance of the singularities at +-i pi.
void LifetimeWorker::plan() {
  few_.clear();
  more_.clear();
  most_.clear();
  for (std::size_t row = 0; row < tile_->rows; ++row) {
    double length = tile_->length[row], low = 0;
    const double fall = std::abs(tile_->fall[row]);
    if (length <= 0) continue;
    if (fall <= 4.8 && length <= 2.1) {
      few_.add(row, low, length);
    } else if (fall <= 20 && length <= 3.5) {
      more_.add(row, low, length);
    } else {
      if (tile_->fall[row] > enough) {
        const double kept = std::min(cut(row), length);
        low = length - kept;
        length = kept;
      }
      const double parts = std::max(1.0, std::ceil(length / 4));
      for (double part = 0; part < parts; part += 1) most_.add(row, low + part * (length / parts), length / parts);
    }
  }
}

void LifetimeWorker::integrate(bool derivatives) {
  lifetime_ranges(parameters_, *tile_);
  for (std::size_t k = 0; k < (derivatives ? lifetime_moments : 1); ++k) {
    std::fill_n(tile_->moments[k], lifetime_rows, 0.0);
  }
  plan();
  integrate_panels(parameters_, 8, derivatives, few_, *tile_);
  integrate_panels(parameters_, 16, derivatives, more_, *tile_);
  integrate_panels(parameters_, 32, derivatives, most_, *tile_);
}

void LifetimeWorker::values() {
  if (parameters_.leaving == Leaving::any_time) integrate(false);
  lifetime_values(parameters_, *tile_);
}

void LifetimeWorker::sums(LifetimeLanes& into) {
  std::fill_n(into.sum[0], lifetime_moments * lifetime_lanes, 0.0);
  if (parameters_.leaving == Leaving::any_time) integrate(true);
  lifetime_values(parameters_, *tile_);
  lifetime_sums(parameters_, *tile_, into);
}

}  // namespace emptor::mine
