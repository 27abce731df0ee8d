/// What each customer brought after all that dealing with them cost, what they are expected to bring, and which groups
/// cost more than they bring.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/facts/customer_lines.hpp"
#include "insight/facts/line_details.hpp"
#include "insight/words/portrait.hpp"

namespace emptor {

/// What is taken off the margin.
enum class CostKind : std::uint8_t { contacts, service, campaigns, returns };
inline constexpr std::size_t cost_kind_count = 4;
inline constexpr std::array<std::string_view, cost_kind_count> cost_kind_names = {"contacts", "service", "campaigns",
                                                                                  "returns"};

struct DatedCost {
  std::int64_t customer = 0;
  std::int32_t day = 0;
  CostKind kind = CostKind::contacts;
  std::int64_t micros = 0;  ///< of the base currency; of returns what had been sold
};
struct CustomerCosts {
  std::vector<DatedCost> all;  ///< by ascending customer
  std::int64_t data_version = 0;
};
/// Interactions, cases, repairs and memberships with a cost; of a membership without one, its campaign's cost of a
/// contact times the contacts; returns that are records of their own.
CustomerCosts read_customer_costs(const View& view);

struct ProfitRequest {
  std::int32_t period = 365;   ///< days of a window
  std::int32_t horizon = 365;  ///< days that are expected
  double discount = 0.1;       ///< a year
  double level = 0.95;
  Language language = Language::english;
  std::optional<Date> until = {};
};
/// Requires options that the schema has checked.
ProfitRequest profit_request(const boost::json::object& options, const std::optional<Date>& until);

/// A row a customer who had bought by the day, ascending. Micros, of the window that ends on it.
struct ProfitRows {
  Date day;
  std::vector<std::int64_t> customer, revenue, margin, profit;
  std::array<std::vector<std::int64_t>, cost_kind_count> costs;
  std::vector<std::int32_t> first;  ///< day of the first purchase
  std::vector<std::int64_t> next;   ///< profit of as long a window after the day
  double margin_rate = 1;           ///< of all purchases up to the day
  std::size_t size() const noexcept { return customer.size(); }
};

/// Profit to come; NaN where the model has no estimate.
struct ExpectedProfits {
  std::vector<double> value, lower, upper;
  std::string model;  ///< empty without one
};

struct ProfitJudgement {
  std::size_t customers = 0;  ///< 0: nothing could be judged
  double gini = 0, naive_gini = 0;
  double error = 0, naive_error = 0;  ///< mean absolute
  double covered = 0;                 ///< share within their interval
};

struct ProfitGroup {
  std::string field, kind;
  std::size_t customers = 0;
  std::int64_t profit = 0;
  double mean = 0, lower = 0, upper = 0;
  double adjusted = 1;  ///< of no loss; false discoveries over all groups are controlled
  bool loses() const noexcept { return adjusted <= 0.05; }
};

struct ProfitOutcome {
  std::optional<Date> until;
  ProfitRows rows;
  ExpectedProfits expected;
  ProfitJudgement judged;
  std::vector<ProfitGroup> groups;  ///< the greatest loss first
  bool by_margin = false;
  std::string verdict;
};
struct ProfitSource {
  const CustomerLines& lines;
  const LineDetails& details;
  const CustomerCosts& costs;
};
ProfitOutcome assess_profit(const ProfitSource& source, const ProfitRequest& request, const mine::Run& run);
/// Of the customers of the rows.
std::vector<ProfitGroup> group_profits(const ProfitRows& rows, const PortraitColumns& columns, double level);

/// docs/customer_profit.md has the form.
boost::json::object profit_json(const ProfitRequest& request, const ProfitOutcome& outcome);
NamedTable profit_table(const ProfitOutcome& outcome, Column customers);

}  // namespace emptor
