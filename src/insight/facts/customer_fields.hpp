/// What a store knows of customers, as the columns of a portrait.
#pragma once

#include <span>

#include "emptor/session/session.hpp"
#include "insight/words/portrait.hpp"

namespace emptor {

/// Of these customers (ascending): every field of the entity, custom ones too, that is a number, a flag or a text of
/// few values. Personal fields are left out, and what the library or the store's own administration keeps: keys,
/// owners, dates.
PortraitColumns read_customer_fields(const View& view, std::span<const std::int64_t> customers);

}  // namespace emptor
