/// All that was sold and taken back, of known customers and of others, and by what it can be divided: what trends and
/// causes of the whole business are computed from.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/arrow_table.hpp"
#include "emptor/session/session.hpp"
#include "insight/tables/plain_purchases.hpp"

namespace emptor {

struct BusinessLine {
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();

  std::int32_t day = 0;
  std::int64_t customer = 0;    ///< 0: nobody is named
  std::int64_t order = 0;       ///< one of these is one order
  std::int64_t product = 0;     ///< 0: none is named
  std::int64_t amount = 0;      ///< micros of the base currency
  std::int64_t quantity = 0;    ///< micros; 0: not told
  std::int64_t cost = unknown;  ///< micros of the base currency

  /// A sale; the others take back, or are worth nothing.
  bool is_purchase() const noexcept { return amount > 0 && quantity >= 0; }
};

/// What a line is of: a category, a region, a channel.
struct BusinessDimension {
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);

  std::string name;
  std::vector<std::string> values;
  std::vector<std::uint32_t> of;  ///< by line its place among the values, or none
};

struct BusinessLines {
  std::vector<BusinessLine> lines;            ///< ascending by day
  std::vector<BusinessDimension> dimensions;  ///< those that divide: two values or more
  std::int64_t data_version = 0;

  const BusinessDimension* dimension(std::string_view name) const noexcept;
};

/// Lines of orders with a time; deleted ones, and those of deleted orders and customers, do not count. Dimensions are
/// category, brand, channel, region and country.
BusinessLines read_business(const View& view);
/// The purchases of a table that were read with their places; dimensions are category, brand and these columns.
BusinessLines business_of(const PlainPurchases& purchases, const ArrowTable& table,
                          const std::vector<std::string>& columns, const DetailColumnNames& details);

}  // namespace emptor
