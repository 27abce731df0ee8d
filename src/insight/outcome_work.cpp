#include "insight/outcome_work.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "core/long_call.hpp"
#include "emptor/core/error.hpp"
#include "emptor/core/exact_sum.hpp"
#include "emptor/mine/blended_boosting.hpp"
#include "emptor/mine/leak_screen.hpp"
#include "insight/churn_model.hpp"
#include "insight/protected_columns.hpp"

namespace emptor {
namespace {

constexpr std::size_t least_of_each = 50;  // rows with the event, and without it, to learn from
constexpr std::size_t most_words = 100;    // of a column that is learnt from
constexpr std::size_t most_reasons = 3;
constexpr double least_share = 0.01;  // of log-odds, that is worth telling

bool named(const std::vector<std::string>& names, const AnswerColumn& column) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return name == column.cells.name || name == column.title; });
}

void check_names(const AnswerTable& table, const std::vector<std::string>& names, const char* option) {
  for (const std::string& name : names)
    if (table.find(name) == nullptr)
      throw Error(Problem{.code = Code::not_found,
                          .message = "no field '" + name + "' to learn from",
                          .entity = table.entity,
                          .field = option});
}

bool is_missing(const AnswerColumn& column, std::size_t row) {
  return column.cells.is_number() ? std::isnan(column.cells.numbers[row]) : column.cells.codes[row] < 0;
}

double code_of(const AnswerColumn& column, std::size_t row) {
  if (column.cells.is_number()) return column.cells.numbers[row];
  return column.cells.codes[row] < 0 ? std::numeric_limits<double>::quiet_NaN() : column.cells.codes[row];
}

/// Whether rows with an answer differ in this column.
bool differs(const AnswerColumn& column, const std::vector<std::size_t>& answered) {
  for (const std::size_t row : answered) {
    const bool missing = is_missing(column, row), first = is_missing(column, answered[0]);
    if (missing != first || (!missing && code_of(column, row) != code_of(column, answered[0]))) return true;
  }
  return false;
}

/// Which columns are learnt from, before the screen.
class FeatureChoice {
 public:
  FeatureChoice(const AnswerTable& table, const OutcomeRequest& request, const std::vector<std::size_t>& answered,
                OutcomeResult& out)
      : table_(table), request_(request), answered_(answered), out_(out) {
    const bool by_law = out.answer->name == AnswerName::credit;
    spare_ = request.protected_use == ProtectedUse::leave_out ||
             (request.protected_use == ProtectedUse::by_answer && by_law);
  }
  void choose() {
    for (std::size_t c = 0; c < table_.columns.size(); ++c) {
      if (c == out_.answer->column) continue;
      const std::string_view why = against(c);
      if (why.empty()) {
        out_.features.push_back(c);
      } else if (why != "not asked for") {
        out_.unused.push_back({c, why});
      }
    }
  }

 private:
  std::string_view against(std::size_t c) const {
    const AnswerColumn& column = table_.columns[c];
    const auto& same = out_.answer->same;
    if (!request_.fields.empty() && !named(request_.fields, column)) return "not asked for";
    if (std::find(same.begin(), same.end(), c) != same.end()) return "says the same as the answer";
    if (!differs(column, answered_)) return "the same of all";
    if (column.remarks || column.cells.words.size() > most_words) return "too many texts";
    if (spare_ && (is_protected(column.cells.name) || is_protected(column.title))) return "protected";
    return {};
  }

  const AnswerTable& table_;
  const OutcomeRequest& request_;
  const std::vector<std::size_t>& answered_;
  OutcomeResult& out_;
  bool spare_ = false;
};

/// The features of some rows, by row.
struct FeatureRows {
  std::vector<double> x;
  std::size_t rows = 0, columns = 0;

  FeatureRows(const AnswerTable& table, const std::vector<std::size_t>& features, const std::vector<std::size_t>& which)
      : rows(which.size()), columns(features.size()) {
    x.reserve(rows * columns);
    for (const std::size_t row : which)
      for (const std::size_t c : features) x.push_back(code_of(table.columns[c], row));
  }
  mine::NumberView view() const noexcept { return {x.data(), rows, columns, columns, 1}; }
};

std::vector<std::size_t> word_features(const AnswerTable& table, const std::vector<std::size_t>& features) {
  std::vector<std::size_t> words;
  for (std::size_t f = 0; f < features.size(); ++f)
    if (!table.columns[features[f]].cells.is_number()) words.push_back(f);
  return words;
}

