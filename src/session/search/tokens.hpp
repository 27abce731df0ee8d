// What the search index is made of: folded text as words and single characters.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace emptor::seek {

enum class Letter {
  blank,
  word,    ///< letters and digits of scripts that put blanks between words: runs of them are one token
  single,  ///< Chinese, Japanese, Korean, Thai ..., punctuation, signs: each is a token
};
Letter letter_of(char32_t code_point) noexcept;

/// Longer runs are no tokens of their own: their record has the token `long_run`, and is looked at.
inline constexpr std::size_t most_token_bytes = 64;
inline constexpr std::string_view long_run = "";

/// One token of a text, as a view of it.
struct Token {
  std::string_view text;
  bool word = false;
};

/// The next token of a folded text from `at`, which moves behind it; an empty text at the end.
Token next_token(std::string_view folded, std::size_t& at) noexcept;

/// What stands where two tokens meet: the last character of one, a blank if there is one, the first character of the
/// next. Pairs are kept as one of 65,536 numbers, which no token looks like; a few share each.
struct PairKey {
  char bytes[3];
  std::string_view text() const noexcept { return {bytes, sizeof bytes}; }
};
/// Of two tokens of one text, the one next to the other.
PairKey pair_key(const Token& before, const Token& after) noexcept;

/// Calls `take` with every key by which the index finds a folded text: its tokens, and the pairs where they meet.
template <class Take>
void each_key(std::string_view folded, const Take& take) {
  Token before;
  for (std::size_t at = 0;;) {
    const Token token = next_token(folded, at);
    if (token.text.empty()) return;
    take(token.text.size() > most_token_bytes ? long_run : token.text);
    if (!before.text.empty()) take(pair_key(before, token).text());
    before = token;
  }
}

/// Whether a word begins at this place of a folded text: nothing, a blank or a single character stands before it.
bool begins_word(std::string_view folded, std::size_t at) noexcept;

}  // namespace emptor::seek
