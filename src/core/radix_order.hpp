/// The ascending order of whole numbers, by their digits: linear, and equal numbers stay in the order they came in.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace emptor {

/// Where the smallest stands, then the next, and so on. Requires less than 2^32 values. Takes 32 bytes a value
/// meanwhile.
std::vector<std::uint32_t> ascending_order(std::span<const std::int64_t> values);

}  // namespace emptor