std::vector<double> answers_of(const std::vector<double>& y, const std::vector<std::size_t>& rows) {
  std::vector<double> own;
  for (const std::size_t row : rows) own.push_back(y[row]);
  return own;
}

std::vector<std::uint64_t> ids_of(const AnswerTable& table, const std::vector<std::size_t>& rows) {
  std::vector<std::uint64_t> ids;
  for (const std::size_t row : rows) ids.push_back(static_cast<std::uint64_t>(table.id[row]));
  return ids;
}

/// Takes out of the features what knows too much, unless it is to be kept.
void screen(const AnswerTable& table, const OutcomeRequest& request, const std::vector<std::size_t>& answered,
            const mine::Run& run, OutcomeResult& out) {
  const FeatureRows rows(table, out.features, answered);
  const std::vector<double> y = answers_of(out.y, answered);
  const std::vector<std::uint64_t> ids = ids_of(table, answered);
  const mine::LeakScreen found = mine::screen_leaks(
      {rows.view(), y, {}, ids}, {.categorical = word_features(table, out.features), .seed = request.seed}, run);
  std::vector<std::size_t> gone;
  for (const mine::LeakSuspect& suspect : found.suspects) {
    const std::size_t column = out.features[suspect.column];
    const bool used = named(request.keep, table.columns[column]);
    out.suspects.push_back({column, suspect.auc, suspect.rest_auc, suspect.reason == mine::LeakReason::certain, used});
    if (!used) gone.push_back(column);
  }
  for (const std::size_t column : gone) {
    std::erase(out.features, column);
    out.unused.push_back({column, "knows too much"});
  }
}

/// A model of these rows.
mine::BlendedBoosting fitted(const AnswerTable& table, const OutcomeResult& out, const std::vector<std::size_t>& rows,
                             const OutcomeRequest& request, const mine::Run& run) {
  const FeatureRows features(table, out.features, rows);
  const std::vector<double> y = answers_of(out.y, rows);
  const std::vector<std::uint64_t> ids = ids_of(table, rows);
  return mine::fit_blended_boosting({features.view(), y, {}, ids},
                                    {.categorical = word_features(table, out.features), .seed = request.seed}, run);
}

/// Tells rows by a model that has not seen them.
void tell(const AnswerTable& table, const mine::BlendedBoosting& model, const std::vector<std::size_t>& rows,
          const mine::Run& run, OutcomeResult& out) {
  if (rows.empty()) return;
  const FeatureRows features(table, out.features, rows);
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
  const std::vector<double> y = answers_of(out.y, answered);
  const std::vector<std::uint32_t> folds =
      mine::stratified_folds(y, {.folds = request.folds, .seed = request.seed}, ids_of(table, answered));
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

/// The mean share of each word of a column, where it has rows enough to tell.
void tell_words(const AnswerTable& table, const OutcomeResult& out, OutcomeDriver& driver) {
  constexpr double least_rows = 10;
  const AnswerColumn& column = table.columns[out.features[driver.feature]];
  std::vector<DoubleSum> sums(column.cells.words.size());
  std::vector<double> rows(sums.size());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (column.cells.codes[row] < 0) continue;
    const auto code = static_cast<std::size_t>(column.cells.codes[row]);
    sums[code].add(out.share(row, driver.feature));
    ++rows[code];
  }
  const auto mean = [&](std::size_t code) { return sums[code].value() / rows[code]; };
  for (std::size_t code = 0; code < sums.size(); ++code) {
    if (rows[code] < least_rows) continue;
    if (!driver.highest || mean(code) > mean(*driver.highest)) driver.highest = code;
    if (!driver.lowest || mean(code) < mean(*driver.lowest)) driver.lowest = code;
  }
}

/// Pearson's correlation of a number with what it adds.
double direction_of(const AnswerTable& table, const OutcomeResult& out, std::size_t feature) {
  const std::vector<double>& numbers = table.columns[out.features[feature]].cells.numbers;
  DoubleSum a, b, aa, bb, ab;
  double count = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (std::isnan(numbers[row])) continue;
    const double share = out.share(row, feature);
    a.add(numbers[row]), b.add(share), ++count;
    aa.add(numbers[row] * numbers[row]), bb.add(share * share), ab.add(numbers[row] * share);
  }
  if (count < 2) return 0;
  const double va = aa.value() - a.value() * a.value() / count, vb = bb.value() - b.value() * b.value() / count;
  return va > 0 && vb > 0 ? (ab.value() - a.value() * b.value() / count) / std::sqrt(va * vb) : 0;
}

