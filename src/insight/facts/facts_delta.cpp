#include "insight/facts/facts_delta.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "insight/facts/facts_rows.hpp"
#include "insight/facts/facts_scan.hpp"

namespace emptor {
namespace {

constexpr std::size_t entries_at_a_time = 32;

/// Ids that the journal names, by what it means for the facts.
struct Changes {
  std::map<std::int64_t, bool> lines;  ///< id -> was there before
  std::vector<std::int64_t> orders;    ///< that were there before
  std::vector<std::int64_t> erased_customers;
  std::int64_t data_version = 0;

  bool empty() const { return data_version == 0; }
  std::size_t size() const { return lines.size() + orders.size() + erased_customers.size(); }
};

void note(Changes& changes, const FeedItem& item) {
  const bool is_line = item.entity == "order_line";
  const bool is_order = item.entity == "order";
  const bool is_erased_customer = item.entity == "customer" && item.kind == ChangeKind::erase;
  if (!is_line && !is_order && !is_erased_customer) return;
  changes.data_version = std::max(changes.data_version, item.version);
  if (is_line) changes.lines.try_emplace(item.id.value, item.kind != ChangeKind::insert);
  if (is_order && item.kind != ChangeKind::insert) changes.orders.push_back(item.id.value);
  if (is_erased_customer) changes.erased_customers.push_back(item.id.value);
}

/// Nothing where there are more than `most`.
std::optional<Changes> changes_since(const View& view, std::int64_t position, std::size_t most) {
  Changes changes;
  const std::int64_t newest = view.info().position;
  while (position < newest) {
    const Feed feed = view.feed(position, entries_at_a_time);
    if (feed.position == position) break;
    position = feed.position;
    for (const FeedItem& item : feed.items) note(changes, item);
    if (changes.size() > most) return std::nullopt;
  }
  for (const std::int64_t line : lines_of_orders(view, changes.orders)) changes.lines.try_emplace(line, true);
  return changes;
}

std::vector<std::int64_t> ids_of(const std::map<std::int64_t, bool>& lines) {
  std::vector<std::int64_t> ids;
  for (const auto& [id, known] : lines) ids.push_back(id);
  return ids;
}

/// New rows by customer; a touched customer without any is there too.
using TouchedCustomers = std::map<std::int64_t, std::vector<PurchaseRow>>;

bool has_line(const PurchaseRows& rows, std::int64_t line) {
  return std::find(rows.line.begin(), rows.line.end(), line) != rows.line.end();
}

/// The customers in whose rows these lines stand, found by looking through all of them.
void search_owners(const Facts& facts, const std::unordered_set<std::int64_t>& lines, TouchedCustomers& touched) {
  const auto [low, high] = std::minmax_element(lines.begin(), lines.end());
  const std::int64_t first = *low, last = *high;
  for (std::size_t i = 0; i < facts.customers.size(); ++i) {
    for (const std::int64_t line : facts.of(i).line) {
      if (line >= first && line <= last && lines.count(line)) touched.try_emplace(facts.customers[i]);
    }
  }
}

/// A line that was there before may have stood with another customer: its rows change too.
void add_old_owners(const Facts& facts, const Changes& changes, TouchedCustomers& touched) {
  std::unordered_set<std::int64_t> missing;
  for (const auto& [line, known] : changes.lines) {
    if (known) missing.insert(line);
  }
  for (const auto& [customer, rows] : touched) {
    const std::optional<std::size_t> at = facts.find(Id{customer});
    for (const PurchaseRow& row : rows) {
      if (at && missing.count(row.line) && has_line(facts.of(*at), row.line)) missing.erase(row.line);
    }
  }
  if (!missing.empty()) search_owners(facts, missing, touched);
}

TouchedCustomers touched_customers(const View& view, const Facts& facts, const Changes& changes) {
  TouchedCustomers touched;
  const std::vector<std::int64_t> lines = ids_of(changes.lines);
  for (const PurchaseRow& row : fetch_purchases(view, lines)) touched[row.customer].push_back(row);
  add_old_owners(facts, changes, touched);
  for (const std::int64_t customer : changes.erased_customers) touched.try_emplace(customer);
  return touched;
}

PurchaseRow row_of(const PurchaseRows& rows, std::size_t i, std::int64_t customer) {
  return {customer,   rows.line[i],   rows.order[i],    rows.product[i],
          rows.at[i], rows.amount[i], rows.quantity[i], rows.day[i]};
}

/// Adds to each touched customer the rows that did not change, and puts them in order.
void complete(const View& view, const Facts& facts, const Changes& changes, TouchedCustomers& touched) {
  std::vector<std::int64_t> customers;
  for (const auto& [customer, rows] : touched) customers.push_back(customer);
  const std::unordered_set<std::int64_t> deleted = deleted_among(view, customers);
  for (auto& [customer, rows] : touched) {
    if (deleted.count(customer)) {
      rows.clear();
      continue;
    }
    if (const std::optional<std::size_t> at = facts.find(Id{customer})) {
      const PurchaseRows old = facts.of(*at);
      for (std::size_t i = 0; i < old.size(); ++i) {
        if (!changes.lines.count(old.line[i])) rows.push_back(row_of(old, i, customer));
      }
    }
    std::sort(rows.begin(), rows.end(), earlier);
  }
}

/// The old facts with the rows of touched customers replaced.
class Merger {
 public:
  Merger(const Facts& old, const TouchedCustomers& touched) : old_(old), touched_(touched) {
    std::size_t rows = 0;
    for (std::size_t i = 0; i < old.ranges.size(); ++i) rows += old.ranges[i].part == 1 ? old.ranges[i].count : 0;
    for (const auto& [customer, list] : touched) rows += list.size();
    memory_->rows = std::make_unique<PurchaseColumns>(rows);
    memory_->customers.reserve(old.customers.size() + touched.size());
    memory_->ranges.reserve(old.customers.size() + touched.size());
  }

