/// What a composition shows, in plain words.
#pragma once

#include <string>

#include "insight/composition/composition_work.hpp"

namespace emptor {

/// "region Bayern (DE): 12.0 % of the customers, 31.0 % of the revenue".
std::string composition_finding(const CompositionPart& part, const CompositionGroup& group,
                                const CompositionOutcome& outcome, Language language);
/// "region Saarland (DE): 14 customers, none of whom bought within 365 days".
std::string white_spot_words(const CompositionPart& part, const CompositionGroup& group, std::int32_t days,
                             Language language);
/// A dimension as readers of a language call it; a custom field by its name.
std::string_view dimension_words(std::string_view name, Language language);

}  // namespace emptor
