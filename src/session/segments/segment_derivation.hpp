// Memberships in segments as a derivation: what must be told anew inside a write.
#pragma once

#include "emptor/session/derivation.hpp"

namespace emptor {

Derivation segment_derivation();

}  // namespace emptor
