// A rule's text as words, texts in quotes, numbers and signs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace emptor {

struct RuleToken {
  enum class Kind : std::uint8_t { word, text, number, sign, end, broken };
  Kind kind = Kind::end;
  std::string_view text;  ///< without the quotes around it; numbers, days and instants with their sign
  std::size_t at = 0;     ///< byte at which it begins
};

/// One token after another. Requires well-formed UTF-8 that outlives it.
class RuleTokens {
 public:
  explicit RuleTokens(std::string_view text) : text_(text) { advance(); }

  const RuleToken& next() const noexcept { return next_; }
  RuleToken take();

 private:
  void advance();
  RuleToken::Kind read();
  RuleToken::Kind read_quoted();
  template <class Belongs>
  void skip(Belongs&& belongs);

  std::string_view text_;
  std::size_t at_ = 0;
  RuleToken next_;
};

/// The text that stands in quotes, its doubled quotes made single.
std::string unquoted(std::string_view inside);
/// The same word, small letters or not.
bool is_word(std::string_view text, std::string_view word) noexcept;
bool is_word(const RuleToken& token, std::string_view word) noexcept;

}  // namespace emptor
