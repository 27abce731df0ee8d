/// RFM in words: its options from JSON, its figures as JSON, its scores as a table.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "emptor/insight/rfm.hpp"
#include "emptor/store/named_table.hpp"

namespace emptor {

/// Requires options that the schema allows.
RfmOptions rfm_options(const boost::json::object& object, const std::optional<Date>& as_of);
/// All options as they were in force; those given win over the defaults.
std::string rfm_options_json(const boost::json::object& given, const RfmOptions& options);
boost::json::object rfm_cuts_json(const RfmTable& table);
/// Customers and revenue of each segment.
boost::json::object rfm_segments_json(const RfmTable& table);
std::string_view name_of(RfmScoring scoring) noexcept;
/// customer, recency, frequency, monetary, r, f, m and (where there are names) segment; a row a customer.
NamedTable rfm_table(const RfmTable& scored, Column customers);

}  // namespace emptor
