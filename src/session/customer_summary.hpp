// The first derivation: what each customer's orders, lines and interactions add up to.
#pragma once

#include "emptor/session/derivation.hpp"

namespace emptor {

Derivation customer_summary_derivation();

}  // namespace emptor
