/// What is said of competition, in plain words.
#pragma once

#include <string>

#include "emptor/insight/language.hpp"
#include "insight/market/competition.hpp"

namespace emptor {

/// "Acme: 12 of 40 deals won (30 %); the odds of winning are 0.4 times those of like deals without it".
std::string competitor_words(const CompetitorRecord& competitor, double false_findings, Language language);

}  // namespace emptor
