/// Customers whose value has just moved, each against his own past: the pace of buying, silence, and what a day with a
/// purchase brings.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/rhythm.hpp"
#include "insight/facts/customer_lines.hpp"

namespace emptor {

enum class MoveKind : std::uint8_t { faster, slower, silent, spends_more, spends_less };
inline constexpr std::array<std::string_view, 5> move_names = {"faster", "slower", "silent", "spends_more",
                                                               "spends_less"};

/// The strongest of a customer's alarms.
struct ValueMove {
  std::size_t row = 0;  ///< among the customers
  MoveKind kind = MoveKind::faster;
  double p_value = 1, adjusted = 1;
  double ratio = 1;  ///< time that went by / expected; what a day brings / before
  bool is_loss() const noexcept {
    return kind == MoveKind::slower || kind == MoveKind::silent || kind == MoveKind::spends_less;
  }
};
struct ValueMoves {
  std::vector<ValueMove> alarms;  ///< one a customer, by row
  std::size_t tests = 0;
  std::string why;  ///< where nothing could be tested
};

/// Of these customers (ascending), from purchases up to the day. Pace and silence are those of mine/rhythm.hpp, all
/// purchases being of one product. What a day brings is tested by the rank sum of the last five days with a purchase
/// against up to 35 before them, at least eight: exact whatever the distribution of the amounts. Options say which
/// false alarms are allowed, over all tests together; `false_alarms` 0 tests nothing.
ValueMoves find_moves(const CustomerLines& lines, std::span<const std::int64_t> customers, Date day,
                      Purchases purchases, const mine::ChangeOptions& options, const mine::Run& run);

/// "buys 2.1 times as slowly as before": why somebody should look.
std::string move_reason(const ValueMove& move, Language language);

}  // namespace emptor
