/// Who a store's customers are and where, and what each brought, as columns.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "emptor/insight/facts.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

/// What customers are told apart by.
struct CompositionDimension {
  static constexpr std::uint32_t unknown = static_cast<std::uint32_t>(-1);

  std::string name;
  bool place = false;               ///< of geography
  std::vector<std::string> groups;  ///< ascending
  std::vector<std::uint32_t> of;    ///< of each customer
};

/// Amounts are of all line items, what is taken back taken off.
struct CompositionRows {
  static constexpr std::int32_t never = std::numeric_limits<std::int32_t>::min();

  std::vector<std::int64_t> customer;         ///< ascending
  std::vector<std::int64_t> revenue, before;  ///< micros, of the window and of the one before
  std::vector<std::int64_t> margin;           ///< of the window; empty where costs are not known
  std::vector<std::uint32_t> orders, orders_before;
  std::vector<std::int32_t> last_day;  ///< with an order up to the window's end, or never
  std::vector<CompositionDimension> dimensions;
  bool has_before = false;  ///< whether the data reach back to the window before
  std::int64_t data_version = 0;

  std::size_t size() const noexcept { return customer.size(); }
};

struct CompositionWindow {
  std::int32_t last = 0, days = 365;

  std::int32_t first() const noexcept { return last - days + 1; }
  std::int32_t first_before() const noexcept { return first() - days; }
};

/// All customers. `by` names dimensions: kind, stage, tier, industry, gender, age_band,
/// source, tenure, country, region, city, postal_area, or fields of customers that are texts of few values, flags or
/// whole numbers, custom ones too; empty: those of which anything is known. Age counts up to the window's end.
/// Places are those of the postal address (the preferred one, else the first), what it lacks those of the customer.
/// Throws Code::invalid (field "by") for names of which there can be no dimension.
CompositionRows read_composition(const View& view, const Facts& facts, const CompositionWindow& window,
                                 const std::vector<std::string>& by, std::size_t postal_characters);

}  // namespace emptor
