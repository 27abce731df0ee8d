/// Tests that are made together: of all of them the p-values, of those small enough to hold what they are of.
#pragma once

#include <utility>
#include <vector>

#include "emptor/mine/false_discovery.hpp"

namespace emptor {

/// A finding has p_value and adjusted.
template <class Finding>
class JointTests {
 public:
  explicit JointTests(double level) : level_(level) {}

  std::size_t size() const noexcept { return p_values_.size(); }
  void add(Finding&& finding) {
    p_values_.push_back(finding.p_value);
    if (finding.p_value > level_) return;  // adjusting makes no p-value smaller
    tests_.push_back(p_values_.size() - 1);
    findings_.push_back(std::move(finding));
  }
  /// Those of which at most a share of `level` is so by chance, on average (Benjamini and Hochberg, 1995).
  std::vector<Finding> holding() && {
    const std::vector<double> adjusted = mine::false_discovery(p_values_);
    for (std::size_t i = 0; i < findings_.size(); ++i) findings_[i].adjusted = adjusted[tests_[i]];
    std::erase_if(findings_, [&](const Finding& one) { return one.adjusted > level_; });
    return std::move(findings_);
  }

 private:
  double level_;
  std::vector<double> p_values_;
  std::vector<std::size_t> tests_;  ///< of each finding
  std::vector<Finding> findings_;
};

}  // namespace emptor
