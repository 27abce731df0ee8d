// Which segments have which customers on a day, and until when that holds by itself.
#pragma once

#include <deque>
#include <vector>

#include "session/segments/column_test.hpp"
#include "session/segments/gathered.hpp"
#include "session/segments/program.hpp"
#include "session/segments/totals.hpp"

namespace emptor::segments {

/// Asks a program of one lot of customers after another. Only what the segments asked about need is read and computed,
/// each thing once a lot.
class Evaluation {
 public:
  /// The program must be alive.
  Evaluation(const Program& program, Zone zone);

  /// From here on of these customers, their ids ascending, on this day. The reader must be alive until the next lot.
  void begin(Reader& reader, std::span<const Id> customers, Date today);

  /// Of each customer whether the segment has them; of one who is not there or is deleted, none has.
  std::span<const Truth> members(std::size_t segment) { return holds_of(segments_, segment); }
  /// Of each the first day after today on which that may change by itself; `never_due` where it does not.
  std::span<const std::int32_t> due(std::size_t segment) { return due_of(segments_, segment); }

  /// What was asked of one comparison, for words about it: its truth and the value, by customer.
  std::span<const Truth> holds(std::size_t test) { return holds_of(tests_, test); }
  Value observed(std::size_t test, std::size_t customer);

 private:
  /// What is known of each of many things, for each customer of the lot.
  struct Known {
    std::vector<std::uint8_t> done;
    std::vector<Truth> holds;
    std::vector<std::int32_t> due;
  };
  struct Measured {
    bool done = false;
    Column column;
    std::vector<std::int32_t> due;  ///< empty: it changes with records only
  };
  struct ConditionHeld {
    bool done = false;
    std::vector<Truth> holds;
    std::vector<std::uint32_t> rows;  ///< of which it holds
    std::vector<std::int32_t> due;    ///< empty: it changes with records only
  };
  struct Lot {
    bool read = false;
    Gathered gathered;
    std::vector<std::uint32_t> rows;  ///< all of them
    std::vector<ConditionHeld> conditions;
  };

  void reset(Known& known, std::size_t count) const;
  std::span<Truth> holds_at(Known& known, std::size_t number) {
    return std::span(known.holds).subspan(number * customers_.size(), customers_.size());
  }
  std::span<std::int32_t> due_at(Known& known, std::size_t number) {
    return std::span(known.due).subspan(number * customers_.size(), customers_.size());
  }
  std::span<const Truth> holds_of(Known& known, std::size_t number);
  std::span<const std::int32_t> due_of(Known& known, std::size_t number);

  void work_out_segment(std::size_t segment);
  void work_out(const Node& node, std::span<Truth> holds, std::span<std::int32_t> due);
  void work_out_test(std::size_t test);
  const ColumnTest& bound(std::size_t test);

  const Gathered& gathered(std::size_t records);
  const ConditionHeld& condition(std::size_t records, std::size_t number);
  void work_out(const Gathered& rows, const AskedRecords& asked, const CellCondition& condition, ConditionHeld& held);
  const Measured& measured(std::size_t measure);
  void measure_cells(const Measure& measure, Measured& out);
  void measure_records(const Measure& measure, Measured& out);
  void measure_score(const Measure& measure, Measured& out);
  void measure_tag(const Measure& measure, Measured& out);
  std::span<const std::uint32_t> counted_rows(const Measure& measure, Measured& out);

  const Program& program_;
  RuleGround ground_;
  Reader* reader_ = nullptr;
  Customers customers_;
  std::vector<Truth> there_;
  Known segments_, tests_;
  std::vector<std::optional<ColumnTest>> bound_;  // by test, for today
  std::deque<Lot> lots_;
  std::vector<Measured> measures_;
  std::vector<std::uint32_t> counted_;  // by the measure at hand
  struct Part {
    std::vector<Truth> holds;
    std::vector<std::int32_t> due;
  };
  std::deque<Part> parts_;  // of children at hand, by depth
  std::size_t depth_ = 0;   // of the node at hand, through the segments that it names
  Totals totals_;
};

}  // namespace emptor::segments
