// A 1,000-row write for sweeps, in which something fails at one point after another: whole or not at all.
#pragma once

#include "emptor/session/session.hpp"

namespace emptor::test {

/// 100 orders with 9 lines each: 1,000 rows besides the customers they belong to.
ChangeSet thousand_rows();
/// The customers, in a write of their own.
void make_customers(Store& store);
std::int64_t rows_of(const View& view);
/// Checks that the write is there whole or not at all, and that the store is sound; whether it is there.
bool check_whole(Store& store);

/// The step through so many points that about as many as wanted are visited; 1 where EMPTOR_SWEEP=full.
std::uint64_t stride(std::uint64_t points, std::uint64_t wanted);

struct Tally {
  std::uint64_t points = 0, errors = 0, unharmed = 0, kept = 0;
  void print(const char* what, std::uint64_t of) const;
};

}  // namespace emptor::test
