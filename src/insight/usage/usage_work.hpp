/// Usage: which products and services are in use, by how many, how often again, with what trouble; which lose users;
/// and what each customer uses, no longer uses, or pays for without a sign of use.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/rates.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/facts/customer_lines.hpp"
#include "insight/usage/usage_records.hpp"

namespace emptor {

struct UsageRequest {
  std::optional<Date> until = {};
  Purchases purchases = Purchases::positive;
  std::int32_t window = 365;      ///< days within which a purchase is use, and that are compared with those before
  std::int32_t unused_days = 90;  ///< without a sign, from which on a service that is paid is unused
  std::int32_t quiet_days = 90;   ///< an alert that was handled is not raised again within
  double false_findings = 0.05;   ///< of the products said to lose users
  Language language = Language::english;
};
/// Requires options that the schema has checked.
UsageRequest usage_request(const boost::json::object& options, const std::optional<Date>& until);

struct ProductUsage {
  std::int64_t product = 0;
  std::uint64_t customers = 0;         ///< ever
  std::uint64_t in_use = 0;            ///< customers: bought within the window, or hold it on the day
  std::uint64_t before = 0;            ///< likewise a window ago
  std::uint64_t lost = 0, gained = 0;  ///< customers who used it then and not now, and the other way
  double p_value = 1, adjusted = 1;    ///< that as many were lost by chance (McNemar, exact), of all products
  bool losing = false;
  mine::RateInterval penetration;          ///< in use, of all customers who use anything
  std::uint64_t buyers = 0, repeated = 0;  ///< on one day or more, on two or more
  mine::RateInterval repeat_rate;
  std::optional<double> days_to_repeat;  ///< median by Kaplan and Meier; nothing where half never come back
  std::uint64_t subscriptions = 0, assets = 0, enrolments = 0;  ///< in force on the day
  std::uint64_t delivered = 0, claimed = 0, attended = 0;       ///< within the window
  std::uint64_t problems = 0, repairs = 0, returns = 0;         ///< within the window
  double units = 0;  ///< assets, subscriptions and places in force; where there are none, customers in use
  mine::RateInterval problems_per_100, repairs_per_100;  ///< of the window; Byar's interval
  mine::RateInterval return_rate;                        ///< returns of 100 purchases (customer and day) of the window
  std::uint64_t unused = 0;                              ///< subscriptions in force without a sign of use
  std::vector<std::uint64_t> adoption;  ///< customers who had used it by the end of each 30 days; of new products only
};

struct CustomerUsage {
  std::int64_t customer = 0;
  std::uint32_t breadth = 0;         ///< products in use
  double depth = 0;                  ///< purchases (days) of the window for each product bought in it
  std::uint32_t services = 0;        ///< kinds of use: purchases, subscriptions, assets, programmes
  std::vector<std::int64_t> lapsed;  ///< products used a window ago and not now
  std::vector<std::int64_t> unused;  ///< products of subscriptions that are paid without a sign of use
};

struct UsageOutcome {
  std::optional<Date> until;
  std::string verdict;
  bool signs_known = false;              ///< whether anything tells of use, so that unused is said at all
  std::vector<ProductUsage> products;    ///< by id
  std::vector<CustomerUsage> customers;  ///< who ever used anything; by id
  std::uint64_t users = 0;               ///< who use anything now
  std::uint64_t by_services[5] = {};     ///< users by the number of kinds that they use
};
UsageOutcome measure_usage(const CustomerLines& lines, const UsageRecords& records, const UsageRequest& request,
                           const mine::Run& run);

/// A rate of so many events per 100 units, with Byar's 95 % interval (Breslow and Day, Statistical Methods in Cancer
/// Research II (1987), 2.10).
mine::RateInterval events_per_100(double events, double units) noexcept;

/// "pays for 2 services without a sign of use for 90 days".
std::string unused_reason(const CustomerUsage& usage, const UsageRequest& request);
/// docs/usage.md has the forms. `names`: of the products, in the order of the outcome.
boost::json::object usage_json(const UsageRequest& request, const UsageOutcome& outcome, const Column& names);
NamedTable usage_table(const UsageOutcome& outcome, const Column& products);

}  // namespace emptor
