/// What came of customers (or opportunities), learnt from their other fields: chances, their quality on rows that the
/// model had not seen, and reasons.
///
/// Trees and a logistic regression together (mine/blended_boosting.hpp). Every row that has an answer is told by a
/// model that has not seen it (folds); those without one by a model of all others. Columns that know too much
/// (mine/leak_screen.hpp) are left out and named.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/judgement.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/outcome/answer_choice.hpp"

namespace emptor {

enum class ProtectedUse : std::uint8_t { by_answer, use, leave_out };

struct OutcomeRequest {
  std::string of;                   ///< "customer", "opportunity"; empty: the first that has an answer
  std::string answer, positive;     ///< field and value; empty: found
  std::vector<std::string> fields;  ///< to learn from; empty: all
  std::vector<std::string> keep;    ///< fields that are used although they know too much
  ProtectedUse protected_use = ProtectedUse::by_answer;
  std::uint32_t folds = 5;
  std::uint64_t seed = 0;
  std::string groups;  ///< a field whose values are groups to tell about; empty: levels of the chance
  Language language = Language::english;
};

/// A column that is not learnt from.
struct UnusedColumn {
  std::size_t column = 0;
  std::string_view why;
};
struct TooKnowing {
  std::size_t column = 0;
  double auc = 0, rest_auc = 0;
  bool certain = false, used = false;
};

/// On rows that the model had not seen, beside the chance that everybody has.
struct OutcomeQuality {
  mine::CrossValidation folds;  ///< means of AUC and KS first
  double brier = 0, brier_of_rate = 0, log_loss = 0, log_loss_of_rate = 0;
  double top_decile_lift = 0;
  double slope = 1, intercept = 0;  ///< of the calibration line
  mine::Calibration calibration;
};

/// What the model goes by in one column.
struct OutcomeDriver {
  std::size_t feature = 0;
  double weight = 0;                                     ///< mean of what it moves the log-odds by, either way
  double direction = 0;                                  ///< of a number: how it goes with what it adds, -1 to 1
  std::optional<std::size_t> highest = {}, lowest = {};  ///< of words: codes with the greatest and least mean
};

struct OutcomeGroup {
  std::string name;
  std::size_t rows = 0, answered = 0, events = 0;
  double mean_chance = 0;
  std::vector<std::pair<std::size_t, double>> reasons;  ///< features and their mean, beyond that of all
};

struct OutcomeResult {
  std::string verdict;
  std::vector<AnswerCandidate> candidates;
  std::optional<AnswerCandidate> answer;
  std::vector<double> y;  ///< of each row; NaN where the answer is empty
  std::size_t answered = 0, events = 0;
  std::vector<std::size_t> features;  ///< columns of the table that were learnt from
  std::vector<UnusedColumn> unused;
  std::vector<TooKnowing> suspects;
  std::optional<OutcomeQuality> quality;
  std::vector<double> chance;          ///< of each row; empty where the data do not suffice
  std::vector<double> shares;          ///< what each feature adds to the log-odds: rows x features
  std::vector<OutcomeDriver> drivers;  ///< the weightiest first
  std::vector<OutcomeGroup> groups;

  double rate() const noexcept {
    return answered == 0 ? 0 : static_cast<double>(events) / static_cast<double>(answered);
  }
  double share(std::size_t row, std::size_t feature) const noexcept { return shares[row * features.size() + feature]; }
};

OutcomeResult learn_outcome(const AnswerTable& table, const OutcomeRequest& request, const mine::Run& run);

/// "high", "medium" or "low", against the share of all rows.
std::string_view outcome_level(double chance, double rate) noexcept;
/// Up to three features that speak for the event where the chance is above the rate, else against it; the first first.
std::vector<std::size_t> outcome_reasons(const OutcomeResult& result, std::size_t row);
/// The rows to which the event has not come yet, the likeliest first: those without an answer, or where all have one
/// those that it did not come to.
std::vector<std::size_t> outcome_next(const AnswerTable& table, const OutcomeResult& result, std::size_t count);

OutcomeRequest outcome_request(const boost::json::object& options);
boost::json::object outcome_options_json(const OutcomeRequest& request);
boost::json::object outcome_json(const AnswerTable& table, const OutcomeRequest& request, const OutcomeResult& result);
NamedTable outcome_table(const AnswerTable& table, const OutcomeRequest& request, const OutcomeResult& result);

}  // namespace emptor
