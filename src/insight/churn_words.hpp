/// Why a customer may leave, in plain words.
#pragma once

#include <string>

#include "emptor/insight/language.hpp"
#include "insight/churn_features.hpp"

namespace emptor {

/// What a feature of a row says: "silent for 4.2 times the usual gap".
std::string churn_reason(const ChurnRows& rows, std::size_t row, ChurnFeature feature, std::int32_t horizon,
                         Language language);

}  // namespace emptor
