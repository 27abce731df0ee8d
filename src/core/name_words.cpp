#include "core/name_words.hpp"

#include "emptor/core/text.hpp"

namespace emptor {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::string name_words(std::string_view name) {
  std::string apart;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool after_small = i > 0 && is_lower(name[i - 1]);
    const bool before_small = i > 0 && is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1]);
    if (is_upper(name[i]) && (after_small || before_small)) apart += ' ';
    apart += name[i];
  }
  std::string words = " ";
  for (const char c : fold(apart)) {
    if (is_lower(c)) {
      words += c;
    } else if (words.back() != ' ') {
      words += ' ';
    }
  }
  return words.back() == ' ' ? words : words + ' ';
}

bool has_word(const std::string& words, std::string_view word) {
  return words.find(" " + std::string(word) + " ") != std::string::npos;
}

}  // namespace emptor
