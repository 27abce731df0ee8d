/// Habits: when, how and what customers buy, what of it is a habit of their own and not that of all, which habits have
/// changed, and which groups there are by habit.
#pragma once

#include <array>
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/insight/language.hpp"
#include "emptor/mine/kmeans_choice.hpp"
#include "emptor/mine/rates.hpp"
#include "emptor/mine/run.hpp"
#include "emptor/mine/shrunk_shares.hpp"
#include "emptor/store/named_table.hpp"
#include "insight/habits/habit_occasions.hpp"
#include "insight/words/portrait.hpp"

namespace emptor {

struct HabitRequest {
  std::optional<Date> until = {};
  Purchases purchases = Purchases::positive;
  std::size_t least_occasions = 5;  ///< days with a purchase from which on habits are looked for
  double false_findings = 0.05;     ///< of all habits that are told, at most this share is none, on average
  double least_lift = 1.25;         ///< own share over base, from which on a difference is told
  std::int32_t recent_days = 180;   ///< the window in which habits may have changed, and that judges them
  double false_alarms = 0.05;       ///< of all changes that are told, at most this share is none, on average
  std::size_t most_groups = 8;
  Language language = Language::english;
};
/// Requires options that the schema has checked.
HabitRequest habit_request(const boost::json::object& options, const std::optional<Date>& until);

enum class HabitDimension : std::uint8_t { day_part, weekday, weekend, month_part, quarter, channel, method };
inline constexpr std::size_t habit_dimension_count = 7;
inline constexpr std::array<std::string_view, habit_dimension_count> habit_dimension_names = {
    "day_part", "weekday", "weekend", "month_part", "quarter", "channel", "payment_method"};

/// How occasions fall on the cells of a dimension, a row a customer.
struct HabitTable {
  std::vector<std::string> cells;     ///< "evening", "saturday"; names of channels as they are
  std::vector<std::uint32_t> counts;  ///< rows x cells; of quarters the months with a purchase
  mine::SharePrior prior;
  std::vector<double> expected;  ///< of quarters: rows x cells, shares as all would have them in the customer's time
  std::string lack;              ///< why there is none

