/// Problem customers: those who said so. A rule of facts, and how often it was followed by trouble a horizon ago.
///
/// A customer is one on a day if, by what had been said by then,
///   - the last answer of the `fresh` days before was dissatisfied (NPS 0-6, CSAT 1-2, CES at its hard end), or
///   - a complaint is open, or
///   - two complaints or more came within those days.
/// That needs no model, and nobody is on it falsely: it was said. Whether it matters is another question, and there an
/// alarm can be false: it is so where within the horizon the customer neither was dissatisfied again nor stopped
/// buying.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "emptor/insight/facts.hpp"
#include "emptor/mine/rates.hpp"
#include "insight/satisfaction/satisfaction_index.hpp"

namespace emptor {

struct ProblemRule {
  std::int32_t fresh = 90, horizon = 90;    ///< days
  std::optional<double> false_alarms = {};  ///< at most this share of those alerted; all problem customers without it
};

struct ProblemCustomer {
  std::int64_t customer = 0;
  bool low_answer = false, open_complaint = false, complained_again = false;
  double index = 0;
  double comparable = 0;  ///< the index with the mean and shrinking of the hold-out, where thresholds are chosen

  int signs() const noexcept { return low_answer + open_complaint + complained_again; }
};
/// As of a day, ascending. Both indices are of the same words and day.
std::vector<ProblemCustomer> problem_customers(std::span<const CustomerWord> words, const SatisfactionIndex& index,
                                               const SatisfactionIndex& comparable, std::int32_t day,
                                               const ProblemRule& rule);

/// What became, within the horizon, of those on whom the rule would have fallen a horizon ago, and of the others who
/// had said something.
struct ProblemHoldOut {
  std::size_t flagged = 0, others = 0;
  std::optional<mine::RateInterval> flagged_quiet, others_quiet;  ///< neither dissatisfied again nor gone: false alarms
  /// The index up to which alerts are raised so that the rate asked for holds, one standard error allowed for, on at
  /// least twenty; nothing where no rate was asked for, or it cannot be held.
  std::optional<double> threshold;
  std::optional<mine::RateInterval> alerted_quiet;
};
ProblemHoldOut judge_problems(std::span<const CustomerWord> words, const SatisfactionIndex& past, const Facts& facts,
                              std::int32_t day, const ProblemRule& rule);

}  // namespace emptor
