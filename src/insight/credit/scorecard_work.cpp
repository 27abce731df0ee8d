#include "insight/credit/scorecard_work.hpp"

#include <algorithm>
#include <cmath>

#include "core/option_reader.hpp"
#include "core/options.hpp"
#include "emptor/core/error.hpp"
#include "insight/churn/churn_model.hpp"
#include "insight/tables/card_if_any.hpp"
#include "mine/algorithm_options.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t least_of_each = 50;  // events, and others, to judge by

/// What has a default; the columns are apart.
const mine::OptionTable<ScorecardRequest>& own_options() {
  using Request = ScorecardRequest;
  using Choice = AttributeChoice;
  static const auto choice =
      mine::OptionTable<Choice>()
          .add("columns", &Choice::columns, "that are attributes; all but the target without it")
          .add("allow", &Choice::allowed, "columns named like protected attributes that may decide all the same")
          .add("categorical", &Choice::categorical, "columns of numbers that are names")
          .add("most_categories", &Choice::most_categories, mine::Bounds{1, 10'000},
               "texts that a column may have; one with more is left out");
  static const auto table = mine::OptionTable<Request>()
                                .all_of(&Request::choice, choice)
                                .all_of(&Request::card, mine::scorecard_options(),
                                        {"features", "categorical", "protected_columns", "allow_protected"})
                                .add("folds", &Request::folds, mine::Bounds{0, 50}, "of the cross-validation; 0: none")
                                .add("seed", &Request::seed, "of the folds");
  return table;
}

std::vector<double> rows_of(const mine::NumberView& x, const std::vector<std::size_t>& rows) {
  std::vector<double> part;
  part.reserve(rows.size() * x.columns());
  for (std::size_t c = 0; c < x.columns(); ++c)
    for (const std::size_t row : rows) part.push_back(x(row, c));
  return part;
}

mine::NumberView by_column(const std::vector<double>& x, std::size_t rows) {
  return {x.data(), rows, rows == 0 ? 0 : x.size() / rows, 1, rows};
}

/// Chances of the rows of one fold, from a card that was learnt from the others.
std::vector<double> fold_chances(const mine::NumberView& x, const std::vector<double>& y, const mine::Split& split,
                                 const mine::ScorecardOptions& options, const mine::Run& run, std::size_t& without) {
  const std::vector<double> train = rows_of(x, split.train), test = rows_of(x, split.test);
  std::vector<double> truth;
  double events = 0;
  for (const std::size_t row : split.train) {
    truth.push_back(y[row]);
    events += y[row];
  }
  const std::optional<mine::Scorecard> card =
      card_if_any({by_column(train, truth.size()), truth, {}, {}}, options, run);
  if (!card) {
    ++without;
    return std::vector<double>(split.test.size(), events / static_cast<double>(truth.size()));
  }
  std::vector<double> chances = mine::score(*card, by_column(test, split.test.size()), run);
  for (double& one : chances) one = mine::chance_of(*card, one);
  return chances;
}

FoldQuality fold_quality(const mine::NumberView& x, const std::vector<double>& y, const ScorecardRequest& request,
                         const mine::Run& run) {
  FoldQuality quality;
  const std::vector<std::uint32_t> folds = mine::stratified_folds(y, {.folds = request.folds, .seed = request.seed});
  quality.folds = mine::cross_validate(
      folds, y,
      [&](const mine::Split& split, std::uint32_t) {
        return fold_chances(x, y, split, request.card, run, quality.without_card);
      },
      run);
  const std::vector<double>& chances = quality.folds.scores;
  quality.brier = mine::brier(y, chances);
  const auto share = static_cast<double>(std::count(y.begin(), y.end(), 1.0)) / static_cast<double>(y.size());
  quality.brier_of_share = share * (1 - share);
  std::vector<double> log_odds;
  for (const double chance : chances) log_odds.push_back(log_odds_of(chance));
  const CalibrationLine line = calibration_line(log_odds, y, run);
  quality.calibration_slope = line.slope;
  quality.calibration_intercept = line.intercept;
  quality.calibration = mine::calibrate(y, chances, 10, mine::Binning::equal_rows);
  return quality;
}

std::string verdict_of(const ScorecardOutcome& outcome) {
  if (!outcome.quality) return "not judged: no folds were asked for";
  const mine::CrossValidation& folds = outcome.quality->folds;
  const double error = folds.deviations[0] / std::sqrt(static_cast<double>(folds.auc.size()));
  return folds.means[0] - 1.96 * error > 0.5 ? "sufficient" : "no better than chance on rows that it has not seen";
}

void learn_names(const std::vector<PlainAttribute>& attributes, mine::BinningOptions& binning) {
  for (std::size_t c = 0; c < attributes.size(); ++c) {
    binning.features.push_back(attributes[c].name);
    if (attributes[c].categorical) binning.categorical.push_back(c);
  }
}

void check_target(const PlainTarget& target, const ScorecardRequest& request) {
  if (target.events > 0 && target.events < target.y.size()) return;
  const char* what = target.y.empty()     ? "' says nothing"
                     : target.events == 0 ? "' has no event"
                                          : "' has nothing but events";
  throw Error(Problem{.code = Code::invalid,
                      .message = "the column '" + request.choice.target + what,
                      .field = request.choice.target,
                      .hint = "the option 'positive' says which value is the event"});
}

json::array left_out_json(const ScorecardOutcome& outcome) {
  json::array all;
  for (const LeftOutColumn& one : outcome.left_out) all.push_back(json::object{{"column", one.name}, {"why", one.why}});
  return all;
}

json::array attributes_json(const PlainCard& card) {
  json::array all;
  for (std::size_t c = 0; c < card.attributes.size(); ++c) {
    const mine::ColumnBinning& binning = card.card.binning.columns[c];
    const mine::ScorecardColumn& column = card.card.columns[c];
    all.push_back(json::object{{"name", card.attributes[c].name},
                               {"use", name_of(column.use)},
                               {"information_value", binning.information_value},
                               {"gap", binning.gap},
                               {"shape", name_of(binning.shape)},
                               {"bins", binning.ordinary()},
                               {"coefficient", column.coefficient},
                               {"standard_error", column.standard_error}});
  }
  return all;
}

json::value folds_json(const std::optional<FoldQuality>& quality) {
  if (!quality) return nullptr;
  const mine::CrossValidation& folds = quality->folds;
  json::array calibration;
  for (const mine::CalibrationBin& bin : quality->calibration.bins)
    calibration.push_back(json::object{{"rows", bin.weight}, {"mean_chance", bin.mean_chance}, {"share", bin.share}});
  return json::object{{"folds", folds.auc.size()},
                      {"auc", folds.means[0]},
                      {"auc_deviation", folds.deviations[0]},
                      {"gini", 2 * folds.means[0] - 1},
                      {"ks", folds.means[1]},
                      {"ks_deviation", folds.deviations[1]},
                      {"brier", quality->brier},
                      {"brier_of_share", quality->brier_of_share},
                      {"calibration_slope", quality->calibration_slope},
                      {"calibration_intercept", quality->calibration_intercept},
                      {"calibration_error", quality->calibration.expected_error},
                      {"calibration", std::move(calibration)},
                      {"folds_without_card", quality->without_card}};
}

}  // namespace

