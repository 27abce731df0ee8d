#include "session/rule/tokens.hpp"

#include <algorithm>

namespace emptor {
namespace {

constexpr char quote = '\'';

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_letter(char c) { return small(c) >= 'a' && small(c) <= 'z'; }
bool begins_word(char c) { return is_letter(c) || c == '_'; }
// A path has dots; what it leads to is the parser's business.
bool in_word(char c) { return begins_word(c) || is_digit(c) || c == '.'; }
// Of numbers, days and instants: the parser knows which is expected.
bool in_number(char c) { return is_digit(c) || is_letter(c) || c == '.' || c == ':' || c == '-' || c == '+'; }

}  // namespace

RuleToken RuleTokens::take() {
  const RuleToken taken = next_;
  if (taken.kind != RuleToken::Kind::end) advance();
  return taken;
}

template <class Belongs>
void RuleTokens::skip(Belongs&& belongs) {
  while (at_ < text_.size() && belongs(text_[at_])) ++at_;
}

void RuleTokens::advance() {
  skip(is_blank);
  next_ = {RuleToken::Kind::end, {}, at_};
  if (at_ == text_.size()) return;
  next_.kind = read();
  if (next_.kind != RuleToken::Kind::text) next_.text = text_.substr(next_.at, at_ - next_.at);
}

RuleToken::Kind RuleTokens::read() {
  const char first = text_[at_++];
  const char second = at_ < text_.size() ? text_[at_] : '\0';
  if (first == quote) return read_quoted();
  if (begins_word(first)) {
    skip(in_word);
    return RuleToken::Kind::word;
  }
  if (is_digit(first) || ((first == '-' || first == '+' || first == '.') && is_digit(second))) {
    skip(in_number);
    return RuleToken::Kind::number;
  }
  const bool pair = (first == '<' && (second == '=' || second == '>')) || (first == '>' && second == '=') ||
                    (first == '!' && second == '=') || (first == '=' && second == '=');
  if (pair) ++at_;
  return pair || std::string_view("()=<>,-+%").find(first) != std::string_view::npos ? RuleToken::Kind::sign
                                                                                     : RuleToken::Kind::broken;
}

RuleToken::Kind RuleTokens::read_quoted() {
  for (std::size_t from = at_;;) {
    const std::size_t end = text_.find(quote, from);
    if (end == std::string_view::npos) {
      at_ = text_.size();
      return RuleToken::Kind::broken;
    }
    if (end + 1 < text_.size() && text_[end + 1] == quote) {
      from = end + 2;
      continue;
    }
    next_.text = text_.substr(at_, end - at_);
    at_ = end + 1;
    return RuleToken::Kind::text;
  }
}

std::string unquoted(std::string_view inside) {
  std::string text;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    text += inside[at];
    if (inside[at] == quote) ++at;
  }
  return text;
}

bool is_word(std::string_view text, std::string_view word) noexcept {
  return std::ranges::equal(text, word, {}, small);
}

bool is_word(const RuleToken& token, std::string_view word) noexcept {
  return token.kind == RuleToken::Kind::word && is_word(token.text, word);
}

}  // namespace emptor
