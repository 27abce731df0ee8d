#include "session/segments/column_test.hpp"

#include <algorithm>
#include <unordered_map>

#include "session/rule/terms.hpp"

namespace emptor::segments {
namespace {

using Comparison = keyvalue::Condition::Comparison;

constexpr std::size_t worth_a_dictionary = 64;  // rows

Value as_type(const Value& value, Type type) {
  if (!value.present() || value.is_text() || value.type() == type) return value;
  if (type == Type::decimal && value.type() == Type::integer) return Value(Decimal(value.integer()));
  return Value::of_bits(type, value.bits());
}

// Numbers that order by their 64 bits.
template <class Compare>
void ask_bits(const ColumnView& column, std::span<Truth> holds, Compare&& compare) {
  const std::int64_t* bits = column.bits;
  const std::uint8_t* valid = column.valid;
  for (std::size_t i = 0; i < holds.size(); ++i) holds[i] = static_cast<Truth>(valid[i] & (compare(bits[i]) ? 1 : 0));
}

bool ask_bits(const Comparison& asked, const ColumnView& column, std::span<Truth> holds) {
  if (asked.values.size() != 1) return false;
  const std::int64_t than = asked.values.front().bits();
  switch (asked.op) {
    case Operator::equal:
      return ask_bits(column, holds, [than](std::int64_t bits) { return bits == than; }), true;
    case Operator::less:
      return ask_bits(column, holds, [than](std::int64_t bits) { return bits < than; }), true;
    case Operator::less_equal:
      return ask_bits(column, holds, [than](std::int64_t bits) { return bits <= than; }), true;
    case Operator::greater:
      return ask_bits(column, holds, [than](std::int64_t bits) { return bits > than; }), true;
    case Operator::greater_equal:
      return ask_bits(column, holds, [than](std::int64_t bits) { return bits >= than; }), true;
    default:
      return false;
  }
}

// The same few texts stand in many rows: each is asked once.
void ask_texts(const Comparison& asked, const Column& column, std::span<Truth> holds) {
  std::unordered_map<std::string_view, Truth> known;
  for (std::size_t i = 0; i < holds.size(); ++i) {
    const auto [found, is_new] = known.try_emplace(column.text(i), Truth{0});
    if (is_new) found->second = keyvalue::holds(asked, column.value(i)) ? 1 : 0;
    holds[i] = found->second;
  }
}

void ask_leaf(const Comparison& asked, const ColumnView& column, std::span<Truth> holds) {
  if (asked.op == Operator::present) return void(std::copy_n(column.valid, holds.size(), holds.begin()));
  const bool in_bits = !column.is_text() && column.type != Type::real;
  if (in_bits && ask_bits(asked, column, holds)) return;
  if (column.is_text() && holds.size() >= worth_a_dictionary) return ask_texts(asked, *column.texts, holds);
  for (std::size_t i = 0; i < holds.size(); ++i) holds[i] = keyvalue::holds(asked, column.value(i)) ? 1 : 0;
}

}  // namespace

ColumnTest::ColumnTest(const RuleTerm& term, Type type, const RuleGround& ground)
    : root_(bind(rule_comparison(term, ground), type)) {
  for (const RuleValue& value : term.values)
    if (value.kind == RuleValue::Kind::today) days_.push_back(static_cast<std::int32_t>(value.bits));
}

ColumnTest::Node ColumnTest::bind(const Where& where, Type type) {
  Node node{.kind = where.kind};
  node.comparison.op = where.op;
  for (const Value& value : where.values)
    if (value.present()) node.comparison.values.push_back(as_type(value, type));
  const auto before = [](const Value& a, const Value& b) { return compare(a, b) < 0; };
  std::ranges::sort(node.comparison.values, before);
  node.comparison.values.erase(std::ranges::unique(node.comparison.values).begin(), node.comparison.values.end());
  for (const Where& child : where.children) node.children.push_back(bind(child, type));
  return node;
}

void ColumnTest::ask(const ColumnView& column, std::span<Truth> holds) const { ask(root_, column, holds); }

void ColumnTest::ask(const Node& node, const ColumnView& column, std::span<Truth> holds) {
  if (node.kind == Where::Kind::compare) return ask_leaf(node.comparison, column, holds);
  const bool all = node.kind == Where::Kind::all || node.kind == Where::Kind::always;
  if (node.kind == Where::Kind::negate) {
    ask(node.children.front(), column, holds);
    for (Truth& each : holds) each ^= 1;
    return;
  }
  std::ranges::fill(holds, static_cast<Truth>(all));
  std::vector<Truth> part(holds.size());
  for (const Node& child : node.children) {
    ask(child, column, part);
    for (std::size_t i = 0; i < holds.size(); ++i) holds[i] = all ? holds[i] & part[i] : holds[i] | part[i];
  }
}

// `v < today + k` and its like turn on the day v - k or on the next.
void ColumnTest::lower_due(const Column& column, const RuleGround& ground, std::span<std::int32_t> due) const {
  const std::int32_t today = ground.today.days;
  for (std::size_t i = 0; i < due.size(); ++i) {
    if (!column.valid[i]) continue;
    const Value value = column.value(i);
    const std::int32_t day =
        column.type == Type::instant ? ground.zone.date_of(value.instant()).days : value.date().days;
    for (const std::int32_t after : days_)
      for (const std::int32_t turn : {day - after, day - after + 1})
        if (turn > today) due[i] = std::min(due[i], turn);
  }
}

}  // namespace emptor::segments
