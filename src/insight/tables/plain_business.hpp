/// Options of computations on the lines of a whole business in a plain table, and these lines.
#pragma once

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "emptor/insight/compute.hpp"
#include "insight/facts/business_lines.hpp"

namespace emptor {

/// A schema with the columns of purchases and their details, `product` and `dimensions` in front of its own properties.
std::string with_business_columns(std::string_view schema);

struct PlainBusiness {
  std::string own_options;
  std::optional<Date> as_of;
  BusinessLines business;
  std::function<std::string(std::int64_t)> product_name;  ///< by its number
  std::uint64_t rows = 0, skipped = 0;

  void tell(boost::json::object& summary, std::string_view computation) const;
};
PlainBusiness plain_business(std::string_view schema, const PlainData& data);

}  // namespace emptor
