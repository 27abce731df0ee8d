#include "session/segments/evaluation.hpp"

#include <algorithm>
#include <numeric>

namespace emptor::segments {
namespace {

// Conditions of which all must hold (`joined` is then 1), or any (0). While they are as `joined` says, the first that
// turns decides; when some are not, all of those must turn first.
void join(Truth joined, Truth part, std::int32_t turns, Truth& holds, std::int32_t& due) {
  if (holds == joined) {
    due = part == joined ? std::min(due, turns) : turns;
    holds = part;
  } else if (part != joined) {
    due = std::max(due, turns);
  }
}

void put(Column& column, Type type, std::span<const Value> values) {
  column.clear();
  column.type = type;
  for (const Value& value : values) column.append(value);
}

}  // namespace

Evaluation::Evaluation(const Program& program, Zone zone) : program_(program) {
  ground_.zone = std::move(zone);
  bound_.resize(program.tests().size());
  measures_.resize(program.measures().size());
  for (const AskedRecords& asked : program.records()) {
    Lot& lot = lots_.emplace_back(Lot{false, Gathered(asked, program.schema()), {}, {}});
    lot.conditions.resize(asked.conditions().size());
  }
}

void Evaluation::begin(Reader& reader, std::span<const Id> customers, Date today) {
  if (today != ground_.today)
    for (std::optional<ColumnTest>& test : bound_)
      if (test && test->asks_today()) test.reset();
  ground_.today = today;
  reader_ = &reader;
  depth_ = 0;
  customers_.assign(customers);
  reset(segments_, program_.sources().size());
  reset(tests_, program_.tests().size());
  for (Measured& each : measures_) each.done = false;
  for (Lot& lot : lots_) {
    lot.read = false;
    for (ConditionHeld& each : lot.conditions) each.done = false;
  }
  there_.assign(customers.size(), 0);
  if (customers.empty()) return;
  for (const std::uint32_t owner : gathered(0).owners()) there_[owner] = 1;
}

void Evaluation::reset(Known& known, std::size_t count) const {
  known.done.assign(count, 0);
  known.holds.resize(count * customers_.size());
  known.due.resize(count * customers_.size());
}

std::span<const Truth> Evaluation::holds_of(Known& known, std::size_t number) {
  if (!known.done[number]) &known == &segments_ ? work_out_segment(number) : work_out_test(number);
  return holds_at(known, number);
}

std::span<const std::int32_t> Evaluation::due_of(Known& known, std::size_t number) {
  holds_of(known, number);
  return due_at(known, number);
}

void Evaluation::work_out_segment(std::size_t segment) {
  const std::span<Truth> holds = holds_at(segments_, segment);
  const std::span<std::int32_t> due = due_at(segments_, segment);
  segments_.done[segment] = 1;
  work_out(program_.rules()[segment], holds, due);
  for (std::size_t i = 0; i < holds.size(); ++i) {
    holds[i] &= there_[i];
    if (!there_[i]) due[i] = never_due;
  }
}

// Writes whether the node holds, and the first day on which it may turn.
void Evaluation::work_out(const Node& node, std::span<Truth> holds, std::span<std::int32_t> due) {
  if (node.kind == Node::Kind::test || node.kind == Node::Kind::segment) {
    Known& known = node.kind == Node::Kind::test ? tests_ : segments_;
    std::ranges::copy(holds_of(known, node.number), holds.begin());
    std::ranges::copy(due_of(known, node.number), due.begin());
    return;
  }
  if (node.kind == Node::Kind::negate) {
    work_out(node.children.front(), holds, due);
    for (Truth& each : holds) each ^= 1;
    return;
  }
  const Truth joined = node.kind == Node::Kind::all ? 1 : 0;
  std::ranges::fill(holds, joined);
  std::ranges::fill(due, never_due);
  if (parts_.size() <= depth_) parts_.emplace_back();
  Part& part = parts_[depth_++];  // a segment that is named within has one of its own
  part.holds.resize(holds.size());
  part.due.resize(holds.size());
  for (const Node& child : node.children) {
    work_out(child, part.holds, part.due);
    bool decided = true;  // of everybody, until a record changes: what else is asked does not matter
    for (std::size_t i = 0; i < holds.size(); ++i) {
      join(joined, part.holds[i], part.due[i], holds[i], due[i]);
      decided &= holds[i] != joined && due[i] == never_due;
    }
    if (decided) break;
  }
  --depth_;
}

const ColumnTest& Evaluation::bound(std::size_t number) {
  std::optional<ColumnTest>& bound = bound_[number];
  const Test& test = program_.tests()[number];
  if (!bound) bound.emplace(*test.term, test.term->subject.type, ground_);
  return *bound;
}

void Evaluation::work_out_test(std::size_t number) {
  const Test& test = program_.tests()[number];
  const std::span<Truth> holds = holds_at(tests_, number);
  const std::span<std::int32_t> due = due_at(tests_, number);
  const Measured& found = measured(test.measure);
  tests_.done[number] = 1;
  if (found.due.empty())
    std::ranges::fill(due, never_due);
  else
    std::ranges::copy(found.due, due.begin());
  if (test.term->subject.kind == RuleSubject::Kind::top) {
    for (std::size_t i = 0; i < holds.size(); ++i)
      holds[i] =
          test.threshold.present() && found.column.valid[i] && compare(found.column.value(i), test.threshold) >= 0;
    return;
  }
  const ColumnTest& asked = bound(number);
  asked.ask(found.column, holds);
  if (asked.asks_today()) asked.lower_due(found.column, ground_, due);
}

Value Evaluation::observed(std::size_t test, std::size_t customer) {
  return measured(program_.tests()[test].measure).column.value(customer);
}

const Gathered& Evaluation::gathered(std::size_t records) {
  Lot& lot = lots_[records];
  if (lot.read) return lot.gathered;
  lot.gathered.read(*reader_, customers_, ground_.zone);
  lot.rows.resize(lot.gathered.rows());
  std::iota(lot.rows.begin(), lot.rows.end(), 0u);
  lot.read = true;
  return lot.gathered;
}

const Evaluation::ConditionHeld& Evaluation::condition(std::size_t records, std::size_t number) {
  ConditionHeld& held = lots_[records].conditions[number];
  if (held.done) return held;
  const AskedRecords& asked = program_.records()[records];
  const Gathered& rows = gathered(records);
  held.due.clear();
  work_out(rows, asked, asked.conditions()[number], held);
  held.rows.clear();
  for (std::uint32_t row = 0; row < held.holds.size(); ++row)
    if (held.holds[row]) held.rows.push_back(row);
  held.done = true;
  return held;
}

void Evaluation::work_out(const Gathered& rows, const AskedRecords& asked, const CellCondition& condition,
                          ConditionHeld& held) {
  held.holds.resize(rows.rows());
  if (condition.kind == RuleTerm::Kind::compare) {
    const ColumnTest test(*condition.term, asked.cells()[condition.cell].type, ground_);
    test.ask(rows.cell(condition.cell), held.holds);
    if (!test.asks_today()) return;
    if (held.due.empty()) held.due.assign(rows.rows(), never_due);
    return test.lower_due(rows.cell(condition.cell), ground_, held.due);
  }
  ConditionHeld part{.due = std::move(held.due)};
  const bool all = condition.kind == RuleTerm::Kind::all, negates = condition.kind == RuleTerm::Kind::negate;
  std::ranges::fill(held.holds, static_cast<Truth>(all));
  for (const CellCondition& child : condition.children) {
    work_out(rows, asked, child, part);
    for (std::size_t i = 0; i < held.holds.size(); ++i)
      held.holds[i] = negates ? part.holds[i] ^ 1 : all ? held.holds[i] & part.holds[i] : held.holds[i] | part.holds[i];
  }
  held.due = std::move(part.due);
}

const Evaluation::Measured& Evaluation::measured(std::size_t number) {
  Measured& out = measures_[number];
  if (out.done) return out;
  const Measure& measure = program_.measures()[number];
  out.due.clear();
  switch (measure.kind) {
    case RuleSubject::Kind::records:
      measure_records(measure, out);
      break;
    case RuleSubject::Kind::score:
      measure_score(measure, out);
      break;
    case RuleSubject::Kind::tag:
      measure_tag(measure, out);
      break;
    default:
      measure_cells(measure, out);
  }
  out.done = true;
  return out;
}

void Evaluation::measure_cells(const Measure& measure, Measured& out) {
  const Gathered& rows = gathered(0);
  const Column& cell = rows.cell(measure.cell);
  out.column.clear();
  out.column.type = cell.type;
  // A row a customer at most, in their order.
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    while (out.column.size() < rows.owners()[row]) out.column.append(Value());
    out.column.append(cell.value(row));
  }
  while (out.column.size() < customers_.size()) out.column.append(Value());
}

