#include "insight/preferences/topic_words.hpp"

#include <algorithm>

#include "emptor/core/text.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_letters = 3, least_characters = 2;

char32_t character_at(std::string_view text, std::size_t at) { return next_code_point(text, at); }

bool ends_word(std::string_view text, std::size_t at) {
  return at >= text.size() || !is_spaced_letter(character_at(text, at));
}

/// The end of the term where it stands at `begin`, or 0.
std::size_t end_of_term(std::string_view text, std::size_t begin, std::size_t length) {
  const std::size_t end = begin + length;
  std::size_t last = end - 1;
  while (last > begin && (static_cast<unsigned char>(text[last]) & 0xC0) == 0x80) --last;
  if (!is_spaced_letter(character_at(text, last)) || ends_word(text, end)) return end;
  return text[end] == 's' && ends_word(text, end + 1) ? end + 1 : 0;
}

}  // namespace

bool is_spaced_letter(char32_t c) noexcept {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return c >= 0xC0 && c < 0x0E00;  // Latin, Greek, Cyrillic, Hebrew, Arabic and the scripts of India
}

void TopicWords::add(std::string_view term, std::uint32_t topic) {
  std::string folded = fold(term);
  if (folded.empty()) return;
  const char32_t first = character_at(folded, 0);
  if (length(folded) < (is_spaced_letter(first) ? least_letters : least_characters)) return;
  std::vector<std::size_t>& lengths = lengths_[first];
  if (std::find(lengths.begin(), lengths.end(), folded.size()) == lengths.end()) {
    lengths.push_back(folded.size());
    std::sort(lengths.begin(), lengths.end(), std::greater<>());
  }
  std::vector<std::uint32_t>& topics = topics_[std::move(folded)];
  if (std::find(topics.begin(), topics.end(), topic) == topics.end()) topics.push_back(topic);
}

std::vector<TopicWords::Mention> TopicWords::find(std::string_view folded) const {
  std::vector<Mention> mentions;
  bool within_word = false;
  for (std::size_t at = 0; at < folded.size();) {
    std::size_t next = at;
    const char32_t character = next_code_point(folded, next);
    const bool letter = is_spaced_letter(character);
    const auto lengths = letter && within_word ? lengths_.end() : lengths_.find(character);
    within_word = letter;
    if (lengths != lengths_.end())
      for (const std::size_t length : lengths->second) {
        if (at + length > folded.size()) continue;
        const auto found = topics_.find(std::string(folded.substr(at, length)));
        const std::size_t end = found == topics_.end() ? 0 : end_of_term(folded, at, length);
        if (end == 0) continue;
        mentions.push_back({at, end, &found->second});
        next = end;
        break;
      }
    at = next;
  }
  return mentions;
}

}  // namespace emptor
