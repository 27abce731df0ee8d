/// One customer's history as live models need it: read from records, or from the row of `customer_history` that is kept
/// of it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/insight/facts.hpp"
#include "insight/facts/customer_lines.hpp"
#include "insight/facts/customer_touches.hpp"
#include "insight/facts/facts_rows.hpp"

namespace emptor {

/// Line items in the order of facts (time, order, line) and touches by day. Of a line only who, when and how much is
/// kept, and of its quantity the sign; of touches those that tell of churn, without their topics.
struct KnownHistory {
  std::vector<PurchaseRow> lines;
  std::vector<Touch> touches;

  bool empty() const noexcept { return lines.empty() && touches.empty(); }
};

/// Bytes that are the same for the same history, however it came about. Lines and touches that live models do not look
/// at leave none.
std::string encoded_lines(std::span<const PurchaseRow> lines);
std::string encoded_touches(std::span<const Touch> touches);
/// Throws Code::corrupt, naming the entity `customer_history`.
KnownHistory decoded_history(std::int64_t customer, std::string_view lines, std::string_view touches);

/// Of one customer, from the records: the same as of all. Linear in what they have.
std::vector<PurchaseRow> read_lines_of(const View& view, Id customer);
std::vector<Touch> read_kept_touches_of(const View& view, Id customer, DayFinder& days);
/// Leaves the touches that are kept, in their order.
void keep_touches(std::vector<Touch>& touches);

/// A history in the shapes that insights take. Views of it live as long as it does.
class ShapedHistory {
 public:
  explicit ShapedHistory(const KnownHistory& history);
  /// Without lines' ids and products.
  PurchaseRows rows() const noexcept { return {{}, order_, {}, day_, {}, amount_, quantity_}; }
  std::span<const TimedLine> lines() const noexcept { return lines_; }
  std::span<const Touch> touches() const noexcept { return touches_; }

 private:
  std::vector<std::int64_t> order_, amount_, quantity_;
  std::vector<std::int32_t> day_;
  std::vector<TimedLine> lines_;
  std::span<const Touch> touches_;
};

}  // namespace emptor
