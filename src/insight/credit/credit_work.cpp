#include "insight/credit/credit_work.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/wide.hpp"
#include "emptor/mine/judgement.hpp"
#include "insight/churn/churn_model.hpp"
#include "insight/tables/card_if_any.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t least_of_each = 50;  // customers who became overdue, and who did not, to learn from and judge by
constexpr std::size_t learning_windows = 4;  // before the window that is judged
constexpr std::string_view nothing_told = "insufficient: nothing in past payments tells who becomes seriously overdue";
constexpr double index_weight = 5;  // receivables of the mean that everybody's own are mixed with
constexpr std::array<double, rating_count - 1> chance_cuts = {0.02, 0.05, 0.1, 0.2},
                                               index_cuts = {0.1, 0.25, 0.5, 0.75};

/// Rows whose outcome could happen, as a matrix.
struct LabelledRows {
  std::vector<double> x, y;
  std::vector<double> late_before, late_share;  ///< what costs nothing to know

  void add(const BehaviourRows& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (std::isnan(rows.outcome[i])) continue;
      add_features(x, rows.of[i]);
      y.push_back(rows.outcome[i]);
      late_before.push_back(rows.of[i].late > 0 ? 1 : 0);
      late_share.push_back(rows.of[i].due > 0 ? rows.of[i].late_share() : 0);
    }
  }
  static void add_features(std::vector<double>& x, const PaymentBehaviour& behaviour) {
    for (std::size_t f = 0; f < credit_feature_count; ++f)
      x.push_back(feature_of(behaviour, static_cast<CreditFeature>(f)));
  }
  mine::TrainingRows view() const { return {view_of(x), y, {}, {}}; }
  static mine::NumberView view_of(const std::vector<double>& x) {
    return {x.data(), x.size() / credit_feature_count, credit_feature_count, credit_feature_count, 1};
  }
  std::size_t count_of(double value) const { return static_cast<std::size_t>(std::count(y.begin(), y.end(), value)); }
  /// Empty where the rows suffice.
  std::string lack(const char* what) const {
    const std::size_t bad = count_of(1), good = count_of(0);
    if (bad >= least_of_each && good >= least_of_each) return {};
    return "insufficient: of the customers to " + std::string(what) + " " + std::to_string(bad) +
           " became seriously overdue and " + std::to_string(good) + " did not; " + std::to_string(least_of_each) +
           " of each are needed";
  }
};

/// Nothing where no feature tells anything.
std::optional<mine::Scorecard> card_of(const LabelledRows& rows, const mine::Run& run) {
  mine::ScorecardOptions options{.ridge = 1};  // late payers may be told apart without a fault
  options.binning.features.assign(credit_feature_names.begin(), credit_feature_names.end());
  return card_if_any(rows.view(), options, run);
}

CreditQuality quality_of(std::string name, const std::vector<double>& y, const std::vector<double>& scores) {
  const double area = mine::auc(y, scores);
  return {std::move(name), area, 2 * area - 1, mine::ks(y, scores), {}, {}};
}

CreditQuality card_quality(const mine::Scorecard& card, const LabelledRows& test, const mine::Run& run) {
  std::vector<double> chances = mine::score(card, test.view().x, run), log_odds;
  for (double& one : chances) {
    one = mine::chance_of(card, one);
    log_odds.push_back(log_odds_of(one));
  }
  CreditQuality quality = quality_of("scorecard", test.y, chances);
  quality.brier = mine::brier(test.y, chances);
  quality.calibration_slope = calibration_line(log_odds, test.y, run).slope;
  return quality;
}

/// The share of receivables paid late, mixed with everybody's as if of five more.
std::vector<double> risk_index(const BehaviourRows& rows) {
  double late = 0, due = 0;
  for (const PaymentBehaviour& one : rows.of) {
    late += one.late;
    due += one.due;
  }
  const double all = due > 0 ? late / due : 0;
  std::vector<double> index;
  for (const PaymentBehaviour& one : rows.of)
    index.push_back((one.late + index_weight * all) / (one.due + index_weight));
  return index;
}

