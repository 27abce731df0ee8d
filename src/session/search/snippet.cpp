#include "session/search/snippet.hpp"

#include <algorithm>

#include "emptor/core/text.hpp"

namespace emptor::seek {
namespace {

constexpr std::size_t most_marks = 100;

std::size_t next_character(std::string_view text, std::size_t at) {
  next_code_point(text, at);
  return at;
}

std::size_t character_before(std::string_view text, std::size_t at) {
  do --at;
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  return at;
}

// From and to which byte of the text as written.
using Span = std::pair<std::size_t, std::size_t>;

std::vector<Span> found_in(std::string_view text, const std::vector<const Term*>& terms) {
  std::vector<std::uint32_t> origins;
  const std::string folded = fold(text, origins);
  std::vector<Span> spans;
  for (const Term* const term : terms)
    for (std::size_t at = find_term(*term, folded); at != folded.npos && spans.size() < most_marks;
         at = find_term(*term, folded, at + term->text.size())) {
      const std::size_t end = next_character(text, origins[at + term->text.size() - 1]);
      spans.emplace_back(origins[at], end);
    }
  std::ranges::sort(spans);
  std::vector<Span> apart;
  for (const Span& span : spans) {
    if (!apart.empty() && span.first < apart.back().second)
      apart.back().second = std::max(apart.back().second, span.second);
    else
      apart.push_back(span);
  }
  return apart;
}

}  // namespace

void cut_snippet(SearchHit& hit, std::string_view text, const std::vector<const Term*>& terms, std::size_t characters) {
  const std::vector<Span> found = found_in(text, terms);
  if (found.empty()) return;
  // A third of what is left stands before it.
  const std::size_t long_is =
      std::min(length(text.substr(found[0].first, found[0].second - found[0].first)), characters);
  std::size_t begin = found[0].first;
  for (std::size_t left = (characters - long_is) / 3; left > 0 && begin > 0; --left)
    begin = character_before(text, begin);
  std::size_t end = begin;
  std::size_t shown = 0;
  for (; shown < characters && end < text.size(); ++shown) end = next_character(text, end);
  for (; shown < characters && begin > 0; ++shown) begin = character_before(text, begin);
  hit.snippet = text.substr(begin, end - begin);
  for (const Span& span : found) {
    if (span.first >= end) break;
    const auto place = [&](std::size_t at) {
      return static_cast<std::uint32_t>(length(text.substr(begin, std::min(at, end) - begin)));
    };
    if (span.first >= begin) hit.marks.emplace_back(place(span.first), place(span.second));
  }
}

}  // namespace emptor::seek
