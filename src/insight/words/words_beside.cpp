#include "insight/words/words_beside.hpp"

#include <algorithm>

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view name_in(Language language) {
  return language == Language::english ? "words_en" : "words_zh";
}

void keep_beside(json::object& told, const json::object& other, Language language) {
  for (const auto& [name, value] : other) {
    json::value* own = told.if_contains(name);
    if (own == nullptr) continue;
    if (name == "words")
      told[name_in(language)] = value;
    else
      keep_words_beside(*own, value, language);
  }
}

}  // namespace

void keep_words_beside(json::value& told, const json::value& other, Language language) {
  if (told.is_object() && other.is_object()) keep_beside(told.as_object(), other.as_object(), language);
  if (!told.is_array() || !other.is_array()) return;
  json::array& rows = told.as_array();
  const std::size_t both = std::min(rows.size(), other.as_array().size());
  for (std::size_t i = 0; i < both; ++i) keep_words_beside(rows[i], other.as_array()[i], language);
}

std::string words_in(const Voice& voice, const json::object& told) {
  const Language language = voice.html_language() == "en" ? Language::english : Language::chinese;
  const json::value* words = told.if_contains(name_in(language));
  if (words == nullptr) words = told.if_contains("words");
  return words != nullptr && words->is_string() ? std::string(words->as_string()) : std::string();
}

}  // namespace emptor
