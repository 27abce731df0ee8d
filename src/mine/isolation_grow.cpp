#include "mine/isolation_grow.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

#include "emptor/core/error.hpp"
#include "emptor/core/random.hpp"

namespace emptor::mine {
namespace {

std::size_t depth_of(std::size_t sample) { return sample <= 1 ? 0 : std::bit_width(sample - 1); }

/// As 32-bit floats, which thresholds are made for; finite ones only.
float checked_number(const NumberView& x, std::size_t row, std::size_t column) {
  const double value = x(row, column);
  const auto number = static_cast<float>(value);
  if (!std::isfinite(number)) {
    throw Error(Problem{.code = Code::invalid,
                        .message = "column " + std::to_string(column) +
                                   " has a number that is missing or outside the range of 32-bit floats",
                        .field = "x",
                        .row = static_cast<std::int64_t>(row),
                        .hint = "fill missing values first"});
  }
  return number;
}

/// `count` of 0 ... from - 1 without repetition, by Floyd's method (CACM 30(9), 1987); ascending.
std::vector<std::size_t> draw(Random& random, std::size_t count, std::size_t from) {
  std::vector<std::size_t> chosen;
  std::vector<bool> taken(count < from / 64 ? 0 : from);
  const auto take = [&](std::size_t value) {
    if (!taken.empty()) {
      if (taken[value]) return false;
      taken[value] = true;
    } else if (std::find(chosen.begin(), chosen.end(), value) != chosen.end()) {
      return false;
    }
    chosen.push_back(value);
    return true;
  };
  for (std::size_t last = from - count; last < from; ++last) {
    if (!take(random.below(last + 1))) take(last);
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

/// One tree being grown on its sample, column by column.
class Growing {
 public:
  Growing(const IsolationForestOptions& options, std::size_t tree, std::size_t columns, std::size_t depth)
      : random_(hash_of(options.seed, tree)), depth_(depth), columns_(columns), chosen_(options.max_features) {}

  std::vector<IsolationNode> grow(const NumberView& x, const std::vector<std::size_t>& order, std::size_t sample) {
    const std::vector<std::size_t> ranks = draw(random_, sample, x.rows());
    if (chosen_ == 0 || chosen_ == columns_) {
      candidates_.resize(columns_);
      std::iota(candidates_.begin(), candidates_.end(), std::size_t{0});
    } else {
      candidates_ = draw(random_, chosen_, columns_);
    }
    for (const std::size_t rank : ranks) {
      const std::size_t row = order.empty() ? rank : order[rank];
      for (std::size_t c = 0; c < columns_; ++c) values_.push_back(checked_number(x, row, c));
    }
    rows_.resize(sample);
    std::iota(rows_.begin(), rows_.end(), std::size_t{0});
    nodes_.push_back({});
    split(0, 0, sample, 0);
    return std::move(nodes_);
  }

 private:
  /// Cuts the rows first ... end - 1, which are the node's, and goes on below.
  void split(std::uint32_t node, std::size_t first, std::size_t end, std::size_t depth) {
    nodes_[node].rows = static_cast<std::uint32_t>(end - first);
    if (depth == depth_ || end - first < 2 || !choose_cut(nodes_[node], first, end)) return;
    const IsolationNode cut = nodes_[node];
    const auto middle = std::stable_partition(
        rows_.begin() + static_cast<std::ptrdiff_t>(first), rows_.begin() + static_cast<std::ptrdiff_t>(end),
        [&](std::size_t row) { return values_[row * columns_ + cut.feature] <= cut.threshold; });
    const auto half = static_cast<std::size_t>(middle - rows_.begin());
    const auto child = static_cast<std::uint32_t>(nodes_.size());
    nodes_[node].child = child;
    nodes_.resize(nodes_.size() + 2);
    split(child, first, half, depth + 1);
    split(child + 1, half, end, depth + 1);
  }

  /// A feature that is not constant here, each as likely, and a threshold between its least and largest number.
  bool choose_cut(IsolationNode& node, std::size_t first, std::size_t end) {
    std::vector<std::size_t> left = candidates_;
    while (!left.empty()) {
      const std::size_t pick = random_.below(left.size());
      const std::size_t feature = left[pick];
      const auto [least, most] = range_of(feature, first, end);
      if (least < most) {
        const double place = double{least} + random_.uniform() * (double{most} - double{least});
        node.feature = static_cast<std::uint32_t>(feature);
        node.threshold = static_cast<float>(place);
        if (!(node.threshold < most)) node.threshold = least;
        return true;
      }
      left.erase(left.begin() + static_cast<std::ptrdiff_t>(pick));
    }
    return false;
  }

  std::pair<float, float> range_of(std::size_t feature, std::size_t first, std::size_t end) const {
    float least = values_[rows_[first] * columns_ + feature], most = least;
    for (std::size_t i = first + 1; i < end; ++i) {
      least = std::min(least, values_[rows_[i] * columns_ + feature]);
      most = std::max(most, values_[rows_[i] * columns_ + feature]);
    }
    return {least, most};
  }

  Random random_;
  std::size_t depth_, columns_, chosen_;
  std::vector<std::size_t> candidates_, rows_;
  std::vector<float> values_;
  std::vector<IsolationNode> nodes_;
};

}  // namespace

/// Rows in the order of their ids: empty where they lie so already.
std::vector<std::size_t> order_by_id(std::span<const std::uint64_t> ids) {
  if (std::is_sorted(ids.begin(), ids.end())) return {};
  std::vector<std::size_t> order(ids.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return ids[a] < ids[b]; });
  return order;
}

std::vector<IsolationNode> grow_tree(const NumberView& x, const std::vector<std::size_t>& order,
                                     const IsolationForestOptions& options, std::size_t tree, std::size_t sample) {
  return Growing(options, tree, x.columns(), depth_of(sample)).grow(x, order, sample);
}

}  // namespace emptor::mine
