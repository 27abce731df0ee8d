/// The words of a column's or field's name.
#pragma once

#include <string>
#include <string_view>

namespace emptor {

/// Folded words of Latin letters with a blank around each: "CustomerAge" as " customer age ", "DOBYear" as " dob year
/// ". What is written without blanks (Chinese) is not among them.
std::string name_words(std::string_view name);

/// Whether one of these words stands there as a whole; `words` is what name_words gave.
bool has_word(const std::string& words, std::string_view word);

}  // namespace emptor
