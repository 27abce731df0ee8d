/// Topics that texts name: the store's own products, categories and brands, found in what customers wrote.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace emptor {

/// Terms by the form under which readers take texts for the same (core/text.hpp, fold). A Latin term stands as whole
/// words, its plural with an s too; a Chinese one anywhere, for Chinese writes no blanks. Of terms that begin at one
/// place the longest counts.
class TopicWords {
 public:
  /// Terms of fewer than three Latin letters or two Chinese characters say too little and are passed over.
  void add(std::string_view term, std::uint32_t topic);
  bool empty() const noexcept { return topics_.empty(); }

  struct Mention {
    std::size_t begin = 0, end = 0;  ///< in the folded text
    const std::vector<std::uint32_t>* topics = nullptr;
  };
  /// Of a folded text, in its order; they do not overlap. O(length x lengths of terms that begin with its characters).
  std::vector<Mention> find(std::string_view folded) const;

 private:
  std::unordered_map<std::string, std::vector<std::uint32_t>> topics_;  ///< by term
  std::unordered_map<char32_t, std::vector<std::size_t>> lengths_;      ///< of terms by first character, falling
};

/// Part of a word that is written with letters or digits between blanks; Chinese and its like are not.
bool is_spaced_letter(char32_t character) noexcept;

}  // namespace emptor
