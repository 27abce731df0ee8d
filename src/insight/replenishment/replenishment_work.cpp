#include "insight/replenishment/replenishment_work.hpp"

#include <algorithm>
#include <cmath>

#include "core/sort_stably.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/mine/logistic.hpp"
#include "emptor/mine/rates.hpp"
#include "insight/offers/holdings.hpp"
#include "insight/replenishment/repeat_purchases.hpp"

namespace emptor {
namespace {

constexpr std::uint64_t least_judged_pairs = 50;
constexpr std::uint64_t least_of_a_kind = 30;  // pairs bought, and pairs not, that the chances are learnt from

/// The plain rule: the mean of one's own gaps goes on, and after two of them without a purchase it is over.
bool is_due_by_mean(const RepeatPair& pair, std::int64_t today, std::int32_t ahead) {
  const auto last = static_cast<double>(pair.rhythm.last_day);
  const double gap = (last - static_cast<double>(pair.first_day)) / static_cast<double>(pair.rhythm.purchases - 1);
  return last + gap <= static_cast<double>(today + ahead) && last + 2 * gap >= static_cast<double>(today);
}

void count(DueQuality& quality, bool due, bool bought) {
  quality.due += due ? 1 : 0;
  quality.bought += due && bought ? 1 : 0;
}

/// The difference of two shares with Newcombe's interval (Statistics in Medicine 17, 1998, method 10).
void compare(ReplenishmentJudgement& out) {
  const auto share = [](const DueQuality& of) {
    return mine::share_interval(static_cast<double>(of.bought), static_cast<double>(of.due));
  };
  const mine::RateInterval due = share(out.rhythm), others = share(out.not_due);
  out.gain = due.value - others.value;
  out.lower = out.gain - std::hypot(due.value - due.lower, others.upper - others.value);
  out.upper = out.gain + std::hypot(due.upper - due.value, others.value - others.lower);
}

/// Whether chances can be learnt from these.
bool is_enough(const RepeatPairs& pairs) {
  const std::vector<double> bought = pairs.bought();
  const auto yes = static_cast<std::uint64_t>(std::ranges::count(bought, 1.0));
  return yes >= least_of_a_kind && bought.size() - yes >= least_of_a_kind;
}

mine::LogisticModel learn(const RepeatPairs& pairs, const mine::Run& run) {
  const std::vector<double> bought = pairs.bought();
  return mine::fit_logistic({pairs.numbers(), bought}, {.ridge = 1, .inference = false}, run);
}

std::vector<double> chances(const mine::LogisticModel& model, const RepeatPairs& pairs, const mine::Run& run) {
  const std::vector<double> both = predict(model, pairs.numbers(), run);
  std::vector<double> chances;
  for (std::size_t i = 1; i < both.size(); i += 2) chances.push_back(both[i]);
  return chances;
}

/// Chances learnt from the window before the last one, and what came of them in the last.
void judge(const RepeatPairs& pairs, const std::vector<double>& chances, std::int64_t today,
           const ReplenishmentRequest& request, ReplenishmentJudgement& out) {
  std::vector<double> silence;
  for (std::size_t i = 0; i < pairs.pairs.size(); ++i) {
    const RepeatPair& pair = pairs.pairs[i];
    const bool bought = pair.bought > 0, due = chances[i] >= request.least_chance;
    ++out.pairs;
    out.bought += bought ? 1 : 0;
    count(out.rhythm, due, bought);
    count(out.not_due, !due, bought);
    count(out.mean_gap, is_due_by_mean(pair, today, request.ahead), bought);
    silence.push_back(-static_cast<double>(today - pair.rhythm.last_day));
  }
  if (out.bought == 0 || out.bought == out.pairs) return;
  out.auc = mine::auc(pairs.bought(), chances);
  out.auc_of_recency = mine::auc(pairs.bought(), silence);
  if (out.rhythm.due > 0 && out.not_due.due > 0) compare(out);
}

std::string verdict_of(const ReplenishmentJudgement& judgement) {
  if (judgement.rhythm.due < least_judged_pairs)
    return "insufficient: " + std::to_string(judgement.rhythm.due) + " products were due in the window just past; " +
           std::to_string(least_judged_pairs) + " are needed";
  if (judgement.lower <= 0) return "no better than chance: what was due was bought no more often than what was not";
  if (judgement.auc <= judgement.auc_of_recency) return "no better than what was bought last";
  return "sufficient";
}

/// The likeliest of each customer, who are not left out.
void keep_due(const RepeatPairs& pairs, const std::vector<double>& chances, const ReplenishmentRequest& request,
              std::span<const std::int64_t> left_out, ReplenishmentOutcome& out) {
  std::vector<DuePair> due;
  for (std::size_t i = 0; i < pairs.pairs.size(); ++i) {
    const mine::PairRhythm& rhythm = pairs.pairs[i].rhythm;
    if (chances[i] >= request.least_chance &&
        !std::ranges::binary_search(left_out, static_cast<std::int64_t>(rhythm.customer)))
      due.push_back({rhythm, chances[i]});
  }
  sort_stably(due, [](const DuePair& a, const DuePair& b) {
    return a.rhythm.customer != b.rhythm.customer ? a.rhythm.customer < b.rhythm.customer : a.chance > b.chance;
  });
  std::size_t of_customer = 0;
  for (std::size_t i = 0; i < due.size(); ++i) {
    const bool fresh = i == 0 || due[i].rhythm.customer != due[i - 1].rhythm.customer;
    of_customer = fresh ? 1 : of_customer + 1;
    out.customers += fresh ? 1 : 0;
    if (of_customer <= request.count) out.due.push_back(due[i]);
  }
}

/// Learns on the window before the last, judges on the last, and learns anew on that for what is to come.
void learn_and_judge(const Events& events, const ReplenishmentRequest& request, std::span<const std::int64_t> left_out,
                     const mine::Run& run, ReplenishmentOutcome& out) {
  const std::int32_t until = out.until.days, judged = until - request.ahead, learnt = judged - request.ahead;
  const Events early = events_until(events, learnt);
  if (!is_repeated(early)) return;
  const mine::RhythmModel rhythm = fit_rhythm(early.view(), learnt, request.rhythm, run);
  const RepeatPairs first = repeat_pairs(rhythm, events, learnt, judged, request.least_purchases, run);
  const RepeatPairs last = repeat_pairs(rhythm, events, judged, until, request.least_purchases, run);
  if (!is_enough(first) || !is_enough(last)) return;
  judge(last, chances(learn(first, run), last, run), judged, request, out.judgement);
  out.verdict = verdict_of(out.judgement);
  if (out.verdict != "sufficient") return;
  const mine::RhythmModel now = fit_rhythm(events.view(), until, request.rhythm, run);
  out.products_with_rhythm = static_cast<std::uint64_t>(
      std::ranges::count_if(now.products, [](const mine::ProductRhythm& one) { return !one.pooled; }));
  const RepeatPairs pairs = repeat_pairs(now, events, until, until, request.least_purchases, run);
  keep_due(pairs, chances(learn(last, run), pairs, run), request, left_out, out);
}

}  // namespace

ReplenishmentOutcome find_due(const CustomerLines& lines, const ReplenishmentRequest& request,
                              std::span<const std::int64_t> left_out, const mine::Run& run) {
  ReplenishmentOutcome out;
  const std::optional<Date> until = request.until ? request.until : lines.last_day(request.purchases);
  out.products = products_of(lines);
  out.verdict = "insufficient: too few products were bought again and again";
  if (!until || out.products.empty()) return out;
  out.until = *until;
  learn_and_judge(events_upto(lines, request.purchases, out.products, until->days), request, left_out, run, out);
  return out;
}

}  // namespace emptor