/// What speaks against a customer where no card weighs it: what is wrong now before what was.
std::vector<CreditFeature> plain_reasons(const PaymentBehaviour& one) {
  std::vector<CreditFeature> reasons;
  const auto note = [&](bool is, CreditFeature feature) {
    if (is && reasons.size() < credit_reason_count) reasons.push_back(feature);
  };
  note(one.overdue > 0, CreditFeature::oldest_overdue);
  note(one.limit_use() > 1, CreditFeature::limit_use);
  note(one.seriously_late > 0, CreditFeature::serious_share);
  note(one.late > 0, CreditFeature::late_share);
  note(one.trend > 0, CreditFeature::trend);
  return reasons;
}

std::vector<CreditFeature> card_reasons(const mine::Scorecard& card, std::span<const double> row) {
  std::vector<CreditFeature> reasons;
  for (const mine::ReasonCode& code : mine::reasons_of(card, row, credit_reason_count, mine::Against::mean))
    reasons.push_back(static_cast<CreditFeature>(code.column));
  return reasons;
}

void use_card(const LabelledRows& rows, const mine::Run& run, CreditOutcome& out) {
  std::optional<mine::Scorecard> card = card_of(rows, run);
  if (!card) {
    out.verdict = nothing_told;
    return;
  }
  std::vector<double> x;
  for (const PaymentBehaviour& one : out.rows.of) LabelledRows::add_features(x, one);
  out.points = mine::score(*card, LabelledRows::view_of(x), run);
  for (const double points : out.points) out.risk.push_back(mine::chance_of(*card, points));
  const std::span<const double> all(x);
  for (std::size_t i = 0; i < out.rows.size(); ++i)
    out.reasons.push_back(card_reasons(*card, all.subspan(i * credit_feature_count, credit_feature_count)));
  out.card = std::move(card);
  out.chosen = "scorecard";
}

void use_index(CreditOutcome& out) {
  out.chosen = "index";
  out.risk = risk_index(out.rows);
  for (const PaymentBehaviour& one : out.rows.of) out.reasons.push_back(plain_reasons(one));
}

/// Judges a card of the windows before on the window just past.
void judge(const LabelledRows& train, const LabelledRows& test, const mine::Run& run, CreditOutcome& out) {
  const std::optional<mine::Scorecard> card = card_of(train, run);
  if (!card) {
    out.verdict = nothing_told;
    return;
  }
  out.qualities.push_back(card_quality(*card, test, run));
  out.qualities.push_back(quality_of("late_before", test.y, test.late_before));
  out.qualities.push_back(quality_of("share_late", test.y, test.late_share));
  const auto best = std::max_element(out.qualities.begin() + 1, out.qualities.end(),
                                     [](const CreditQuality& a, const CreditQuality& b) { return a.auc < b.auc; });
  out.verdict = out.qualities.front().auc > best->auc ? "sufficient"
                : best->name == "late_before"         ? "no better than whether they were late before"
                                                      : "no better than the share paid late: rank customers by that";
}

void rate(const Receivables& receivables, const CreditRequest& request, CreditOutcome& out) {
  const auto& custom = out.chosen == "index" ? index_cuts : chance_cuts;
  out.cuts = request.rating_cuts;
  if (out.cuts.empty()) out.cuts.assign(custom.begin(), custom.end());
  for (std::size_t i = 0; i < out.rows.size(); ++i) {
    const auto rating =
        static_cast<std::size_t>(std::upper_bound(out.cuts.begin(), out.cuts.end(), out.risk[i]) - out.cuts.begin());
    const PaymentBehaviour& one = out.rows.of[i];
    out.rating.push_back(static_cast<std::uint8_t>(rating));
    out.advised.push_back(
        advised_limit(one, rating, receivables.blocked_on(one.customer, out.until->days), request.rules));
  }
}

