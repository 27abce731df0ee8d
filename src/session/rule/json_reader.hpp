// From a rule's JSON to its terms.
#pragma once

#include "session/rule/terms.hpp"

namespace emptor {

/// The rule of a segment. Requires well-formed UTF-8. Throws Error with every problem, each at a JSON pointer.
RuleTerm read_rule_json(const Entity& customer, const Schema& schema, std::string_view json);

}  // namespace emptor
