/// Whose record a row is.
#pragma once

#include "emptor/model/record.hpp"

namespace emptor {

/// The customer that a row belongs to; 0 for none.
Id customer_of(const Entity& entity, Row row) noexcept;

}  // namespace emptor
