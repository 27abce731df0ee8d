/// What is true of a generated shop, written beside it.
#pragma once

#include <string>
#include <vector>

#include "desk/generated_campaigns.hpp"
#include "desk/generated_sales.hpp"

namespace emptor {

/// Writes truth.json, and truth/customers.csv, truth/doubles.csv, truth/season.csv.
void write_truth(const std::string& folder, const GenerateOptions& options, const Season& season, const OrderPlan& plan,
                 const std::vector<GeneratedProduct>& products, const std::vector<CampaignSum>& campaigns,
                 const Generated& made);

}  // namespace emptor