  Facts merge() {
    std::size_t i = 0;
    for (const auto& [customer, rows] : touched_) {
      const auto next = std::lower_bound(old_.customers.begin() + i, old_.customers.end(), customer);
      keep(i, static_cast<std::size_t>(next - old_.customers.begin()));
      i = static_cast<std::size_t>(next - old_.customers.begin());
      if (i < old_.customers.size() && old_.customers[i] == customer) ++i;
      replace(customer, rows);
    }
    keep(i, old_.customers.size());
    return result();
  }

 private:
  void keep(std::size_t first, std::size_t last) {
    FactsMemory& memory = *memory_;
    const std::size_t begin = memory.ranges.size();
    memory.customers.insert(memory.customers.end(), old_.customers.begin() + first, old_.customers.begin() + last);
    memory.ranges.insert(memory.ranges.end(), old_.ranges.begin() + first, old_.ranges.begin() + last);
    for (std::size_t i = begin; i < memory.ranges.size(); ++i) {
      PurchaseRange& range = memory.ranges[i];
      rows_ += range.count;
      if (range.part == 0) continue;
      memory.rows->copy(used_, old_.parts[1].subrows(range.first, range.count));
      range.first = used_;
      used_ += range.count;
    }
  }
  void replace(std::int64_t customer, const std::vector<PurchaseRow>& rows) {
    if (rows.empty()) return;
    memory_->customers.push_back(customer);
    memory_->ranges.push_back({used_, static_cast<std::uint32_t>(rows.size()), 1});
    for (const PurchaseRow& row : rows) memory_->rows->set(used_++, row);
    rows_ += rows.size();
  }
  /// The owner of a base outlives any number of merges; a chain of them is not kept.
  Facts result() {
    memory_->base = base_owner(old_);
    Facts facts;
    facts.customers = memory_->customers;
    facts.ranges = memory_->ranges;
    facts.parts = {old_.parts[0], memory_->rows->view().subrows(0, used_)};
    facts.rows = rows_;
    facts.owner = memory_;
    return facts;
  }
  static std::shared_ptr<const void> base_owner(const Facts& facts) {
    if (facts.parts[1].size() == 0) return facts.owner;
    return std::static_pointer_cast<const FactsMemory>(facts.owner)->base;
  }

  const Facts& old_;
  const TouchedCustomers& touched_;
  std::shared_ptr<FactsMemory> memory_ = std::make_shared<FactsMemory>();
  std::uint64_t used_ = 0;
  std::size_t rows_ = 0;
};

}  // namespace

std::optional<Facts> merge_changes(const View& view, const Facts& old) {
  const std::optional<Changes> changes = changes_since(view, old.position, 20'000 + old.rows / 20);
  if (!changes) return std::nullopt;
  Facts facts = old;
  if (!changes->empty()) {
    TouchedCustomers touched = touched_customers(view, old, *changes);
    complete(view, old, *changes, touched);
    facts = Merger(old, touched).merge();
    facts.schema_version = old.schema_version;
    facts.data_version = std::max(old.data_version, changes->data_version);
  }
  facts.position = view.info().position;
  return facts;
}

bool wants_compaction(const Facts& facts) noexcept { return facts.parts[1].size() > 20'000 + facts.rows / 64; }

}  // namespace emptor
