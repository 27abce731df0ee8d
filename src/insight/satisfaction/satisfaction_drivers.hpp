/// What goes with satisfaction: measures known before an answer against the answer, and what customers had on record
/// who were then dissatisfied. Associations, each with its size and interval; no claim that one causes the other.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "insight/facts/customer_touches.hpp"
#include "insight/satisfaction/opinions.hpp"

namespace emptor {

struct DriverOptions {
  double level = 0.95;
  double false_findings = 0.05;   ///< share of the findings that may be so by chance, on average
  std::size_t least_rows = 30;    ///< customers with the measure
  std::int32_t window_days = 90;  ///< of what was on record before an answer
};

/// A measure and the answers of customers, the last of each.
struct SatisfactionDriver {
  std::string name;
  std::size_t rows = 0;
  mine::Effect correlation;  ///< Spearman's, with satisfaction
  double p_value = 1, adjusted = 1;
  double split = 0;               ///< those above it are compared with those at or below
  mine::NumberContrast contrast;  ///< of the scores: within are those above
};

/// The measures that could be looked at, those that hold first, then by the size of the correlation.
std::vector<SatisfactionDriver> find_drivers(const Opinions& opinions, std::span<const std::size_t> rows,
                                             const DriverOptions& options);

/// Something on record in the window before an answer: of those dissatisfied, and of the others.
struct DissatisfactionSign {
  TouchKind kind = TouchKind::contact;
  std::uint32_t topic = Touch::no_topic;
  mine::ShareContrast contrast;
  double adjusted = 1;
};
/// Signs that anybody of them has, those that hold first, then by p-value.
std::vector<DissatisfactionSign> find_signs(const Opinions& opinions, std::span<const std::size_t> rows,
                                            const CustomerTouches& touches, const DriverOptions& options);

}  // namespace emptor
