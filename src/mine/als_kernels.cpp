#include "mine/als_kernels.hpp"

#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "mine/als_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "mine/unroll.hpp"

HWY_BEFORE_NAMESPACE();
namespace emptor::mine::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
constexpr hn::CappedTag<double, als_lanes> reals;
using Reals = hn::Vec<decltype(reals)>;
constexpr std::size_t lanes = hn::MaxLanes(reals);
constexpr std::size_t parts = als_lanes / lanes;

/// Four rows of the product against two vectors of columns, kept in registers over all terms.
void add_tile(const double* rows, const double* weighted, std::size_t count, std::size_t width, std::size_t i,
              std::size_t j, double* a) {
  Reals sums[4][2];
  EMPTOR_UNROLL for (std::size_t r = 0; r < 4; ++r) {
    sums[r][0] = hn::LoadU(reals, a + (i + r) * width + j);
    sums[r][1] = hn::LoadU(reals, a + (i + r) * width + j + lanes);
  }
  for (std::size_t k = 0; k < count; ++k) {
    const Reals one = hn::LoadU(reals, rows + k * width + j), two = hn::LoadU(reals, rows + k * width + j + lanes);
    EMPTOR_UNROLL for (std::size_t r = 0; r < 4; ++r) {
      const Reals factor = hn::Set(reals, weighted[k * width + i + r]);
      sums[r][0] = hn::Add(sums[r][0], hn::Mul(factor, one));
      sums[r][1] = hn::Add(sums[r][1], hn::Mul(factor, two));
    }
  }
  EMPTOR_UNROLL for (std::size_t r = 0; r < 4; ++r) {
    hn::StoreU(sums[r][0], reals, a + (i + r) * width + j);
    hn::StoreU(sums[r][1], reals, a + (i + r) * width + j + lanes);
  }
}
/// The same for one vector of columns, where a row has an odd number of them left.
void add_strip(const double* rows, const double* weighted, std::size_t count, std::size_t width, std::size_t i,
               std::size_t j, double* a) {
  EMPTOR_UNROLL for (std::size_t r = 0; r < 4; ++r) {
    Reals sum = hn::LoadU(reals, a + (i + r) * width + j);
    for (std::size_t k = 0; k < count; ++k) {
      const Reals factor = hn::Set(reals, weighted[k * width + i + r]);
      sum = hn::Add(sum, hn::Mul(factor, hn::LoadU(reals, rows + k * width + j)));
    }
    hn::StoreU(sum, reals, a + (i + r) * width + j);
  }
}

void add_products(const double* rows, const double* weighted, std::size_t count, std::size_t width, double* a) {
  for (std::size_t i = 0; i < width; i += 4) {
    std::size_t j = i / lanes * lanes;
    for (; j + 2 * lanes <= width; j += 2 * lanes) add_tile(rows, weighted, count, width, i, j, a);
    for (; j < width; j += lanes) add_strip(rows, weighted, count, width, i, j, a);
  }
}

/// Takes from row i, columns j on, what the rows above it explain.
template <std::size_t Vectors>
void reduce(double* a, std::size_t width, std::size_t i, std::size_t j) {
  Reals left[Vectors];
  EMPTOR_UNROLL for (std::size_t v = 0; v < Vectors; ++v) left[v] = hn::LoadU(reals, a + i * width + j + v * lanes);
  for (std::size_t k = 0; k < i; ++k) {
    const Reals factor = hn::Set(reals, a[k * width + i]);
    EMPTOR_UNROLL for (std::size_t v = 0; v < Vectors; ++v) {
      left[v] = hn::Sub(left[v], hn::Mul(factor, hn::LoadU(reals, a + k * width + j + v * lanes)));
    }
  }
  EMPTOR_UNROLL for (std::size_t v = 0; v < Vectors; ++v) hn::StoreU(left[v], reals, a + i * width + j + v * lanes);
}

bool factorise(double* a, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t from = i / lanes * lanes;
    std::size_t j = from;
    for (; j + 4 * lanes <= width; j += 4 * lanes) reduce<4>(a, width, i, j);
    for (; j < width; j += lanes) reduce<1>(a, width, i, j);
    const double pivot = a[i * width + i];
    if (!(pivot > 0 && pivot < 1e300)) return false;
    const double inverse = 1 / std::sqrt(pivot);
    const Reals factor = hn::Set(reals, inverse);
    for (j = from; j < width; j += lanes) {
      hn::StoreU(hn::Mul(hn::LoadU(reals, a + i * width + j), factor), reals, a + i * width + j);
    }
    a[i * width + i] = inverse;
  }
  return true;
}

