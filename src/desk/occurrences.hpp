// How often each content came before, and whether the whole row came before too: 12 bytes a row, in tables that are
// at least six tenths full.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <utility>
#include <vector>

namespace emptor::desk {

class Occurrences {
 public:
  struct Seen {
    std::uint32_t occurrence = 0;  ///< 0 for the first
    bool whole_row = false;        ///< a row before it was the same in every cell
  };
  /// Requires contents whose bits are all as good as random.
  Seen add(std::uint64_t content, std::uint64_t row) {
    if (content == 0) content = 1;
    const auto mark = static_cast<std::uint32_t>(row ^ row >> 32);
    const std::uint32_t* first = parts_[content % parts].enter(content, mark);
    if (first == nullptr) return {};
    std::vector<std::uint32_t>& more = repeated_[content];
    bool same = *first == mark;
    for (const std::uint32_t before : more) same = same || before == mark;
    more.push_back(mark);
    return {static_cast<std::uint32_t>(more.size()), same};
  }

 private:
  /// A hash table that grows by a quarter: being one of many, it holds little twice while it does.
  class Part {
   public:
    /// The mark that stands with the content; null where both are entered only now.
    const std::uint32_t* enter(std::uint64_t content, std::uint32_t mark) {
      if (size_ * 5 >= contents_.size() * 4) grow();
      const std::size_t at = place(content);
      if (contents_[at] != 0) return &marks_[at];
      contents_[at] = content;
      marks_[at] = mark;
      ++size_;
      return nullptr;
    }

   private:
    std::size_t place(std::uint64_t content) const noexcept {
      __extension__ using Wide = unsigned __int128;
      auto at = static_cast<std::size_t>(static_cast<Wide>(content) * contents_.size() >> 64);
      while (contents_[at] != 0 && contents_[at] != content) at = at + 1 == contents_.size() ? 0 : at + 1;
      return at;
    }
    void grow() {
      Part larger;
      const std::size_t size = contents_.size() + contents_.size() / 4 + 16;
      larger.contents_.assign(size, 0);
      larger.marks_.assign(size, 0);
      for (std::size_t i = 0; i < contents_.size(); ++i) {
        if (contents_[i] == 0) continue;
        const std::size_t at = larger.place(contents_[i]);
        larger.contents_[at] = contents_[i];
        larger.marks_[at] = marks_[i];
      }
      larger.size_ = size_;
      *this = std::move(larger);
    }

    std::size_t size_ = 0;
    std::vector<std::uint64_t> contents_;  ///< 0: none
    std::vector<std::uint32_t> marks_;
  };

  static constexpr std::size_t parts = 256;
  std::array<Part, parts> parts_;
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>> repeated_;
};

}  // namespace emptor::desk