std::string_view scorecard_schema() {
  static const std::string text = with_properties(
      own_options().schema(), R"("target":{"type":"string","description":"column of what came of each row"},
"positive":{"type":["boolean","integer","number","string"],"description":"what stands there for the event (bad); 1 or true without it"})");
  return text;
}

ScorecardRequest scorecard_request(std::string_view json) {
  json::object given = checked_options(scorecard_schema(), json.empty() ? "{}" : json);
  if (!given.contains("target"))
    throw Error(Problem{.code = Code::invalid, .message = "no column is named as the target", .field = "target"});
  const std::string target(given.at("target").as_string());
  const json::value* positive = given.if_contains("positive");
  const json::value event = positive == nullptr ? json::value() : *positive;
  given.erase("target");
  given.erase("positive");
  ScorecardRequest request = own_options().read(json::serialize(given));
  request.choice.target = target;
  request.positive = event;
  if (request.folds == 1)
    throw Error(Problem{.code = Code::invalid, .message = "one fold leaves nothing to learn from", .field = "folds"});
  return request;
}

json::object scorecard_options_json(const ScorecardRequest& request) {
  json::object told = own_options().write(request);
  told["target"] = request.choice.target;
  told["positive"] = request.positive;
  return told;
}

ScorecardOutcome learn_scorecard(const ArrowTable& table, const ScorecardRequest& request, const mine::Run& run) {
  ScorecardOutcome out;
  const PlainTarget target = plain_target(table, request.choice.target, request.positive);
  check_target(target, request);
  ChosenAttributes chosen = choose_attributes(table, request.choice);
  if (chosen.attributes.empty())
    throw Error(Problem{.code = Code::invalid, .message = "no column is left that may decide", .field = "columns"});
  const PlainNumbers numbers = attribute_numbers(table, chosen.attributes, {}, target.marked);
  ScorecardRequest named = request;
  learn_names(chosen.attributes, named.card.binning);
  out.rows = table.rows();
  out.learnt = target.y.size();
  out.events = target.events;
  out.left_out = std::move(chosen.left_out);
  out.card = {request.choice.target, request.positive, std::move(chosen.attributes), {}};
  const mine::TrainingRows rows{numbers.view(), target.y, {}, {}};
  out.card.card = mine::fit_scorecard(rows, named.card, run);
  out.fitted = mine::judge(out.card.card, rows, run);
  const std::size_t others = out.learnt - out.events;
  if (out.events < least_of_each || others < least_of_each) {
    out.verdict = "insufficient: " + std::to_string(out.events) + " events and " + std::to_string(others) +
                  " others; " + std::to_string(least_of_each) + " of each are needed to judge a card";
    return out;
  }
  if (named.folds > 0) out.quality = fold_quality(rows.x, target.y, named, run);
  out.verdict = verdict_of(out);
  return out;
}

json::object quality_json(const mine::ScorecardQuality& quality) {
  return {{"auc", quality.auc}, {"gini", quality.gini}, {"ks", quality.ks}};
}

json::object scorecard_json(const ScorecardRequest& request, const ScorecardOutcome& outcome) {
  return {{"rows", outcome.rows},
          {"skipped", outcome.rows - outcome.learnt},
          {"events", outcome.events},
          {"others", outcome.learnt - outcome.events},
          {"verdict", outcome.verdict},
          {"left_out", left_out_json(outcome)},
          {"attributes", attributes_json(outcome.card)},
          {"fitted", quality_json(outcome.fitted)},
          {"quality", folds_json(outcome.quality)},
          {"options", scorecard_options_json(request)},
          {"card", card_json(outcome.card)}};
}

}  // namespace emptor
