/// Customers in groups that stand already: segments of RFM, or tags of a source.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "emptor/insight/rfm.hpp"
#include "emptor/session/session.hpp"

namespace emptor {

struct CustomerGroups {
  static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);

  std::string by;                      ///< "rfm"
  std::vector<std::int64_t> customer;  ///< ascending
  std::vector<std::uint32_t> group;    ///< place among the names
  std::vector<std::string> names;

  std::uint32_t of(std::int64_t id) const noexcept;  ///< none for who is in no group
};

/// Requires a table with names of segments.
CustomerGroups groups_of(const RfmTable& table);
/// By tags of this source ("value_class", "import"); of a customer with several, the first by name.
CustomerGroups groups_of_tags(const View& view, const std::string& source);

}  // namespace emptor
