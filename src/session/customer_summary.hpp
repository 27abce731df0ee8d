// The first derivation: what each customer's orders, lines and interactions add up to.
#pragma once

#include "emptor/session/derivation.hpp"

namespace emptor {

/// Entities whose records it is made of.
std::span<const std::string_view> customer_summary_sources();
Derivation customer_summary_derivation();

}  // namespace emptor
