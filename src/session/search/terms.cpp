#include "session/search/terms.hpp"

#include <algorithm>

#include "emptor/core/error.hpp"
#include "emptor/core/text.hpp"

namespace emptor::seek {
namespace {

constexpr std::size_t most_bytes = 4096;
constexpr std::size_t most_terms = 32;

[[noreturn]] void refuse(std::string message, std::string hint) {
  throw Error(Problem{Code::invalid, std::move(message), {}, "text", {}, std::move(hint)});
}

bool is_blank(char32_t c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000; }

// Where the run of characters that are no blanks ends.
std::size_t end_of_word(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    std::size_t next = at;
    if (is_blank(next_code_point(text, next))) return at;
    at = next;
  }
  return at;
}

class TermReader {
 public:
  TermReader(std::string_view text, const std::vector<std::string>& fields) : text_(text), fields_(fields) {}

  std::vector<Term> read() {
    for (skip_blanks(); at_ < text_.size(); skip_blanks()) term();
    if (std::ranges::all_of(terms_, &Term::excluded))
      refuse("there is no word to search for", "give a word that is to be found");
    return std::move(terms_);
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size()) {
      std::size_t next = at_;
      if (!is_blank(next_code_point(text_, next))) return;
      at_ = next;
    }
  }

  void term() {
    Term term;
    term.excluded = text_[at_] == '-' && at_ + 1 < text_.size() && end_of_word(text_, at_ + 1) > at_ + 1;
    if (term.excluded) ++at_;
    const std::string_view word = text_.substr(at_, end_of_word(text_, at_) - at_);
    for (const std::string& field : fields_)
      if (word.size() > field.size() + 1 && word.starts_with(field) && word[field.size()] == ':') term.field = field;
    if (!term.field.empty()) at_ += term.field.size() + 1;
    std::string text = text_[at_] == '"' ? quoted() : plain(term);
    term.text = fold(text);
    if (term.text.empty()) return;
    if (terms_.size() == most_terms) refuse("the query has more than 32 words", "ask for fewer");
    terms_.push_back(std::move(term));
  }

  std::string quoted() {
    std::string text;
    const std::size_t begin = at_++;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        text += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        text += text_[at_++];
      } else {
        return ++at_, text;
      }
    }
    refuse("the quote at character " + std::to_string(length(text_.substr(0, begin)) + 1) + " of the query has no end",
           "end it with a quote, or write two for one that is meant");
  }

  std::string plain(Term& term) {
    const std::size_t end = end_of_word(text_, at_);
    std::string text(text_.substr(at_, end - at_));
    at_ = end;
    term.begins_word = text.size() > 1 && text.back() == '*';
    if (term.begins_word) text.pop_back();
    return text;
  }

  std::string_view text_;
  const std::vector<std::string>& fields_;
  std::size_t at_ = 0;
  std::vector<Term> terms_;
};

}  // namespace

std::vector<Term> parse_terms(std::string_view text, const std::vector<std::string>& fields) {
  if (text.size() > most_bytes) refuse("the query is longer than 4 KiB", "ask for fewer words");
  if (!is_utf8(text)) refuse("the query is not well-formed UTF-8", "give it in UTF-8");
  return TermReader(text, fields).read();
}

std::size_t find_term(const Term& term, std::string_view folded, std::size_t from) noexcept {
  for (std::size_t at = folded.find(term.text, from); at != folded.npos; at = folded.find(term.text, at + 1))
    if (!term.begins_word || begins_word(folded, at)) return at;
  return folded.npos;
}

std::size_t count_term(const Term& term, std::string_view folded) noexcept {
  std::size_t count = 0;
  for (std::size_t at = find_term(term, folded); at != folded.npos; at = find_term(term, folded, at + term.text.size()))
    ++count;
  return count;
}

}  // namespace emptor::seek