void find_drivers(const AnswerTable& table, OutcomeResult& out) {
  for (std::size_t f = 0; f < out.features.size(); ++f) {
    OutcomeDriver driver{.feature = f};
    DoubleSum sum;
    for (std::size_t row = 0; row < table.rows(); ++row) sum.add(std::abs(out.share(row, f)));
    driver.weight = sum.value() / static_cast<double>(table.rows());
    if (table.columns[out.features[f]].cells.is_number())
      driver.direction = direction_of(table, out, f);
    else
      tell_words(table, out, driver);
    out.drivers.push_back(driver);
  }
  std::stable_sort(out.drivers.begin(), out.drivers.end(),
                   [](const OutcomeDriver& a, const OutcomeDriver& b) { return a.weight > b.weight; });
}

std::vector<double> mean_shares(const OutcomeResult& out, const std::vector<std::size_t>& rows) {
  std::vector<double> means;
  for (std::size_t f = 0; f < out.features.size(); ++f) {
    DoubleSum sum;
    for (const std::size_t row : rows) sum.add(out.share(row, f));
    means.push_back(sum.value() / static_cast<double>(rows.size()));
  }
  return means;
}

OutcomeGroup group_of(const OutcomeResult& out, std::string name, const std::vector<std::size_t>& rows,
                      const std::vector<double>& of_all) {
  OutcomeGroup group{.name = std::move(name), .rows = rows.size()};
  DoubleSum chance;
  for (const std::size_t row : rows) {
    chance.add(out.chance[row]);
    if (std::isnan(out.y[row])) continue;
    ++group.answered;
    group.events += out.y[row] == 1 ? 1U : 0U;
  }
  group.mean_chance = chance.value() / static_cast<double>(rows.size());
  const std::vector<double> means = mean_shares(out, rows);
  for (std::size_t f = 0; f < means.size(); ++f)
    if (std::abs(means[f] - of_all[f]) >= least_share) group.reasons.emplace_back(f, means[f] - of_all[f]);
  std::stable_sort(group.reasons.begin(), group.reasons.end(),
                   [](const auto& a, const auto& b) { return std::abs(a.second) > std::abs(b.second); });
  group.reasons.resize(std::min(group.reasons.size(), most_reasons));
  return group;
}

void find_groups(const AnswerTable& table, const OutcomeRequest& request, OutcomeResult& out) {
  const AnswerColumn* by = request.groups.empty() ? nullptr : table.find(request.groups);
  const std::string_view levels[] = {"high", "medium", "low"};
  std::vector<std::pair<std::string, std::vector<std::size_t>>> groups;
  std::vector<std::size_t> all(table.rows());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (by == nullptr) {
    for (const std::string_view level : levels) {
      auto& [name, rows] = groups.emplace_back(level, std::vector<std::size_t>());
      for (const std::size_t row : all)
        if (outcome_level(out.chance[row], out.rate()) == level) rows.push_back(row);
    }
  } else {
    std::map<std::string, std::vector<std::size_t>> found;
    for (const std::size_t row : all) found[cell_text(*by, row)].push_back(row);
    groups.assign(found.begin(), found.end());
  }
  const std::vector<double> of_all = mean_shares(out, all);
  for (auto& [name, rows] : groups)
    if (!rows.empty()) out.groups.push_back(group_of(out, name, rows, of_all));
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

std::string verdict_of(const OutcomeQuality& quality) {
  const double error = quality.folds.deviations[0] / std::sqrt(static_cast<double>(quality.folds.auc.size()));
  const bool better = quality.folds.means[0] - 1.96 * error > 0.5 && quality.brier < quality.brier_of_rate;
  return better ? "sufficient" : "no better than the base rate on rows that it has not seen";
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
  FeatureChoice(table, request, answered, out).choose();
  if (!out.features.empty()) screen(table, request, answered, run, out);
  if (out.features.empty()) {
    out.verdict = "insufficient: no field is left to learn from";
    return out;
  }
  learn(table, request, answered, run, out);
  find_drivers(table, out);
  find_groups(table, request, out);
  out.verdict = verdict_of(*out.quality);
  return out;
}

}  // namespace emptor
