/// Why a customer may leave, in plain words.
#pragma once

#include <string>

#include "emptor/insight/language.hpp"
#include "insight/churn/churn_features.hpp"

namespace emptor {

/// What a feature of a row says: "silent for 4.2 times the usual gap".
std::string churn_reason(const ChurnRows& rows, std::size_t row, ChurnFeature feature, std::int32_t horizon,
                         Language language);

/// What a feature does to a group's chances: "time since the last purchase: large values raise the chance; it raises
/// that of this group". `direction` and `mean` as in GroupReason; near 0 is told as neither.
std::string churn_influence(ChurnFeature feature, double direction, double mean, Language language);

}  // namespace emptor
