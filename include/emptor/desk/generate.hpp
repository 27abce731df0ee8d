/// Generator: a folder of made-up extracts with the habits and the flaws of real ones, and the truth
/// about them beside it.
///
/// Customers buy at rates drawn from a gamma distribution and stop for good at rates drawn from another
/// (Pareto/NBD: Schmittlein, Morrison and Colombo 1987); what an order comes to follows Gamma-Gamma
/// (Fader and Hardie 2013). Why some leave, what is bought together, what a campaign brings and who is
/// registered twice is planted, and written into `truth.json` and the folder `truth`. The same options
/// give the same bytes on every machine. Nobody in it exists. docs/generator.md says what holds when.
#pragma once

#include <cstdint>
#include <string>

#include "emptor/core/money.hpp"
#include "emptor/core/progress.hpp"
#include "emptor/core/time.hpp"

namespace emptor {

/// How buyers differ. The unit of time is a week, that of money one of the currency. All are above 0,
/// and q above 1.
struct BuyerModel {
  double r = 0.8, alpha = 7;        ///< orders a week while alive: gamma, shape r, rate alpha
  double s = 0.7, beta = 20;        ///< rate of leaving a week: gamma, shape s, rate beta
  double p = 6, q = 4, gamma = 45;  ///< an order comes to gamma (shape p, rate nu), nu to gamma (q, rate gamma)
};

struct GenerateOptions {
  std::uint64_t customers = 2'000;  ///< rows of customers.csv, planted doubles included
  /// Rows of order_lines.csv, returns and planted doubles included. 0: what the buyers come to. Else all
  /// purchase rates are multiplied by one factor and exactly so many rows are written (truth.json then
  /// has the alpha that follows).
  std::uint64_t lines = 0;
  std::uint64_t seed = 1;
  Date start{19'723};       ///< 2024-01-01
  std::int32_t days = 730;  ///< how long the shop is watched
  Currency currency = *Currency::parse("EUR");
  BuyerModel buyers = {};
  bool flaws = true;         ///< plant duplicate lines, sales without a customer, double and suspect customers
  bool season = true;        ///< the week and the year: life runs in the season's time, not in the calendar's
  bool causes = true;        ///< those who leave have a cause, which shows before; needs the front office
  bool campaigns = true;     ///< campaigns with a hold-out and an effect; needs the front office
  bool front_office = true;  ///< write the files beyond customers, products and lines
  Progress progress = {};
};

/// What was written and what was planted; also in `truth.json`.
struct Generated {
  std::uint64_t customers = 0;  ///< rows
  std::uint64_t products = 0;
  std::uint64_t interactions = 0;
  std::uint64_t orders = 0;  ///< sales and credit notes
  std::uint64_t lines = 0;   ///< rows of order_lines.csv
  std::uint64_t returned_lines = 0;
  std::uint64_t duplicate_lines = 0;
  std::uint64_t anonymous_lines = 0;  ///< on sales without a customer
  std::uint64_t double_customers = 0;
  std::uint64_t suspect_names = 0;
  std::uint64_t buyers = 0;  ///< customers with a sale
  std::uint64_t lost = 0;    ///< customers whose life as a buyer ended while the shop was watched
  std::uint64_t contact_points = 0;
  std::uint64_t consents = 0;
  std::uint64_t cases = 0;
  std::uint64_t responses = 0;
  std::uint64_t opportunities = 0;
  std::uint64_t memberships = 0;
  std::uint64_t campaign_orders = 0;  ///< orders that are there because of a campaign or beside one
  double rate_factor = 1;             ///< by which purchase rates were multiplied for `lines`
  std::uint64_t orders_left_out = 0;  ///< because `lines` was too small for them
  Decimal amount;                     ///< sum of quantity x price over all rows
};

/// Writes customers.csv, products.csv, order_lines.csv and truth.json, and with the front office also
/// orders.csv, users.csv, contact_points.csv, consents.csv, interactions.csv, cases.csv, surveys.csv,
/// responses.csv, campaigns.csv, memberships.csv and opportunities.csv into `folder`, and the truth by
/// customer into `folder`/truth (made if absent; files of these names are replaced). Requires 1 to 10 M
/// customers, at most 200 M lines, 1 to 3,650 days, parameters in range (Code::invalid). Memory: about
/// 12 bytes a planned order. `progress` may stop it (Code::cancelled); the files are then incomplete.
Generated generate(const std::string& folder, const GenerateOptions& options = {});

/// The counts of `made` as a JSON object, keys as the members.
std::string to_json(const Generated& made);

}  // namespace emptor
