/// Why revenue changed from one period to another: exact parts, groups beyond their share and their usual fluctuation,
/// and what else happened then.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/causes/cause_groups.hpp"
#include "insight/facts/business_lines.hpp"
#include "insight/report/report_page.hpp"

namespace emptor {

struct CauseRequest {
  PeriodKind period = PeriodKind::month;
  std::optional<Date> until = {};
  GroupOptions groups;
  std::size_t most_groups = 5;  ///< that are told
  Language language = Language::english;
};
/// Requires options that the schema has checked.
CauseRequest cause_request(const boost::json::object& options, const std::optional<Date>& until);

/// A part of a change, in micros.
struct CausePart {
  std::string name;
  std::int64_t amount = 0;
};
/// What one category did: the parts of its known purchases.
struct CategoryPart {
  std::string name;
  std::int64_t change = 0, volume = 0, price = 0, mix = 0;
};
/// What happened at the same time. Not shown to be a cause, unless a hold-out says so.
struct Coincidence {
  std::string kind, english, chinese;
  std::optional<std::int64_t> amount = {};  ///< micros
  bool measured = false;                    ///< against a hold-out
};

struct Comparison {
  std::string name;  ///< "previous", "year_before"
  std::int32_t before = 0, after = 0;
  std::int64_t revenue_before = 0, revenue_after = 0;
  std::vector<CausePart> factors;  ///< they add up to the change
  std::vector<CausePart> bridge;   ///< so do they: who the customers are
  std::vector<CategoryPart> categories;
  GroupFindings groups;
  std::vector<Coincidence> coincidences;

  std::int64_t change() const noexcept { return revenue_after - revenue_before; }
};

struct CauseOutcome {
  std::optional<Date> until;  ///< nothing without lines
  std::vector<Comparison> comparisons;
  std::string verdict;
};

/// The name of a product by its number.
using ProductNames = std::function<std::string(std::int64_t)>;
/// Throws Code::invalid where a sum passes 64 bits.
CauseOutcome find_causes(const BusinessLines& business, const CauseRequest& request, const ProductNames& products,
                         const Voice& english, const Voice& chinese);

/// Exact parts of one comparison (cause_parts.cpp).
void take_apart(const BusinessLines& business, PeriodKind period, Comparison& out);
/// Prices that moved, products that were no longer sold, customers who stayed away, returns (cause_events.cpp).
std::vector<Coincidence> find_coincidences(const BusinessLines& business, PeriodKind period, const Comparison& one,
                                           const ProductNames& products, const Voice& english, const Voice& chinese);

/// docs/causes.md has the form.
boost::json::object causes_json(const CauseRequest& request, const CauseOutcome& outcome, const Voice& english,
                                const Voice& chinese);
/// A row a part: comparison, kind (factor, bridge, category, group), name, amount, share of the change.
NamedTable causes_table(const CauseOutcome& outcome);
/// What changed and why, in a few sentences.
std::string cause_words(const Comparison& one, const CauseRequest& request, const Voice& voice);

}  // namespace emptor
