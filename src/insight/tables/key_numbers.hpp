/// Keys of foreign columns (whole numbers or texts) as small numbers.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/arrow_convert.hpp"
#include "emptor/store/batch.hpp"

namespace emptor {

/// Keys of a column numbered from 0 in the order of their first row; all integers or all texts.
class KeyNumbers {
 public:
  explicit KeyNumbers(const ArrowInput& column)
      : text_(column.type.kind == ArrowType::Kind::text || column.type.kind == ArrowType::Kind::text_view) {}

  /// Nothing for what is neither a whole number nor a text.
  std::optional<std::uint32_t> of(const ArrowCell& cell) {
    if (text_) return cell.text.empty() ? std::nullopt : std::optional(of_text(cell.text));
    const std::optional<std::int64_t> whole = whole_of(cell);
    return whole ? std::optional(of_whole(*whole)) : std::nullopt;
  }
  std::uint32_t of_text(std::string_view key) { return number(text_numbers_, texts_, key); }
  std::uint32_t of_whole(std::int64_t key) { return number(whole_numbers_, wholes_, key); }

  bool of_texts() const noexcept { return text_; }
  std::size_t size() const noexcept { return wholes_.size() + texts_.size(); }
  /// For each number its place among the ascending keys; `sorted` receives those.
  std::vector<std::uint32_t> ranks(Column& sorted) const;

 private:
  template <class Numbers, class Keys, class Key>
  static std::uint32_t number(Numbers& numbers, Keys& keys, Key key) {
    const auto [found, fresh] = numbers.try_emplace(key, static_cast<std::uint32_t>(keys.size()));
    if (fresh) keys.push_back(key);
    return found->second;
  }

  bool text_;
  std::vector<std::int64_t> wholes_;  ///< by number, as texts_
  std::vector<std::string_view> texts_;
  boost::unordered_flat_map<std::int64_t, std::uint32_t> whole_numbers_;
  boost::unordered_flat_map<std::string_view, std::uint32_t> text_numbers_;
};

}  // namespace emptor