HWY_INLINE double dot_of(const double* a, const double* b, std::size_t width) {
  Reals sums[parts];
  EMPTOR_UNROLL for (std::size_t p = 0; p < parts; ++p) sums[p] = hn::Zero(reals);
  for (std::size_t i = 0; i < width; i += als_lanes) {
    EMPTOR_UNROLL for (std::size_t p = 0; p < parts; ++p) {
      const std::size_t at = i + p * lanes;
      sums[p] = hn::Add(sums[p], hn::Mul(hn::LoadU(reals, a + at), hn::LoadU(reals, b + at)));
    }
  }
  double s[als_lanes];
  EMPTOR_UNROLL for (std::size_t p = 0; p < parts; ++p) hn::StoreU(sums[p], reals, s + p * lanes);
  return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

double dot(const double* a, const double* b, std::size_t width) { return dot_of(a, b, width); }

HWY_INLINE void add_scaled_to(double factor, const double* x, std::size_t width, double* y) {
  const Reals by = hn::Set(reals, factor);
  for (std::size_t i = 0; i < width; i += lanes) {
    hn::StoreU(hn::Add(hn::LoadU(reals, y + i), hn::Mul(by, hn::LoadU(reals, x + i))), reals, y + i);
  }
}

void add_scaled(double factor, const double* x, std::size_t width, double* y) { add_scaled_to(factor, x, width, y); }

void add_pulls(const double* table, const std::uint32_t* columns, const double* factors, std::size_t count,
               std::size_t width, const double* x, double* out) {
  constexpr std::size_t ahead = 4, line = 8;  // rows that are asked for early, in lines of 64 bytes
  for (std::size_t k = 0; k < count; ++k) {
    if (k + ahead < count) {
      const double* later = table + columns[k + ahead] * width;
      for (std::size_t i = 0; i < width; i += line) __builtin_prefetch(later + i);
    }
    const double* y = table + columns[k] * width;
    add_scaled_to(factors[k] * dot_of(y, x, width), y, width, out);
  }
}

void multiply_symmetric(const double* matrix, const double* x, std::size_t width, double* out) {
  for (std::size_t j = 0; j < width; j += als_lanes) {
    Reals sums[parts];
    EMPTOR_UNROLL for (std::size_t p = 0; p < parts; ++p) sums[p] = hn::Zero(reals);
    for (std::size_t k = 0; k < width; ++k) {
      const Reals factor = hn::Set(reals, x[k]);
      EMPTOR_UNROLL for (std::size_t p = 0; p < parts; ++p) {
        sums[p] = hn::Add(sums[p], hn::Mul(factor, hn::LoadU(reals, matrix + k * width + j + p * lanes)));
      }
    }
    EMPTOR_UNROLL for (std::size_t p = 0; p < parts; ++p) hn::StoreU(sums[p], reals, out + j + p * lanes);
  }
}

}  // namespace
}  // namespace emptor::mine::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace emptor::mine {

HWY_EXPORT(add_products);
HWY_EXPORT(factorise);
HWY_EXPORT(dot);
HWY_EXPORT(add_scaled);
HWY_EXPORT(add_pulls);
HWY_EXPORT(multiply_symmetric);

void add_products(const double* rows, const double* weighted, std::size_t count, std::size_t width, double* a) {
  HWY_DYNAMIC_DISPATCH(add_products)(rows, weighted, count, width, a);
}
bool factorise(double* a, std::size_t width) { return HWY_DYNAMIC_DISPATCH(factorise)(a, width); }
double dot(const double* a, const double* b, std::size_t width) { return HWY_DYNAMIC_DISPATCH(dot)(a, b, width); }
void add_scaled(double factor, const double* x, std::size_t width, double* y) {
  HWY_DYNAMIC_DISPATCH(add_scaled)(factor, x, width, y);
}
void add_pulls(const double* table, const std::uint32_t* columns, const double* factors, std::size_t count,
               std::size_t width, const double* x, double* out) {
  HWY_DYNAMIC_DISPATCH(add_pulls)(table, columns, factors, count, width, x, out);
}
void multiply_symmetric(const double* matrix, const double* x, std::size_t width, double* out) {
  HWY_DYNAMIC_DISPATCH(multiply_symmetric)(matrix, x, width, out);
}

void solve_factored(const double* u, std::size_t width, double* b) {
  for (std::size_t i = 0; i < width; ++i) {
    b[i] *= u[i * width + i];
    for (std::size_t j = i + 1; j < width; ++j) b[j] -= u[i * width + j] * b[i];
  }
  for (std::size_t i = width; i-- > 0;) {
    double sums[4] = {b[i], 0, 0, 0};
    for (std::size_t j = i + 1; j < width; ++j) sums[j % 4] -= u[i * width + j] * b[j];
    b[i] = ((sums[0] + sums[1]) + (sums[2] + sums[3])) * u[i * width + i];
  }
}

}  // namespace emptor::mine
#endif
