/// The products and sales of a generated shop.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emptor/desk/generate.hpp"

namespace emptor {

struct GeneratedProduct {
  std::string sku;
  std::int64_t price = 0;  ///< hundredths
};

/// Writes products.csv.
std::vector<GeneratedProduct> write_products(const std::string& folder, const GenerateOptions& options,
                                             Generated& made);

/// Writes order_lines.csv, in the order of time, exactly options.lines rows.
void write_sales(const std::string& folder, const GenerateOptions& options,
                 const std::vector<GeneratedProduct>& products, Generated& made);

}  // namespace emptor