// The records that a measure counts. Those that time brings into its window or under its condition, or takes out, say
// when it is due.
std::span<const std::uint32_t> Evaluation::counted_rows(const Measure& measure, Measured& out) {
  const Gathered& rows = gathered(measure.records);
  const ConditionHeld* held = measure.condition ? &condition(measure.records, *measure.condition) : nullptr;
  const std::optional<RuleWindow>& window = measure.subject->window;
  const std::vector<std::uint32_t>& candidates = held != nullptr ? held->rows : lots_[measure.records].rows;
  const bool turns = held != nullptr && !held->due.empty();
  if (window || turns) out.due.assign(customers_.size(), never_due);
  for (std::size_t row = 0; turns && row < rows.rows(); ++row) {
    std::int32_t& due = out.due[rows.owners()[row]];
    due = std::min(due, held->due[row]);
  }
  if (!window) return candidates;
  counted_.clear();
  const std::int32_t today = ground_.today.days;
  for (const std::uint32_t row : candidates) {
    const std::int32_t day = rows.days()[row];
    if (day == Gathered::no_day) continue;
    const std::int32_t enters = day + window->newest, leaves = day + window->oldest + 1;
    if (leaves <= today) continue;
    std::int32_t& due = out.due[rows.owners()[row]];
    due = std::min(due, enters > today ? enters : leaves);
    if (enters <= today) counted_.push_back(row);
  }
  return counted_;
}