std::string lack_of(const Receivables& receivables) {
  if (receivables.rows.empty() && receivables.before_payments == 0)
    return receivables.without_amount > 0
               ? "insufficient: no order that is due some day comes to an amount"
               : "insufficient: there are no receivables (orders or payments with a day due)";
  if (receivables.payments == 0) return "insufficient: no payment is on record, so that nobody can be told apart";
  return receivables.rows.empty() ? "insufficient: all receivables were due before the first payment on record" : "";
}

}  // namespace

CreditRequest credit_request(const json::object& options, const std::optional<Date>& until) {
  constexpr std::string_view language_texts[] = {"en", "zh"};
  CreditRequest request;
  request.until = until;
  const auto take = [&](const char* name, auto& to) {
    if (const json::value* value = options.if_contains(name))
      to = value->to_number<std::remove_reference_t<decltype(to)>>();
  };
  take("horizon_days", request.rules.horizon);
  take("overdue_days", request.rules.overdue_days);
  take("grace_days", request.rules.grace_days);
  take("settled_share", request.settled_share);
  request.language = choice_option<Language>(options, "language", language_texts);
  const json::value* cuts = options.if_contains("rating_cuts");
  if (cuts == nullptr) return request;
  for (const json::value& cut : cuts->as_array()) request.rating_cuts.push_back(cut.to_number<double>());
  const auto& rising = request.rating_cuts;
  if (rising.size() + 1 != rating_count ||
      std::adjacent_find(rising.begin(), rising.end(), std::greater_equal<>()) != rising.end())
    throw Error(Problem{.code = Code::invalid,
                        .message = "the option 'rating_cuts' has four numbers that rise: where B, C, D and E begin",
                        .field = "rating_cuts"});
  return request;
}

std::int64_t advised_limit(const PaymentBehaviour& behaviour, std::size_t rating, bool blocked,
                           const PaymentRules& rules) {
  constexpr std::int64_t percents[rating_count] = {150, 125, 100, 50, 0};
  if (blocked || std::isnan(behaviour.term)) return 0;
  const std::int64_t days = std::clamp<std::int64_t>(std::llround(behaviour.term), 0, 3'650) + rules.grace_days;
  const Wide micros = Wide{behaviour.turnover} * days * percents[rating] / (365 * 100);
  const Wide units = micros / Decimal::micros_per_unit;
  return static_cast<std::int64_t>(units * Decimal::micros_per_unit);
}

CreditOutcome predict_credit(const Receivables& receivables, const CreditRequest& request, const mine::Run& run) {
  CreditOutcome out;
  out.verdict = lack_of(receivables);
  if (!out.verdict.empty()) return out;
  const Date until = request.until.value_or(Date{*receivables.last_day});
  const std::int32_t horizon = request.rules.horizon;
  out.until = until;
  out.tested_on = {until.days - horizon};
  LabelledRows train, test;
  for (std::size_t window = 0; window < learning_windows; ++window) {
    beat("credit", window, learning_windows + 2);
    const Date day{out.tested_on.days - static_cast<std::int32_t>(window + 1) * horizon};
    out.learnt_on.push_back(day);
    train.add(payment_behaviour(receivables, day, request.rules));
  }
  test.add(payment_behaviour(receivables, out.tested_on, request.rules));
  out.rows = payment_behaviour(receivables, until, request.rules);
  out.tested = test.y.size();
  out.verdict = train.lack("learn from");
  if (out.verdict.empty()) out.verdict = test.lack("judge by");
  if (out.verdict.empty()) {
    out.serious_share = static_cast<double>(test.count_of(1)) / static_cast<double>(test.y.size());
    judge(train, test, run, out);
  }
  if (!out.qualities.empty()) {
    train.x.insert(train.x.end(), test.x.begin(), test.x.end());
    train.y.insert(train.y.end(), test.y.begin(), test.y.end());
    use_card(train, run, out);
  }
  if (!out.card) use_index(out);
  rate(receivables, request, out);
  return out;
}

}  // namespace emptor
