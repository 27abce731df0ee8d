// A comparison of a rule, asked of a whole column of values at once.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "emptor/session/rule.hpp"
#include "emptor/store/batch.hpp"
#include "store/keyvalue/condition.hpp"

namespace emptor::segments {

using Truth = std::uint8_t;  ///< 0 or 1
inline constexpr std::int32_t never_due = std::numeric_limits<std::int32_t>::max();

/// Values of one type, without a copy. Texts are their column's.
struct ColumnView {
  ColumnView(Type of, const std::int64_t* first_bits, const std::uint8_t* first_valid)
      : type(of), bits(first_bits), valid(first_valid) {}
  ColumnView(const Column& column)
      : type(column.type), bits(column.bits.data()), valid(column.valid.data()), texts(&column) {}

  bool is_text() const noexcept { return type == Type::text || type == Type::bytes; }
  Value value(std::size_t row) const noexcept {
    if (is_text()) return texts->value(row);
    return valid[row] ? Value::of_bits(type, bits[row]) : Value();
  }

  Type type;
  const std::int64_t* bits;
  const std::uint8_t* valid;
  const Column* texts = nullptr;
};

/// Valid for the day that it was bound for, where the comparison asks today; the rule must be alive.
class ColumnTest {
 public:
  /// The type is that of the column.
  ColumnTest(const RuleTerm& term, Type type, const RuleGround& ground);

  void ask(const ColumnView& column, std::span<Truth> holds) const;
  /// Whether it may hold of other values tomorrow.
  bool asks_today() const noexcept { return !days_.empty(); }
  /// Lowers each to the first day after today on which the comparison may turn, a number of days since 1970.
  void lower_due(const Column& column, const RuleGround& ground, std::span<std::int32_t> due) const;

 private:
  struct Node {
    Where::Kind kind = Where::Kind::compare;
    keyvalue::Condition::Comparison comparison = {};
    std::vector<Node> children = {};
  };
  static Node bind(const Where& where, Type type);
  static void ask(const Node& node, const ColumnView& column, std::span<Truth> holds);

  Node root_;
  std::vector<std::int32_t> days_;  // after today, of each word `today` in it
};

}  // namespace emptor::segments
