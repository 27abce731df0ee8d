/// Results of an insight written back as records: a Model, and per customer Scores and a Tag.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/session/session.hpp"

namespace emptor {

/// The run whose results are written.
struct InsightRun {
  std::string name;       ///< of the model, and source of the tags: "rfm"
  std::string algorithm;  ///< "rfm/1 quantile"
  std::string options;    ///< JSON, all of them
  std::string state;      ///< JSON: what was fitted
  Date as_of;
  std::int64_t data_version = 0;
  std::string fitted = {};               ///< bytes by which single customers can be scored; empty where they cannot
  std::vector<std::string_view> scores;  ///< every name of a score that the insight can give
};

struct GivenScore {
  std::string_view name;
  std::optional<double> value = {};
  std::string label = {};
};

struct GivenTag {
  std::string name;
  std::optional<double> confidence = {};
};

/// What one customer is given. An empty tag is none; `tags` are those of insights that give several.
struct GivenResult {
  std::vector<GivenScore> scores;
  std::string tag;
  std::vector<GivenTag> tags = {};
};

/// The model of a run, written unless it stands there as it is.
Id write_model(Session& session, const InsightRun& run);
/// Writes what differs from what stands there: scores are found by (customer, name), tags by customer,
/// source and name, the model by name. Of customers that are no longer among them, scores lose their value and
/// tags are erased. The same run on the same data writes nothing. Requires customers ascending. Returns the model's id.
///
/// Batches of some thousand customers are applied one after another; if it is stopped between two, running
/// it again completes it.
Id write_back(Session& session, const InsightRun& run, std::span<const std::int64_t> customers,
              const std::function<void(std::size_t customer, GivenResult& result)>& give);

}  // namespace emptor
