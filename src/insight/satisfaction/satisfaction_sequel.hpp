/// Whether satisfaction shows afterwards: of customers who bought within a horizon before an answer, those who were
/// dissatisfied against the others, by what they bought within the horizon after it. And who answered at all.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emptor/insight/facts.hpp"
#include "emptor/insight/measures.hpp"
#include "emptor/mine/campaign_effect.hpp"
#include "insight/satisfaction/opinion_records.hpp"

namespace emptor {

inline constexpr std::size_t least_followed = 20;  ///< customers in each of both groups

struct SatisfactionSequel {
  std::size_t dissatisfied = 0, others = 0;  ///< customers, the last answer of each whose horizon is over
  /// Dissatisfied less others: share that bought again; spend a head; change of spend against the horizon before.
  std::optional<mine::CampaignEffect> again, spend, change;
  std::array<double, 3> adjusted = {1, 1, 1};  ///< p-values, all three together

  bool shows(double false_findings) const noexcept {
    return again && (adjusted[0] <= false_findings || adjusted[1] <= false_findings || adjusted[2] <= false_findings);
  }
};
/// Requires rows whose horizon is over by the last day of the facts.
SatisfactionSequel follow_up(const Opinions& opinions, std::span<const std::size_t> rows, const Facts& facts,
                             std::int32_t horizon, double level);

/// How many of those asked answered one survey, and between which scores the truth must lie whatever the others think.
struct SurveyAsking {
  std::string survey;
  OpinionScale scale = OpinionScale::nps;
  std::uint64_t answers = 0;
  std::optional<std::uint64_t> asked;  ///< customers; nothing where only answers are on record
  std::optional<mine::RateInterval> rate;
  std::optional<mine::AnswerBounds> bounds;  ///< of an NPS
};
std::vector<SurveyAsking> count_asked(const OpinionRecords& opinions, double level);

/// Customers who answered any survey against those who did not: of those asked where that is on record, else of all who
/// bought. Recency (days), orders and spend as they are on the last day.
struct AnswerBias {
  bool of_asked = false;
  std::string measure;
  mine::NumberContrast contrast;  ///< within: those who answered
  double adjusted = 1;
};
std::vector<AnswerBias> compare_answering(const OpinionRecords& opinions, const Measures& measures, double level);

}  // namespace emptor
