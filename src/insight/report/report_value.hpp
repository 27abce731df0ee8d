/// The report's section on value: tiers, how the dimensions hang together, key accounts, the portrait of a group; from
/// what the insight `value` left in the store.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"
#include "insight/report/report_page.hpp"

namespace emptor {

struct ValueFigures {
  struct Tier {
    std::string name;
    std::int64_t customers = 0;
    Decimal contribution, spend;
  };
  struct KeyAccount {
    std::string name;
    std::optional<double> contribution, future;
  };
  std::vector<Tier> tiers;  ///< from the best down
  static constexpr std::size_t dimensions = words::value_dimensions.size();
  std::array<std::array<std::optional<double>, dimensions>, dimensions> correlations;  ///< Spearman's
  std::vector<KeyAccount> keys;                                                        ///< the greatest first
  std::string group;                                                                   ///< "tier:platinum"
  struct Finding {
    std::string english, chinese;
  };
  std::vector<Finding> portrait;
};

/// Nothing where the insight has not been run.
std::optional<ValueFigures> gather_value(const View& view, std::size_t most_keys);
/// Empty without figures.
std::string value_section(const Voice& voice, const std::optional<ValueFigures>& figures);

}  // namespace emptor
