#include "mine/bin_codes.hpp"

#include <algorithm>
#include <cmath>

namespace emptor::mine {
namespace {

std::uint8_t category_code(const std::vector<double>& categories, double value, std::uint8_t missing) {
  const auto at = std::lower_bound(categories.begin(), categories.end(), value);
  return at != categories.end() && *at == value ? static_cast<std::uint8_t>(at - categories.begin()) : missing;
}

}  // namespace

std::uint8_t FeatureBins::code_of(double value) const noexcept {
  if (value != value) return missing();
  if (categorical) return category_code(categories, value, missing());
  return static_cast<std::uint8_t>(std::lower_bound(cuts.begin(), cuts.end(), value) - cuts.begin());
}

BinCoder::BinCoder(const FeatureBins& bins) : categorical_(bins.categorical), missing_(bins.missing()) {
  cuts_ = categorical_ ? bins.categories : bins.cuts;
  if (categorical_) return;
  first_.assign(buckets, 0);
  if (cuts_.size() > 1) {
    const double scale = (buckets - 2) / (cuts_.back() - cuts_.front());
    // Half of the largest double apart, differences overflow: then every search begins at the first cut.
    if (std::isfinite(scale) && cuts_.back() - cuts_.front() < std::numeric_limits<double>::max() / 4) {
      low_ = cuts_.front();
      scale_ = scale;
    }
  }
  if (scale_ > 0) {
    std::size_t code = 0;
    for (std::size_t b = 0; b < buckets; ++b) {
      // Cuts of lower buckets are below every number of this one.
      while (code < cuts_.size() && static_cast<std::size_t>((cuts_[code] - low_) * scale_ + 1) < b) ++code;
      first_[b] = static_cast<std::uint8_t>(code);
    }
  }
  cuts_.push_back(std::numeric_limits<double>::infinity());
}

std::uint8_t BinCoder::category(double value) const noexcept { return category_code(cuts_, value, missing_); }

}  // namespace emptor::mine
