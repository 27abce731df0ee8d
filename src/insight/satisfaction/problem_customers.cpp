#include "insight/satisfaction/problem_customers.hpp"

#include <algorithm>

#include "insight/facts/measure_rule.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_alerted = 20;
constexpr double one_error = 0.6827;  // level of an interval of one standard error to either side

/// The words of the customers, one after another; words and customers ascend.
class WordsByCustomer {
 public:
  explicit WordsByCustomer(std::span<const CustomerWord> words) : words_(words) {}
  std::span<const CustomerWord> of(std::int64_t customer) {
    while (at_ < words_.size() && words_[at_].customer < customer) ++at_;
    const std::size_t first = at_;
    while (at_ < words_.size() && words_[at_].customer == customer) ++at_;
    return words_.subspan(first, at_ - first);
  }

 private:
  std::span<const CustomerWord> words_;
  std::size_t at_ = 0;
};

ProblemCustomer look_at(std::int64_t customer, std::span<const CustomerWord> words, std::int32_t day,
                        const ProblemRule& rule) {
  ProblemCustomer found{.customer = customer};
  int complaints = 0;
  for (const CustomerWord& word : words) {
    if (word.day > day) break;
    const bool fresh = day - word.day < rule.fresh;
    if (word.kind == WordKind::answer) found.low_answer = fresh && word.dissatisfied();
    if (word.kind != WordKind::complaint) continue;
    complaints += fresh ? 1 : 0;
    if (word.closed > day) found.open_complaint = true;
  }
  found.complained_again = complaints > 1;
  return found;
}

bool bought_within(const Facts& facts, std::int64_t customer, std::int32_t after, std::int32_t upto) {
  const std::optional<std::size_t> place = facts.find(Id{customer});
  if (!place) return false;
  const PurchaseRows rows = facts.of(*place);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows.day[i] > after && rows.day[i] <= upto && is_purchase(rows.amount[i], rows.quantity[i], 1)) return true;
  return false;
}

/// Of one customer of the past: whether nothing came of it.
struct Followed {
  double index = 0;
  bool quiet = false;
};

class ProblemJudging {
 public:
  ProblemJudging(const Facts& facts, std::int32_t day, const ProblemRule& rule)
      : facts_(facts), day_(day), rule_(rule) {}

  void see(std::int64_t customer, std::span<const CustomerWord> words, double index) {
    const std::int32_t end = day_ + rule_.horizon;
    const bool again = std::any_of(words.begin(), words.end(), [&](const CustomerWord& word) {
      return word.day > day_ && word.day <= end && word.dissatisfied();
    });
    const bool quiet = !again && bought_within(facts_, customer, day_, end);
    if (look_at(customer, words, day_, rule_).signs() > 0) {
      flagged_.push_back({index, quiet});
    } else {
      ++out_.others;
      others_quiet_ += quiet ? 1 : 0;
    }
  }
  ProblemHoldOut finish() {
    out_.flagged = flagged_.size();
    const auto quiet = std::count_if(flagged_.begin(), flagged_.end(), [](const Followed& one) { return one.quiet; });
    if (out_.flagged > 0)
      out_.flagged_quiet = mine::share_interval(static_cast<double>(quiet), static_cast<double>(out_.flagged));
    if (out_.others > 0) out_.others_quiet = mine::share_interval(others_quiet_, static_cast<double>(out_.others));
    if (rule_.false_alarms) choose_threshold(*rule_.false_alarms);
    return out_;
  }

 private:
  /// The highest index at which the rate holds: the worst first, equal ones together.
  void choose_threshold(double rate) {
    std::stable_sort(flagged_.begin(), flagged_.end(),
                     [](const Followed& a, const Followed& b) { return a.index < b.index; });
    double quiet = 0;
    for (std::size_t i = 0; i < flagged_.size(); ++i) {
      quiet += flagged_[i].quiet ? 1 : 0;
      const auto alerted = static_cast<double>(i + 1);
      const bool tied = i + 1 < flagged_.size() && flagged_[i + 1].index == flagged_[i].index;
      if (tied || i + 1 < least_alerted || mine::share_interval(quiet, alerted, one_error).upper > rate) continue;
      out_.threshold = flagged_[i].index;
      out_.alerted_quiet = mine::share_interval(quiet, alerted);
    }
  }

  const Facts& facts_;
  std::int32_t day_;
  const ProblemRule& rule_;
  std::vector<Followed> flagged_;
  double others_quiet_ = 0;
  ProblemHoldOut out_;
};

}  // namespace

std::vector<ProblemCustomer> problem_customers(std::span<const CustomerWord> words, const SatisfactionIndex& index,
                                               const SatisfactionIndex& comparable, std::int32_t day,
                                               const ProblemRule& rule) {
  std::vector<ProblemCustomer> problems;
  WordsByCustomer by_customer(words);
  for (std::size_t i = 0; i < index.size(); ++i) {
    ProblemCustomer one = look_at(index.customer[i], by_customer.of(index.customer[i]), day, rule);
    one.index = index.index[i];
    one.comparable = comparable.index[i];
    if (one.signs() > 0) problems.push_back(one);
  }
  return problems;
}

ProblemHoldOut judge_problems(std::span<const CustomerWord> words, const SatisfactionIndex& past, const Facts& facts,
                              std::int32_t day, const ProblemRule& rule) {
  ProblemJudging judging(facts, day, rule);
  WordsByCustomer by_customer(words);
  for (std::size_t i = 0; i < past.size(); ++i)
    judging.see(past.customer[i], by_customer.of(past.customer[i]), past.index[i]);
  return judging.finish();
}

}  // namespace emptor