void Evaluation::measure_records(const Measure& measure, Measured& out) {
  const std::span<const std::uint32_t> counted = counted_rows(measure, out);
  const Gathered& rows = gathered(measure.records);
  const Column* cell = measure.subject->field.empty() ? nullptr : &rows.cell(measure.cell);
  const RuleSubject& asked = *measure.subject;
  totals_.measure(asked.measure, asked.type, cell, counted, rows.owners(), customers_.size(), out.column);
}

void Evaluation::measure_score(const Measure& measure, Measured& out) {
  const Gathered& rows = gathered(measure.records);
  const Column& cell = rows.cell(measure.cell);
  const Column& names = rows.cell(measure.names);
  std::vector<Value> values(customers_.size());
  for (std::size_t row = 0; row < rows.rows(); ++row)
    if (names.text(row) == measure.subject->name) values[rows.owners()[row]] = cell.value(row);
  put(out.column, cell.type, values);
}

// True where a tag of that name is in force today, missing where none is.
void Evaluation::measure_tag(const Measure& measure, Measured& out) {
  const Gathered& rows = gathered(measure.records);
  const Column& names = rows.cell(measure.names);
  const Column &first = rows.cell(measure.from), &last = rows.cell(measure.to);
  const auto day_of = [&](const Value& value) {
    return value.type() == Type::instant ? ground_.zone.date_of(value.instant()).days : value.date().days;
  };
  const std::int32_t today = ground_.today.days;
  std::vector<Value> values(customers_.size());
  out.due.assign(customers_.size(), never_due);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (names.text(row) != measure.subject->name) continue;
    std::int32_t& due = out.due[rows.owners()[row]];
    const bool began = !first.valid[row] || day_of(first.value(row)) <= today;
    const bool ended = last.valid[row] && day_of(last.value(row)) < today;
    if (!began) due = std::min(due, day_of(first.value(row)));
    if (began && !ended && last.valid[row]) due = std::min(due, day_of(last.value(row)) + 1);
    if (began && !ended) values[rows.owners()[row]] = Value(true);
  }
  put(out.column, Type::boolean, values);
}

}  // namespace emptor::segments
