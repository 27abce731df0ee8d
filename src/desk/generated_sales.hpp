/// The products and sales of a generated shop.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "desk/generated_orders.hpp"
#include "emptor/desk/generate.hpp"

namespace emptor {

struct GeneratedProduct {
  std::string sku;
  std::int64_t price = 0;  ///< hundredths
};

/// Writes products.csv: as many as suit the number of lines. The last of them are the planted ones.
std::vector<GeneratedProduct> write_products(const std::string& folder, const GenerateOptions& options,
                                             std::uint64_t lines, Generated& made);

/// Writes order_lines.csv in the order of time, and with the front office orders.csv.
void write_sales(const std::string& folder, const GenerateOptions& options,
                 const std::vector<GeneratedProduct>& products, const OrderPlan& plan, Generated& made);

}  // namespace emptor
