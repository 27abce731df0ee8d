/// What every engine checks first.
#pragma once

#include "emptor/mine/itemsets.hpp"

namespace emptor::mine {

/// Throws Code::invalid for options that contradict each other.
void check(const ItemsetOptions& options);

}  // namespace emptor::mine
