/// Groups of customers by a text each: those that differ by case and accents alone are one, shown by the first of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "emptor/core/text.hpp"
#include "insight/composition/composition_rows.hpp"

namespace emptor {

class GroupColumn {
 public:
  GroupColumn(std::string name, bool place, std::size_t rows) {
    out_.name = std::move(name);
    out_.place = place;
    out_.of.assign(rows, CompositionDimension::unknown);
  }
  /// An empty text is no group.
  void add(std::size_t row, std::string_view text) {
    if (text.empty()) return;
    const auto [at, fresh] = numbers_.try_emplace(fold(text), Group{static_cast<std::uint32_t>(numbers_.size()), {}});
    if (fresh || text < at->second.shown) at->second.shown = text;
    out_.of[row] = at->second.number;
  }
  bool empty() const noexcept { return numbers_.empty(); }
  std::size_t groups() const noexcept { return numbers_.size(); }
  CompositionDimension take() {
    std::vector<std::uint32_t> rank(numbers_.size());
    for (const auto& [key, group] : numbers_) {
      rank[group.number] = static_cast<std::uint32_t>(out_.groups.size());
      out_.groups.push_back(group.shown);
    }
    for (std::uint32_t& of : out_.of)
      if (of != CompositionDimension::unknown) of = rank[of];
    return std::move(out_);
  }

 private:
  struct Group {
    std::uint32_t number = 0;
    std::string shown;
  };
  CompositionDimension out_;
  std::map<std::string, Group> numbers_;  // by folded text, so that groups come in one order
};

}  // namespace emptor
