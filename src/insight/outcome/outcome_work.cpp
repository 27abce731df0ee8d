#include "insight/outcome/outcome_work.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/mine/blended_boosting.hpp"
#include "insight/churn/churn_model.hpp"
#include "insight/outcome/outcome_drivers.hpp"
#include "insight/outcome/outcome_features.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_of_each = 50;  // rows with the event, and without it, to learn from
constexpr std::size_t most_reasons = 3;
constexpr double least_share = 0.01;  // of log-odds, that is worth telling

void check_names(const AnswerTable& table, const std::vector<std::string>& names, const char* option) {
  for (const std::string& name : names)
    if (table.find(name) == nullptr)
      throw Error(Problem{.code = Code::not_found,
                          .message = "no field '" + name + "' to learn from",
                          .entity = table.entity,
                          .field = option});
}

/// A model of these rows.
mine::BlendedBoosting fitted(const AnswerTable& table, const OutcomeResult& out, const std::vector<std::size_t>& rows,
                             const OutcomeRequest& request, const mine::Run& run) {
  return mine::fit_blended_boosting(FeatureRows(table, out, rows).training(),
                                    {.categorical = word_features(table, out.features), .seed = request.seed}, run);
}

/// Tells rows by a model that has not seen them.
void tell(const AnswerTable& table, const mine::BlendedBoosting& model, const std::vector<std::size_t>& rows,
          const mine::Run& run, OutcomeResult& out) {
  if (rows.empty()) return;
  const FeatureRows features(table, out, rows);
  const std::vector<double> odds = mine::log_odds(model, features.view(), run);
  const std::vector<double> all = mine::explain(model, features.view(), run);
  const std::size_t width = out.features.size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.chance[rows[i]] = chance_of(odds[i]);
    // The last is what is expected of anybody.
    std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(i * (width + 1)), width,
                out.shares.begin() + static_cast<std::ptrdiff_t>(rows[i] * width));
  }
}

std::vector<std::size_t> those(const std::vector<std::size_t>& all, const std::vector<std::size_t>& places) {
  std::vector<std::size_t> out;
  for (const std::size_t place : places) out.push_back(all[place]);
  return out;
}

OutcomeQuality judged(const std::vector<double>& y, mine::CrossValidation folds, double rate, const mine::Run& run) {
  OutcomeQuality quality;
  const std::vector<double>& chances = folds.scores;
  const std::vector<double> everybody(y.size(), rate);
  quality.brier = mine::brier(y, chances);
  quality.brier_of_rate = mine::brier(y, everybody);
  quality.log_loss = mine::log_loss(y, chances);
  quality.log_loss_of_rate = mine::log_loss(y, everybody);
  quality.top_decile_lift = mine::lift(y, chances).front().lift;
  std::vector<double> odds;
  for (const double chance : chances) odds.push_back(log_odds_of(chance));
  const CalibrationLine line = calibration_line(odds, y, run);
  quality.slope = line.slope;
  quality.intercept = line.intercept;
  quality.calibration = mine::calibrate(y, chances, 10, mine::Binning::equal_rows);
  quality.folds = std::move(folds);
  return quality;
}

void learn(const AnswerTable& table, const OutcomeRequest& request, const std::vector<std::size_t>& answered,
           const mine::Run& run, OutcomeResult& out) {
  out.chance.assign(table.rows(), std::numeric_limits<double>::quiet_NaN());
  out.shares.assign(table.rows() * out.features.size(), 0);
  const FeatureRows all(table, out, answered);
  const std::vector<double>& y = all.y;
  const std::vector<std::uint32_t> folds =
      mine::stratified_folds(y, {.folds = request.folds, .seed = request.seed}, all.ids);
  std::vector<double> scores(y.size());
  for (std::uint32_t fold = 0; fold < request.folds; ++fold) {
    beat("outcome", fold, request.folds + 1);
    const mine::Split split = mine::split_of(folds, fold);
    tell(table, fitted(table, out, those(answered, split.train), request, run), those(answered, split.test), run, out);
    for (const std::size_t place : split.test) scores[place] = out.chance[answered[place]];
  }
  std::vector<std::size_t> open;
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (std::isnan(out.y[row])) open.push_back(row);
  if (!open.empty()) tell(table, fitted(table, out, answered, request, run), open, run, out);
  mine::CrossValidation validated = mine::cross_validate(
      folds, y,
      [&](const mine::Split& split, std::uint32_t) {
        std::vector<double> own;
        for (const std::size_t place : split.test) own.push_back(scores[place]);
        return own;
      },
      run);
  out.quality = judged(y, std::move(validated), out.rate(), run);
}

