/// One tree of an isolation forest, grown on its sample.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "emptor/mine/isolation_forest.hpp"

namespace emptor::mine {

/// Rows in the order of their ids: empty where they lie so already.
std::vector<std::size_t> order_by_id(std::span<const std::uint64_t> ids);

/// The tree with this number: `sample` rows are drawn by their rank in the order. Throws Code::invalid for numbers of
/// theirs that 32-bit floats do not hold.
std::vector<IsolationNode> grow_tree(const NumberView& x, const std::vector<std::size_t>& order,
                                     const IsolationForestOptions& options, std::size_t tree, std::size_t sample);

}  // namespace emptor::mine
