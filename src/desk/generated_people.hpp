/// The people and organisations of a generated shop: each a function of (seed, number).
#pragma once

#include <cstdint>
#include <string>

#include "emptor/desk/generate.hpp"

namespace emptor {

/// How a customer buys. Days count from the first watched day; `last_day` is when interest ends.
struct BuyingHabit {
  std::int32_t first_day = 0;
  std::int32_t last_day = 0;
  double rate = 0;  ///< orders a day, before calibration
  double bulk = 1;  ///< factor on quantities
};

BuyingHabit habit_of(const GenerateOptions& options, std::uint64_t customer);

/// The number of the earlier customer whose double this one is; 0 for a customer of its own.
std::uint64_t original_of(const GenerateOptions& options, std::uint64_t customer);
bool has_suspect_name(const GenerateOptions& options, std::uint64_t customer);

/// "C0000042".
std::string customer_code(std::uint64_t customer);

/// Writes customers.csv; counts doubles and suspect names into `made`.
void write_customers(const std::string& folder, const GenerateOptions& options, Generated& made);
/// Writes interactions.csv: the more a customer buys, the more there are.
void write_interactions(const std::string& folder, const GenerateOptions& options, Generated& made);

}  // namespace emptor
