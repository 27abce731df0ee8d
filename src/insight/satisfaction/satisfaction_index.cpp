#include "insight/satisfaction/satisfaction_index.hpp"

#include <algorithm>
#include <cmath>

#include "core/elementary.hpp"
#include "emptor/core/exact_sum.hpp"

namespace emptor {
namespace {

constexpr double log_two = 0.6931471805599453;
constexpr std::size_t most_reasons = 3, least_repeated = 10;

/// What the words of one customer come to.
struct Told {
  std::size_t first = 0, words = 0;  ///< places among all
  double weight = 0, sum = 0;        ///< of w, of w v
};

class IndexFit {
 public:
  IndexFit(std::span<const CustomerWord> words, std::int32_t until, double half_life)
      : words_(words), until_(until), half_life_(half_life) {
    for (std::size_t first = 0; first < words.size();) {
      std::size_t end = first;
      while (end < words.size() && words[end].customer == words[first].customer) ++end;
      add(first, end);
      first = end;
    }
  }

  SatisfactionIndex fit(const SatisfactionIndex* like) {
    if (told_.empty()) return {};
    if (like != nullptr && like->size() > 0) {
      out_.mean = like->mean;
      out_.shrink = like->shrink;
      out_.fitted = like->fitted;
    } else {
      fit_mean_and_shrink();
    }
    for (const Told& one : told_) give(one);
    return std::move(out_);
  }

 private:
  void fit_mean_and_shrink() {
    DoubleSum weights, sums;
    for (const Told& one : told_) {
      weights.add(one.weight);
      sums.add(one.sum);
    }
    out_.mean = sums.value() / weights.value();
    fit_shrink(weights.value());
  }
  double weight_of(const CustomerWord& word) const {
    return elementary::exp(-log_two * (until_ - word.day) / half_life_);
  }
  void add(std::size_t first, std::size_t end) {
    Told one{.first = first};
    for (std::size_t i = first; i < end && words_[i].day <= until_; ++i, ++one.words) {
      one.weight += weight_of(words_[i]);
      one.sum += weight_of(words_[i]) * words_[i].level;
    }
    if (one.weight > 0) told_.push_back(one);
  }

  /// Bühlmann and Straub's estimates; where customers do not differ beyond chance, the index stays near the mean.
  void fit_shrink(double weights) {
    DoubleSum within, squares, between;
    double degrees = 0;
    std::size_t repeated = 0;
    for (const Told& one : told_) {
      const double mean = one.sum / one.weight;
      for (std::size_t i = one.first; i < one.first + one.words; ++i)
        within.add(weight_of(words_[i]) * (words_[i].level - mean) * (words_[i].level - mean));
      degrees += static_cast<double>(one.words) - 1;
      repeated += one.words > 1 ? 1U : 0U;
      squares.add(one.weight * one.weight);
      between.add(one.weight * (mean - out_.mean) * (mean - out_.mean));
    }
    if (repeated < least_repeated) return;
    const double own = within.value() / degrees;
    const double spare = weights - squares.value() / weights;
    const double among = (between.value() - (static_cast<double>(told_.size()) - 1) * own) / spare;
    out_.fitted = true;
    out_.shrink = among > 0 ? std::clamp(own / among, 0.5, 20.0) : 20.0;
  }

  void give(const Told& one) {
    out_.customer.push_back(words_[one.first].customer);
    out_.weight.push_back(one.weight);
    out_.index.push_back(100 * (out_.shrink * out_.mean + one.sum) / (out_.shrink + one.weight));
    std::vector<std::size_t> reasons;
    for (std::size_t i = one.first + one.words; i > one.first; --i) reasons.push_back(i - 1);  // the latest first
    std::stable_sort(reasons.begin(), reasons.end(), [&](std::size_t a, std::size_t b) { return pull(a) > pull(b); });
    reasons.resize(std::min(reasons.size(), most_reasons));
    out_.reasons.push_back(std::move(reasons));
  }
  double pull(std::size_t word) const { return weight_of(words_[word]) * std::abs(words_[word].level - out_.mean); }

  std::span<const CustomerWord> words_;
  std::int32_t until_;
  double half_life_;
  std::vector<Told> told_;
  SatisfactionIndex out_;
};

}  // namespace

SatisfactionIndex index_satisfaction(std::span<const CustomerWord> words, std::int32_t until, double half_life,
                                     const SatisfactionIndex* like) {
  return IndexFit(words, until, half_life).fit(like);
}

IndexJudgement judge_index(std::span<const CustomerWord> words, const SatisfactionIndex& past, std::int32_t day) {
  IndexJudgement judged;
  DoubleSum of_index, of_last, of_mean;
  std::size_t at = 0;
  for (std::size_t i = 0; i < past.size(); ++i) {
    while (at < words.size() && words[at].customer < past.customer[i]) ++at;
    double last = 0;
    for (; at < words.size() && words[at].customer == past.customer[i] && words[at].day <= day; ++at)
      last = words[at].level;
    while (at < words.size() && words[at].customer == past.customer[i] && words[at].kind != WordKind::answer) ++at;
    if (at == words.size() || words[at].customer != past.customer[i]) continue;
    ++judged.customers;
    of_index.add(std::abs(words[at].level - past.index[i] / 100));
    of_last.add(std::abs(words[at].level - last));
    of_mean.add(std::abs(words[at].level - past.mean));
  }
  if (judged.customers == 0) return judged;
  const auto all = static_cast<double>(judged.customers);
  return {judged.customers, of_index.value() / all, of_last.value() / all, of_mean.value() / all};
}

}  // namespace emptor
