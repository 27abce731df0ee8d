/// Generator: a folder of made-up extracts with the habits and the flaws of real ones, and the truth
/// about them beside it.
///
/// Customers buy at rates drawn from a gamma distribution, stop for good at rates drawn from another,
/// follow the season and the week, and choose products by Zipf's law. The same options give the same
/// bytes on every machine. Nobody in it exists.
#pragma once

#include <cstdint>
#include <string>

#include "emptor/core/money.hpp"
#include "emptor/core/progress.hpp"
#include "emptor/core/time.hpp"

namespace emptor {

struct GenerateOptions {
  std::uint64_t customers = 2'000;  ///< rows of customers.csv, planted doubles included
  std::uint64_t lines = 30'000;     ///< rows of order_lines.csv, returns and planted doubles included
  std::uint64_t seed = 1;
  Date start{19'723};       ///< 2024-01-01
  std::int32_t days = 730;  ///< how long the shop is watched
  Currency currency = *Currency::parse("EUR");
  bool flaws = true;  ///< plant duplicate lines, sales without a customer, double and suspect customers
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
  Decimal amount;            ///< sum of quantity x price over all rows
};

/// Writes customers.csv, products.csv, order_lines.csv, interactions.csv and truth.json into `folder`
/// (made if absent; files of these names are replaced). Requires 1 to 10 M customers, 1 to 200 M lines,
/// 1 to 3,650 days (Code::invalid). Memory: about 16 bytes a customer and 12 an order.
Generated generate(const std::string& folder, const GenerateOptions& options = {});

}  // namespace emptor
