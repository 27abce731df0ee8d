/// Going through the customers of a generated shop, and telling the host how far.
#pragma once

#include <cstdint>
#include <string_view>

#include "emptor/core/error.hpp"
#include "emptor/desk/generate.hpp"

namespace emptor {

/// Throws Code::cancelled where the host asks to stop.
inline void tell_progress(const GenerateOptions& options, std::string_view stage, std::uint64_t done,
                          std::uint64_t total) {
  if (options.progress && !options.progress(stage, done, total))
    throw Error(Code::cancelled, "generating was stopped", "the files are incomplete");
}

/// Calls `visit(customer)` for 1 to the last one.
template <class Visit>
void for_each_customer(const GenerateOptions& options, std::string_view stage, Visit&& visit) {
  constexpr std::uint64_t customers_a_sign = 1'000;  // some 10 ms
  for (std::uint64_t customer = 1; customer <= options.customers; ++customer) {
    visit(customer);
    if (customer % customers_a_sign == 0) tell_progress(options, stage, customer, options.customers);
  }
}

}  // namespace emptor