std::string list_of(const AnswerTable& table, const std::vector<AnswerCandidate>& candidates) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, candidates.size()); ++i)
    text += (i == 0 ? "" : ", ") + table.columns[candidates[i].column].cells.name;
  return candidates.size() > most ? text + " ..." : text;
}

/// What is lacking before anything can be learnt; empty where nothing is.
std::string lack_of(const AnswerTable& table, const OutcomeResult& out) {
  if (table.rows() == 0) return "insufficient: there are no records to learn from";
  if (!out.answer && out.candidates.empty())
    return "insufficient: no field has two values, so that none can be the answer";
  if (!out.answer) return "unclear: no field stands out as the answer; name one of " + list_of(table, out.candidates);
  const std::size_t others = out.answered - out.events;
  if (out.events < least_of_each || others < least_of_each)
    return "insufficient: " + std::to_string(out.events) + " with the event and " + std::to_string(others) +
           " without; " + std::to_string(least_of_each) + " of each are needed";
  return {};
}

/// The standard error of the AUC of scores that tell nothing: Mann and Whitney (1947).
double error_of_chance(double events, double others) {
  return std::sqrt((events + others + 1) / (12 * events * others));
}

std::string verdict_of(const OutcomeResult& out) {
  constexpr double normal_99 = 2.5758293035489004;
  const auto events = static_cast<double>(out.events), others = static_cast<double>(out.answered - out.events);
  const bool tells = out.quality->folds.means[0] - 0.5 > normal_99 * error_of_chance(events, others);
  return tells && out.quality->brier < out.quality->brier_of_rate
             ? "sufficient"
             : "no better than the base rate on rows that it has not seen";
}

void choose_answer(const AnswerTable& table, const OutcomeRequest& request, OutcomeResult& out) {
  out.candidates = answer_candidates(table);
  if (!request.answer.empty()) {
    out.answer = named_answer(table, request.answer, request.positive);
    if (!out.answer->positive) out.answer.reset();
  } else if (const AnswerCandidate* clear = clear_answer(out.candidates)) {
    out.answer = *clear;
    if (!request.positive.empty())
      out.answer->positive = named_answer(table, table.columns[clear->column].cells.name, request.positive).positive;
  }
  if (!out.answer) return;
  out.y = answer_of(table, *out.answer);
  for (const double one : out.y) {
    out.answered += std::isnan(one) ? 0U : 1U;
    out.events += one == 1 ? 1U : 0U;
  }
}

}  // namespace

std::string_view outcome_level(double chance, double rate) noexcept {
  if (chance >= std::min(0.9, 2 * rate)) return "high";
  return chance >= rate ? "medium" : "low";
}

std::vector<std::size_t> outcome_reasons(const OutcomeResult& result, std::size_t row) {
  const double sign = result.chance[row] >= result.rate() ? 1 : -1;
  std::vector<std::size_t> order;
  for (std::size_t f = 0; f < result.features.size(); ++f)
    if (sign * result.share(row, f) >= least_share) order.push_back(f);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sign * result.share(row, a) > sign * result.share(row, b);
  });
  order.resize(std::min(order.size(), most_reasons));
  return order;
}

std::vector<std::size_t> outcome_next(const AnswerTable& table, const OutcomeResult& result, std::size_t count) {
  const bool open = result.answered < table.rows();
  std::vector<std::size_t> order;
  for (std::size_t row = 0; row < result.chance.size(); ++row)
    if (open ? std::isnan(result.y[row]) : result.y[row] == 0) order.push_back(row);
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return result.chance[a] != result.chance[b] ? result.chance[a] > result.chance[b] : a < b;
                    });
  order.resize(count);
  return order;
}

OutcomeResult learn_outcome(const AnswerTable& table, const OutcomeRequest& request, const mine::Run& run) {
  OutcomeResult out;
  check_names(table, request.fields, "fields");
  check_names(table, request.keep, "keep");
  if (!request.groups.empty()) check_names(table, {request.groups}, "groups");
  choose_answer(table, request, out);
  out.verdict = lack_of(table, out);
  if (!out.verdict.empty()) return out;
  std::vector<std::size_t> answered;
  for (std::size_t row = 0; row < table.rows(); ++row)
    if (!std::isnan(out.y[row])) answered.push_back(row);
  choose_features(table, request, answered, run, out);
  if (out.features.empty()) {
    out.verdict = "insufficient: no field is left to learn from";
    return out;
  }
  learn(table, request, answered, run, out);
  find_drivers(table, out);
  find_groups(table, request, out);
  out.verdict = verdict_of(out);
  return out;
}

}  // namespace emptor
