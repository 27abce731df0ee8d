/// What the report says of where customers are, as the insight composition left it in its model.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

struct ReportGroup {
  std::string name;
  bool unknown = false;
  std::int64_t merged = 0, customers = 0, orders = 0;
  Decimal revenue;
  double share = 0;
  std::optional<std::array<double, 3>> growth = {};  ///< and its interval
  std::string brings;                                ///< "more" or "less" than others, or nothing
};

struct ReportComposition {
  using Sentence = std::array<std::string, 2>;  ///< in English and Chinese

  double gini = 0, top_10 = 0;
  std::string dimension;  ///< of places; empty where none tells customers apart
  std::vector<ReportGroup> groups;
  std::vector<Sentence> findings, white_spots;
};
/// Nothing where the insight has not run.
std::optional<ReportComposition> composition_on_record(const View& view);

}  // namespace emptor
