/// Other forms of a rule: as JSON for programs, and as text on many lines for people.
///
///     const Rule rule = Rule::parse_segment(schema, "tier = 'gold' and any order in the last 90 days");
///     assert(Rule::parse_json(schema, rule_json(rule)) == rule);
#pragma once

#include <cstddef>
#include <string>

#include "emptor/session/rule.hpp"

namespace emptor {

/// The rule as one JSON object (docs/rule.md; docs/rule.schema.json is its JSON Schema). Integers, ids and decimals are
/// strings, as in records.
std::string rule_json(const Rule& rule);
/// The rule's text, on one line where that is at most so many bytes long, else on several that are indented. Read it
/// back by the function that read the rule.
std::string rule_layout(const Rule& rule, std::size_t width = 100);

}  // namespace emptor
