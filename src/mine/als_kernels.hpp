/// The inner loops of alternating least squares. Every element is added up in one order, whatever the vectors' width,
/// so that all processors give the same bits. Rows are `width` doubles, a multiple of `als_lanes`, zeros at their end.
#pragma once

#include <cstddef>
#include <cstdint>

namespace emptor::mine {

inline constexpr std::size_t als_lanes = 8;

/// a += sum of weighted[k]' rows[k], the blocks of 4 rows that touch the upper triangle; a is width x width.
void add_products(const double* rows, const double* weighted, std::size_t count, std::size_t width, double* a);
/// The factor U of U' U = a in the upper triangle, 1 / diagonal on it. False where a is not positive definite.
bool factorise(double* a, std::size_t width);
/// Solves U' U x = b in place.
void solve_factored(const double* u, std::size_t width, double* b);
/// In 8 sums, which are added at the end.
double dot(const double* a, const double* b, std::size_t width);
/// y += factor x.
void add_scaled(double factor, const double* x, std::size_t width, double* y);
/// out += the sum of factors[k] (y x) y over the rows `columns` of a table.
void add_pulls(const double* table, const std::uint32_t* columns, const double* factors, std::size_t count,
               std::size_t width, const double* x, double* out);
/// out = matrix x, for a symmetric matrix.
void multiply_symmetric(const double* matrix, const double* x, std::size_t width, double* out);

}  // namespace emptor::mine
