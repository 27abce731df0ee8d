/// Portrait of a group: what sets its customers apart from the others, by the size of the difference, told in words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/contrast.hpp"

namespace emptor {

/// What is known of customers, a value each, in one order.
struct PortraitNumbers {
  std::string name;
  std::vector<double> values;  ///< NaN where nothing is known
};
struct PortraitKinds {
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);
  std::string name;
  std::vector<std::string> kinds;
  std::vector<std::uint32_t> of;  ///< places among the kinds, or none
};
struct PortraitColumns {
  std::vector<PortraitNumbers> numbers;
  std::vector<PortraitKinds> kinds;
};

/// One difference. `kind` is empty for a number; then `number` holds, else `share`.
struct PortraitFinding {
  std::string field, kind;
  mine::NumberContrast number = {};
  mine::ShareContrast share = {};
  double p_value = 1, adjusted = 1;

  /// Cliff's delta, or phi: how clearly it tells the group from the others, -1 to 1.
  double effect() const noexcept { return kind.empty() ? number.delta.value : share.phi; }
};

struct Portrait {
  std::size_t within = 0, outside = 0;  ///< customers
  std::size_t tests = 0;
  std::vector<PortraitFinding> findings;  ///< those that hold, the greatest effect first
  std::string why;                        ///< where none could be drawn
};

struct PortraitOptions {
  double level = 0.95;           ///< of the intervals
  double false_findings = 0.05;  ///< of all findings, at most this share is so by chance, on average
  std::size_t least_rows = 5;    ///< customers of the group, and of the others, with a number or in all with a kind
  std::size_t most_kinds = 30;   ///< of a field: the most frequent ones are looked at
};

/// `within` says of each customer whether he is of the group. Throws nothing for groups that are too small: they have
/// no portrait, and `why` says so.
Portrait draw_portrait(const PortraitColumns& columns, const std::vector<std::uint8_t>& within,
                       const PortraitOptions& options = {});

/// "share bought at weekends": what the library measures itself; a field of the store by its name.
std::string_view field_in_words(std::string_view field, Language language) noexcept;
/// "country is DE: 2.3 times as often (40.0 % against 17.4 %)".
std::string finding_in_words(const PortraitFinding& finding, Language language);

}  // namespace emptor
