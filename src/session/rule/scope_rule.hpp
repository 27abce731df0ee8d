// Rules as the scopes of permissions.
#pragma once

#include <optional>
#include <vector>

#include "emptor/core/error.hpp"
#include "emptor/session/rule.hpp"

namespace emptor {

/// So many rules of one user are told apart, beside the other scopes; a permission with another one allows nothing.
inline constexpr std::size_t most_rules = 48;

/// Nothing for a text that is no rule.
std::optional<Rule> readable_rule(const Entity& entity, std::string_view text);

/// Appends what is wrong with the rule of a permission, where its scope is one.
void check_scope_rule(const Schema& schema, Row permission, std::int64_t change, std::vector<Problem>& problems);

}  // namespace emptor
