/// Preferences: what customers like, dislike and ask for by their own words, and what that adds to their purchases in
/// foretelling the category that they buy next.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/shrunk_shares.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/habits/habit_occasions.hpp"
#include "insight/preferences/preference_texts.hpp"

namespace emptor {

struct PreferenceRequest {
  std::optional<Date> until = {};
  Purchases purchases = Purchases::positive;
  std::int32_t window = 180;  ///< days in which the next purchase is looked for
  double clear_tone = 1;      ///< log odds from which on a mention is a like or a dislike
  Language language = Language::english;
};
/// Requires options that the schema has checked.
PreferenceRequest preference_request(const boost::json::object& options, const std::optional<Date>& until);

/// What one customer said of one topic.
struct Preference {
  std::int64_t customer = 0;
  std::uint32_t topic = 0;
  std::uint32_t mentions = 0, likes = 0, dislikes = 0, asked = 0;
  std::optional<double> share, base;  ///< of a category: posterior share of purchases, and that of all
};

/// How far words move the prior of a customer's shares: its mean is proportional to
/// base x exp(tone x (likes - dislikes) + wish x asked).
struct WordWeights {
  double tone = 0, wish = 0;
};

/// Of the customers who had named a category before the window and bought in it.
struct PreferenceJudgement {
  std::uint64_t customers = 0;
  double purchases_loss = 0, words_loss = 0;         ///< mean loss of the category bought next, nats
  double gain = 0, lower = 0, upper = 0;             ///< of words over purchases alone, 95 % interval
  std::uint64_t purchases_hits = 0, words_hits = 0;  ///< the likeliest category was the one
};

struct PreferenceOutcome {
  std::optional<Date> until;
  std::string verdict;
  PreferenceJudgement judgement;
  WordWeights weights;          ///< in force; 0 unless the verdict is sufficient
  mine::SharePrior prior;       ///< of categories; empty without purchases
  std::vector<Preference> all;  ///< by customer, topic
  std::uint64_t customers = 0;
};
/// `category`: the names of the occasions' categories.
PreferenceOutcome infer_preferences(const Occasions& occasions, const LineKinds& category, const PreferenceTexts& texts,
                                    const PreferenceRequest& request);

/// "likes tea (3 of 4 mentions)", "asks for tea (2)", "dislikes ..."; empty where nothing is clear.
std::string preference_words(const Topic& topic, const Preference& one, Language language);
/// docs/preferences.md has the forms.
boost::json::object preferences_json(const PreferenceRequest& request, const PreferenceTexts& texts,
                                     const PreferenceOutcome& outcome);
NamedTable preferences_table(const PreferenceRequest& request, const PreferenceTexts& texts,
                             const PreferenceOutcome& outcome, const Column& customers);

}  // namespace emptor
