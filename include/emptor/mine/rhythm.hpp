/// Rhythm: on which day a customer will want a product again, who has fallen silent, and whose rhythm has changed, each
/// against his own and the product's.
///
///     const RhythmModel model = fit_rhythm(events, today);
///     for (const PairRhythm& pair : next_purchases(model, events, today)) plan(pair.customer, pair.item,
///     pair.next_day); for (const RhythmChange& change : find_changes(model, events, today)) if (change.alarm)
///     call(change.customer);
///
/// Gaps between the days on which a customer bought a product are gamma-distributed: one shape a product, a rate a
/// customer, and the rates of a product's customers are gamma-distributed in turn. Shape and that distribution are
/// those of greatest likelihood (empirical Bayes; Fader and Hardie's gamma-gamma model, 2013); a customer's gaps then
/// shrink to the product's as far as they are few. Changes are tails of the distribution that the earlier gaps
/// foretell, and false alarms among them are bounded as Benjamini and Hochberg do, J. R. Statist. Soc. B 57 (1995),
/// 289.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "emptor/mine/item_purchases.hpp"
#include "emptor/mine/run.hpp"

namespace emptor::mine {

struct RhythmOptions {
  double level = 0.8;             ///< of the interval about the next day
  double lapse = 0.05;            ///< a silence less likely than this is a lapse
  bool robust = true;             ///< three gaps and more are taken by their median, so that one holiday changes little
  std::uint64_t least_gaps = 30;  ///< of a product, for a rhythm of its own; below, that of all products
  std::size_t most_pairs = 5'000;  ///< that a fit looks at, from 100; of more, those of least hash
  friend bool operator==(const RhythmOptions&, const RhythmOptions&) noexcept = default;
};

/// Of a product, or of all: gap less half a day ~ gamma(shape, rate), rate ~ gamma(rate_shape, rate_scale as rate of
/// it).
struct ProductRhythm {
  std::uint32_t item = 0;
  double shape = 1;
  double rate_shape = 1, rate_scale = 1;
  std::uint64_t gaps = 0, pairs = 0;                                                     ///< pairs with a gap
  bool pooled = false;                                                                   ///< that of all products
  double typical_gap() const noexcept { return shape * rate_scale / rate_shape + 0.5; }  ///< days, at the mean rate
  friend bool operator==(const ProductRhythm&, const ProductRhythm&) noexcept = default;
};

struct RhythmModel {
  RhythmOptions options;
  std::string data_version;             ///< of what it was fitted on; the caller's to set
  std::vector<ProductRhythm> products;  ///< by ascending item
  ProductRhythm all;
  friend bool operator==(const RhythmModel&, const RhythmModel&) = default;
};

/// `events.times` are days (-1e9 to `today`); purchases of one day are one. The order of events does not matter. Throws
/// Code::invalid (fields "items", "times" with the row, "today", those of the options; "times" where nobody bought
/// anything on two days).
RhythmModel fit_rhythm(const PurchaseEvents& events, std::int64_t today, const RhythmOptions& options = {},
                       const Run& run = {});

/// A customer's rhythm of a product, seen from a day.
struct PairRhythm {
  std::uint64_t customer = 0;
  std::uint32_t item = 0;
  std::uint64_t purchases = 0;  ///< days with one
  std::int64_t last_day = 0;
  double expected_gap = 0;      ///< the median of what the next gap may be
  double next_day = 0;          ///< last_day + expected_gap
  double lower = 0, upper = 0;  ///< days between which it lies with the chosen level
  double silence = 1;   ///< how likely so long a silence or a longer one is on a day of no choice, rhythm unchanged
  bool lapsed = false;  ///< silence < lapse
  friend bool operator==(const PairRhythm&, const PairRhythm&) noexcept = default;
};
/// All pairs, by customer, then item; products that the model does not know have the rhythm of all. Throws
/// Code::invalid as above, and (field "times") for an event after `today`.
std::vector<PairRhythm> next_purchases(const RhythmModel& model, const PurchaseEvents& events, std::int64_t today,
                                       const Run& run = {});

enum class ChangeKind : std::uint8_t { faster, slower, silent };
enum class AlarmControl : std::uint8_t {
  benjamini_hochberg,  ///< of all alarms, at most this share is false, on average
  each,                ///< of all tests without a change, at most this share alarms
};
struct ChangeOptions {
  std::size_t recent_gaps = 3;  ///< the last gaps, together, against those before; from 1
  std::size_t least_past = 3;   ///< gaps before them (and for a silence, gaps) that a test needs; from 1
  double false_alarms = 0.05;
  AlarmControl control = AlarmControl::benjamini_hochberg;
  friend bool operator==(const ChangeOptions&, const ChangeOptions&) noexcept = default;
};
/// One test. Each pair with enough gaps has two: the pace of its last gaps (two-sided), and its silence since.
struct RhythmChange {
  std::uint64_t customer = 0;
  std::uint32_t item = 0;
  ChangeKind kind = ChangeKind::faster;
  double p_value = 1;
  double adjusted = 1;  ///< by Benjamini and Hochberg, over all tests; p_value under `each`
  double ratio = 1;     ///< time that went by / expected
  bool alarm = false;   ///< adjusted <= false_alarms
  friend bool operator==(const RhythmChange&, const RhythmChange&) noexcept = default;
};
/// Ascending by p_value, then customer, item, kind. Throws as `next_purchases`, and for options out of range.
std::vector<RhythmChange> find_changes(const RhythmModel& model, const PurchaseEvents& events, std::int64_t today,
                                       const ChangeOptions& options = {}, const Run& run = {});

std::string save(const RhythmModel& model);
/// Throws as every loader of models: Code::corrupt, Code::newer, Code::unsupported.
RhythmModel load_rhythm(std::string_view bytes);

}  // namespace emptor::mine
