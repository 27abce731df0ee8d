/// What the numbers 0, 1, 2 ... of states or items stand for: whole numbers or texts, as a table had them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::mine {

/// All whole numbers or all texts, ascending (texts by their bytes), each once: one of the two lists is empty.
struct Keys {
  std::vector<std::int64_t> wholes;
  std::vector<std::string> texts;

  std::size_t size() const noexcept { return wholes.size() + texts.size(); }
  /// The number of a key; nothing where it is none of them. O(log size).
  std::optional<std::uint32_t> find(std::int64_t key) const noexcept;
  std::optional<std::uint32_t> find(std::string_view key) const noexcept;
  friend bool operator==(const Keys&, const Keys&) = default;
};

}  // namespace emptor::mine
