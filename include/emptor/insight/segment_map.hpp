/// Segment map: rules that give each cell of scores (recency, frequency, monetary) one name.
///
/// Checked when it is made: a cell without a name (a gap), a cell with two (an overlap) and a name that
/// no cell gets (unreachable) are errors that name the cell and the rules. Tables that are passed
/// around as folklore fail that check; the ten-name map does not.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor {

/// The cells of one rule: scores within these bounds, both included. `fm_low` and `fm_high` bound the
/// mean of frequency and monetary score, unrounded.
struct SegmentRule {
  std::string name;
  int r_low = 1, r_high = 9;
  int f_low = 1, f_high = 9;
  int m_low = 1, m_high = 9;
  double fm_low = 1, fm_high = 9;
};

enum class SegmentOverlap {
  refuse,      ///< two rules for one cell are an error
  first_wins,  ///< the rule that stands first; one that never wins is an error
};

/// Immutable once made. A value: comparable, copyable.
class SegmentMap {
 public:
  /// Requires 2 <= bins <= 9. Throws Code::invalid with every gap, overlap and unreachable name.
  SegmentMap(std::span<const SegmentRule> rules, int bins, SegmentOverlap overlap = SegmentOverlap::refuse);

  int bins() const noexcept { return bins_; }
  /// Each name once, in the order of the rules.
  std::span<const std::string> names() const noexcept { return names_; }
  /// Index into names(). Requires scores of 1 ... bins.
  std::size_t at(int r, int f, int m) const noexcept { return cells_[cell(r, f, m)]; }
  const std::string& name(int r, int f, int m) const noexcept { return names_[at(r, f, m)]; }

 private:
  std::size_t cell(int r, int f, int m) const noexcept {
    return (static_cast<std::size_t>(r - 1) * bins_ + (f - 1)) * bins_ + (m - 1);
  }
  int bins_;
  std::vector<std::string> names_;
  std::vector<std::uint8_t> cells_;
};

/// The ten names on recency and frequency in five bins: hibernating, at risk, can't lose, about to
/// sleep, need attention, loyal, promising, new, potential loyalist, champion.
const SegmentMap& ten_segments();

/// Reads a rule a line: "name: R 4-5, F 3, M 1-5, FM 2-3.5" (what is not named is not bounded; '#'
/// starts a comment). Throws Code::invalid, naming the line.
std::vector<SegmentRule> parse_segment_rules(std::string_view text);

}  // namespace emptor
