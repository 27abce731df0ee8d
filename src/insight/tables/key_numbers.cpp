#include "insight/tables/key_numbers.hpp"

#include <algorithm>
#include <numeric>

#include "core/radix_order.hpp"

namespace emptor {
namespace {

std::vector<std::uint32_t> ascending_texts(const std::vector<std::string_view>& texts) {
  std::vector<std::uint32_t> order(texts.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return texts[a] < texts[b]; });
  return order;
}

}  // namespace

std::vector<std::uint32_t> KeyNumbers::ranks(Column& sorted) const {
  const std::vector<std::uint32_t> order = text_ ? ascending_texts(texts_) : ascending_order(wholes_);
  std::vector<std::uint32_t> ranks(order.size());
  sorted.type = text_ ? Type::text : Type::integer;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    ranks[order[rank]] = static_cast<std::uint32_t>(rank);
    sorted.append(text_ ? Value(texts_[order[rank]]) : Value(wholes_[order[rank]]));
  }
  return ranks;
}

}  // namespace emptor
