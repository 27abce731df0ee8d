/// What the customers of a generated shop complain of, talk about and answer when asked; and the sales
/// that may come about.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "desk/generated_life.hpp"

namespace emptor {

/// Writes cases.csv, interactions.csv, surveys.csv and responses.csv.
void write_service(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made);
/// "referral": where opportunities of planted::win_rates[source] came from.
std::string_view opportunity_source(std::size_t source);
/// Writes opportunities.csv.
void write_pipeline(const std::string& folder, const GenerateOptions& options, const Season& season, Generated& made);

}  // namespace emptor
