/// Which customers' histories a write changes, and what their rows of `customer_history` are then.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "emptor/session/derivation.hpp"
#include "insight/facts/facts_scan.hpp"
#include "insight/facts/known_history.hpp"

namespace emptor {

/// What has to be done for one customer.
struct HistoryChange {
  bool read_lines = false, read_touches = false;  ///< from the records, as something may have gone or moved
  std::vector<PurchaseRow> lines;                 ///< new ones, else
};
using HistoryChanges = std::map<std::int64_t, HistoryChange>;

/// Entities whose changes matter.
std::vector<std::string> history_sources();
/// The touched customers. A new order with its lines is told by itself; of anything else the customer is read again.
HistoryChanges history_changes(const View& view, std::span<const RecordChange> changes, DayFinder& days);

/// The histories of customers from the rows that are kept of them; empty ones for those without a row.
std::map<std::int64_t, KnownHistory> kept_histories(Reader& reader, std::span<const Id> customers);
/// Brings the rows of the touched customers up to date, and returns what their histories are.
std::map<std::int64_t, KnownHistory> keep_histories(Writer& writer, const HistoryChanges& changes, DayFinder& days);
/// The rows of all customers, from all records.
void all_histories(Reader& reader, const std::function<void(Row)>& emit);

}  // namespace emptor
