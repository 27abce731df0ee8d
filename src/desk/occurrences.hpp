// How often each content came before, and whether the whole row came before too: 12 bytes a row.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <vector>

namespace emptor::desk {

class Occurrences {
 public:
  Occurrences() : keys_(1024, 0), rows_(1024, 0) {}

  struct Seen {
    std::uint32_t occurrence = 0;  ///< 0 for the first
    bool whole_row = false;        ///< a row before it was the same in every cell
  };
  Seen add(std::uint64_t content, std::uint64_t row) {
    if (content == 0) content = 1;
    const auto mark = static_cast<std::uint32_t>(row ^ row >> 32);
    if (size_ * 5 >= keys_.size() * 3) grow();
    const std::size_t at = place(content);
    if (keys_[at] == 0) {
      keys_[at] = content;
      rows_[at] = mark;
      ++size_;
      return {};
    }
    std::vector<std::uint32_t>& more = repeated_[content];
    bool same = rows_[at] == mark;
    for (const std::uint32_t before : more) same = same || before == mark;
    more.push_back(mark);
    return {static_cast<std::uint32_t>(more.size()), same};
  }

 private:
  std::size_t place(std::uint64_t key) const noexcept {
    std::size_t at = key & (keys_.size() - 1);
    while (keys_[at] != 0 && keys_[at] != key) at = (at + 1) & (keys_.size() - 1);
    return at;
  }
  void grow() {
    std::vector<std::uint64_t> keys(keys_.size() * 2, 0);
    std::vector<std::uint32_t> rows(keys.size(), 0);
    keys_.swap(keys);
    rows_.swap(rows);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      if (keys[i] == 0) continue;
      const std::size_t at = place(keys[i]);
      keys_[at] = keys[i];
      rows_[at] = rows[i];
    }
  }

  std::size_t size_ = 0;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> rows_;
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>> repeated_;
};

}  // namespace emptor::desk
