/// Verdicts in a second language. A verdict is an English sentence wherever it is decided; it is told in Chinese by
/// this catalogue, whose keys are those sentences.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "emptor/insight/language.hpp"

namespace emptor {

/// The sentence in that language: what stands before ": " and what follows it by themselves, where the whole is not in
/// the catalogue. What the catalogue lacks stays as it is (codes, texts of errors).
std::string told_verdict(std::string_view english, Language language);
/// The same for every member "verdict", "why" and "*_verdict" of the object and of the objects in it, those of lists
/// too.
void tell_verdicts(boost::json::object& summary, Language language);

}  // namespace emptor
