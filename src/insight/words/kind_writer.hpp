/// Kinds of customers or answers as they come, each numbered when it is first met.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "insight/words/portrait.hpp"

namespace emptor {

class KindWriter {
 public:
  explicit KindWriter(std::string name) { out_.name = std::move(name); }
  /// An empty text is no kind.
  void add(std::string_view text) {
    if (text.empty()) return out_.of.push_back(PortraitKinds::none);
    const auto [found, fresh] = places_.try_emplace(std::string(text), static_cast<std::uint32_t>(out_.kinds.size()));
    if (fresh) out_.kinds.emplace_back(text);
    out_.of.push_back(found->second);
  }
  PortraitKinds take() { return std::move(out_); }

 private:
  PortraitKinds out_;
  std::unordered_map<std::string, std::uint32_t> places_;
};

}  // namespace emptor