  bool usable() const noexcept { return lack.empty(); }
  std::uint32_t count(std::size_t row, std::size_t cell) const { return counts[row * cells.size() + cell]; }
  std::uint32_t all(std::size_t row) const;
  double base(std::size_t row, std::size_t cell) const {
    return expected.empty() ? prior.base[cell] : expected[row * cells.size() + cell];
  }
};
using HabitTables = std::array<HabitTable, habit_dimension_count>;

/// Of occasions on days `from` to `until`.
HabitTables tabulate_habits(const HabitSource& source, const Occasions& occasions, std::int32_t from,
                            std::int32_t until);

/// A cell on which a customer's occasions fall more often than those of all.
struct Habit {
  std::size_t row = 0;
  HabitDimension dimension = HabitDimension::day_part;
  std::size_t cell = 0;
  std::uint32_t count = 0, all = 0;
  double base = 0, share = 0;  ///< share: shrunk
  double p_value = 1, adjusted = 1;
  /// The share of habits as sure as this that are none, on average, taken from 1.
  double confidence() const noexcept { return 1 - adjusted; }
  double lift() const noexcept { return base > 0 ? static_cast<double>(count) / all / base : 0; }  ///< not shrunk
};
/// By row, the surest first.
std::vector<Habit> find_habits(const HabitTables& tables, const HabitRequest& request);

/// "faster", "slower", "silent"; a cell of a dimension that is more or less frequent; or what is spent.
struct HabitChange {
  std::size_t row = 0;
  std::string what;              ///< "weekday", "spend", "pace"
  std::string cell;              ///< "saturday"; "more", "less"; "faster", "slower", "silent"
  double before = 0, after = 0;  ///< shares; medians of what is spent; of pace 1 and the days that went by / expected
  double p_value = 1, adjusted = 1;
};
struct HabitChanges {
  std::size_t tests = 0;
  std::vector<HabitChange> all;  ///< those that hold, by row
};
HabitChanges find_habit_changes(const HabitSource& source, const Occasions& occasions, Date until,
                                const HabitRequest& request, const mine::Run& run);

/// How well earlier shares tell of the occasions of the window just past: the mean loss (in nats) of each occasion.
struct HabitJudgement {
  std::string dimension;
  std::uint64_t customers = 0, occasions = 0;
  double base_loss = 0, raw_loss = 0, shrunk_loss = 0;
  double gain = 0, lower = 0, upper = 0;  ///< of the shrunk over the base, customers' means, 95 % interval
  std::uint64_t habits = 0, kept = 0;     ///< found before the window; and of them more frequent in it than the base
};
std::vector<HabitJudgement> judge_habits(const HabitSource& source, const Occasions& occasions, Date until,
                                         const HabitRequest& request);

/// What else is measured, of every customer with occasions; NaN where nothing is known.
enum class HabitMeasure : std::uint8_t {
  basket,       ///< mean spend of an occasion, base currency
  lines,        ///< lines of an occasion
  deals,        ///< share bought at a discount
  price_level,  ///< within the category
  returned,     ///< lines taken back of each bought
  categories,   ///< different ones
  first_share,  ///< of the occasions' lines in the category most bought
  variety,      ///< chance that two lines are of different categories (Simpson)
  entropy,      ///< of categories, bits, with the correction of Miller and Madow
  novelty,      ///< share of later occasions with a category that is new
  burstiness,   ///< -1 regular, 0 as by chance, 1 bursty
  gap           ///< median days between occasions
};
inline constexpr std::size_t habit_measure_count = 12;
inline constexpr std::array<std::string_view, habit_measure_count> habit_measure_names = {
    "basket",      "lines",   "deal_proneness",   "price_level",      "returned",   "categories",
    "first_share", "variety", "category_entropy", "category_novelty", "burstiness", "gap"};
using HabitMeasures = std::array<std::vector<double>, habit_measure_count>;
HabitMeasures measure_habits(const HabitSource& source, const Occasions& occasions, Date until, Purchases purchases);

/// Of customers whose first purchase was mainly of a category: how many bought again within 90 days, and what.
struct FirstPurchase {
  std::string category, next;  ///< next: what second purchases are mainly of, most often; empty where nobody came back
  std::uint64_t customers = 0, again = 0;  ///< whose 90 days are over; of them
  std::uint64_t next_count = 0;            ///< second purchases of `next`
  mine::RateInterval share;
};
/// The most frequent first; at most ten.
std::vector<FirstPurchase> first_purchases(const Occasions& occasions, const LineKinds& category, Date until);

struct HabitGroups {
  std::string why;                  ///< where there are none
  std::vector<std::uint32_t> of;    ///< of each row, or none
  std::vector<std::string> fields;  ///< what they were made of
  mine::ChosenKmeans model;
  std::vector<Portrait> portraits;  ///< of each group
  static constexpr std::uint32_t none = LineKinds::none;
};
HabitGroups group_by_habit(const HabitTables& tables, const HabitMeasures& measures, const HabitRequest& request,
                           const mine::Run& run);
/// "high spend of a day with a purchase, low variety of categories": what sets it apart most.
std::string group_name(const Portrait& portrait, Language language);

/// When and how a customer is best reached, by contacts on record.
struct BestContact {
  std::string channel, day_part;               ///< empty: nothing is on record of it
  double channel_chance = 0, part_chance = 0;  ///< of reaching the customer so
  std::uint32_t tries = 0, reached = 0, inbound = 0;
};

struct HabitOutcome {
  std::optional<Date> until;
  std::string verdict;
  Occasions occasions;
  HabitTables tables;
  HabitMeasures measures;
  std::vector<Habit> habits;
  HabitChanges changes;
  std::vector<HabitJudgement> judgements;
  std::vector<FirstPurchase> firsts;
  HabitGroups groups;
  std::vector<BestContact> contacts;  ///< a row a customer; empty without contacts on record
};
HabitOutcome find_customer_habits(const HabitSource& source, const HabitRequest& request, const mine::Run& run);

/// "on Saturdays"; "by web", where names are the store's own.
std::string habit_cell_words(std::string_view dimension, const std::string& cell, Language language);
/// "buys on Saturdays: 6 of 8 purchases, against 17.2 % of all".
std::string habit_words(const HabitOutcome& outcome, const Habit& habit, Language language);
/// "buys on Saturdays: 60.0 % lately, 10.0 % before".
std::string change_words(const HabitChange& change, Language language);
/// "habit:saturday", "habit:channel:web".
std::string habit_tag(const HabitOutcome& outcome, const Habit& habit);
/// docs/habits.md has both forms.
boost::json::object habits_json(const HabitRequest& request, const HabitOutcome& outcome);
NamedTable habits_table(const HabitRequest& request, const HabitOutcome& outcome, const Column& customers);

}  // namespace emptor
