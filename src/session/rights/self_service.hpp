// Customers who act for themselves: what is on their own page, and what a role may add to it.
#pragma once

#include "session/rights/grants.hpp"

namespace emptor {

/// What the permissions of the role of this name give is for customers on their own page.
inline constexpr std::string_view self_service_role = "self_service";

/// What a customer may do, from the permissions of that role: their own page by itself, the rest where a permission
/// says so, and never anything beyond (docs/rights.md).
std::vector<Grant> self_service_grants(const Schema& schema, const std::vector<Grant>& of_role);

/// Of records that are on the page only once something has happened to them, the field that says when; else empty.
std::string_view shown_since(const Entity& entity) noexcept;

}  // namespace emptor
