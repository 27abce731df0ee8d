/// The derivation of live models: keeps `customer_history` while there are any, and scores whom a write touched.
#pragma once

#include "emptor/session/derivation.hpp"

namespace emptor {

Derivation live_derivation();

}  // namespace emptor
