// A piece of a text around what was found in it.
#pragma once

#include "emptor/session/search.hpp"
#include "session/search/terms.hpp"

namespace emptor::seek {

/// Sets the snippet and the marks of a hit. Requires one of the terms to be found in the text.
void cut_snippet(SearchHit& hit, std::string_view text, const std::vector<const Term*>& terms, std::size_t characters);

}  // namespace emptor::seek
