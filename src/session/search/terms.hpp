// What a query asks for, word by word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "session/search/tokens.hpp"

namespace emptor::seek {

struct Term {
  std::string text;          ///< folded; never empty
  std::string field;         ///< the only field to look into; empty: all
  bool begins_word = false;  ///< it must stand at the beginning of a word
  bool excluded = false;     ///< it must not occur
};

/// Words and "quoted texts" with a field before and a star behind; a minus excludes. `fields` are the names that may
/// stand before a colon. Throws Code::invalid.
std::vector<Term> parse_terms(std::string_view text, const std::vector<std::string>& fields);

/// Where the term stands in a folded text, from a place on; npos where it does not.
std::size_t find_term(const Term& term, std::string_view folded, std::size_t from = 0) noexcept;
/// How often, not overlapping.
std::size_t count_term(const Term& term, std::string_view folded) noexcept;

}  // namespace emptor::seek
