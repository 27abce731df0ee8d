/// Keys of foreign columns (whole numbers or texts) as small numbers.
#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <numeric>
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
    if (text_) {
      if (cell.text.empty()) return std::nullopt;
      const auto [found, fresh] = texts_.try_emplace(cell.text, static_cast<std::uint32_t>(in_order_.size()));
      if (fresh) in_order_.push_back(Value(cell.text));
      return found->second;
    }
    const std::optional<std::int64_t> whole = whole_of(cell);
    if (!whole) return std::nullopt;
    const auto [found, fresh] = wholes_.try_emplace(*whole, static_cast<std::uint32_t>(in_order_.size()));
    if (fresh) in_order_.push_back(Value(*whole));
    return found->second;
  }

  bool of_texts() const noexcept { return text_; }
  std::size_t size() const noexcept { return in_order_.size(); }
  /// For each number its place among the ascending keys; `sorted` receives those.
  std::vector<std::uint32_t> ranks(Column& sorted) const {
    std::vector<std::uint32_t> order(in_order_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return compare(in_order_[a], in_order_[b]) < 0; });
    std::vector<std::uint32_t> ranks(order.size());
    sorted.type = text_ ? Type::text : Type::integer;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
      ranks[order[rank]] = static_cast<std::uint32_t>(rank);
      sorted.append(in_order_[order[rank]]);
    }
    return ranks;
  }

 private:
  bool text_;
  std::vector<Value> in_order_;
  boost::unordered_flat_map<std::int64_t, std::uint32_t> wholes_;
  boost::unordered_flat_map<std::string_view, std::uint32_t> texts_;
};

}  // namespace emptor
