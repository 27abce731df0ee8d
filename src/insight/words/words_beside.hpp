/// What is kept of a run has its sentences in both languages, so that a report can be read in either.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "emptor/insight/language.hpp"
#include "insight/report/report_page.hpp"

namespace emptor {

/// The other of the two languages.
constexpr Language other_than(Language language) noexcept {
  return language == Language::english ? Language::chinese : Language::english;
}
/// Beside every member "words" of `told`, the same of `other`, that is the same told in `language`, as "words_en" or
/// "words_zh".
void keep_words_beside(boost::json::value& told, const boost::json::value& other, Language language);
/// The sentence of an object that was kept so; of one that was not, "words".
std::string words_in(const Voice& voice, const boost::json::object& told);

}  // namespace emptor
