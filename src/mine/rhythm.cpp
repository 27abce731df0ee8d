#include "emptor/mine/rhythm.hpp"

#include <algorithm>
#include <cmath>

#include "core/long_call.hpp"
#include "emptor/mine/false_discovery.hpp"
#include "mine/model_json.hpp"
#include "mine/payload.hpp"
#include "mine/rhythm_gaps.hpp"
#include "mine/row_blocks.hpp"
#include "mine/training_check.hpp"

namespace emptor::mine {
namespace {

constexpr std::string_view algorithm = "rhythm";
constexpr std::uint64_t payload_version = 1;

const ProductRhythm& rhythm_of(const RhythmModel& model, std::uint32_t item) {
  const auto at =
      std::lower_bound(model.products.begin(), model.products.end(), item,
                       [](const ProductRhythm& product, std::uint32_t wanted) { return product.item < wanted; });
  return at != model.products.end() && at->item == item ? *at : model.all;
}

std::size_t place_of(const RhythmModel& model, const ProductRhythm& product) {
  return &product == &model.all ? model.products.size() : static_cast<std::size_t>(&product - model.products.data());
}

void check_options(const ChangeOptions& options) {
  if (options.recent_gaps < 1) refuse_input("one gap or more is recent", "recent_gaps");
  if (options.least_past < 1) refuse_input("one earlier gap or more is needed", "least_past");
  if (!(options.false_alarms > 0 && options.false_alarms < 1)) {
    refuse_input("a share of false alarms lies between 0 and 1", "false_alarms");
  }
}

/// Of the products of the model, and last of all: where a pair's gaps count by their median, how the mean follows.
std::vector<double> means_over_medians(const RhythmModel& model, const AllGaps& all) {
  std::vector<double> out(model.products.size() + 1);
  if (!model.options.robust) return out;
  for (const PairGaps& pair : all.pairs) {
    if (pair.count < least_of_median) continue;
    const ProductRhythm& product = rhythm_of(model, pair.item);
    double& ratio = out[place_of(model, product)];
    if (ratio == 0) ratio = mean_over_median(product);
  }
  return out;
}

/// Over all tests, or each on its own.
void adjust(std::vector<RhythmChange>& tests, AlarmControl control) {
  std::vector<double> p_values;
  for (const RhythmChange& test : tests) p_values.push_back(test.p_value);
  if (control == AlarmControl::benjamini_hochberg) p_values = false_discovery(p_values);
  for (std::size_t i = 0; i < tests.size(); ++i) tests[i].adjusted = p_values[i];
}

void test_pair(const ProductRhythm& product, const PairGaps& pair, std::span<const double> gaps, std::int64_t today,
               const ChangeOptions& options, std::vector<RhythmChange>& tests) {
  if (gaps.size() >= options.recent_gaps + options.least_past) {
    const std::span<const double> past = gaps.first(gaps.size() - options.recent_gaps);
    const RateBelief belief = own_belief(product, past);
    const auto recent = static_cast<double>(options.recent_gaps);
    double time = 0;
    for (const double gap : gaps.last(options.recent_gaps)) time += gap;
    const double slower = belief.longer(recent, time), faster = belief.shorter(recent, time);
    const double expected = recent * product.shape * belief.scale / belief.shape;
    tests.push_back({pair.customer, pair.item, slower < faster ? ChangeKind::slower : ChangeKind::faster,
                     std::min(1.0, 2 * std::min(slower, faster)), 1, time / expected, false});
  }
  if (gaps.size() >= options.least_past) {
    const RateBelief belief = own_belief(product, gaps);
    const double time = open_gap(pair, today);
    tests.push_back({pair.customer, pair.item, ChangeKind::silent, belief.silence(time), 1,
                     time / (product.shape * belief.scale / belief.shape), false});
  }
}

}  // namespace

std::vector<PairRhythm> next_purchases(const RhythmModel& model, const PurchaseEvents& events, std::int64_t today,
                                       const Run& run) {
  const LongCall call(run.progress);
  const AllGaps all = gaps_until(events, today);
  const std::vector<double> ratios = means_over_medians(model, all);
  std::vector<PairRhythm> result(all.pairs.size());
  in_blocks(all.pairs.size(), 64, run, "rhythm", [&](std::size_t first, std::size_t end) {
    for (std::size_t p = first; p < end; ++p) {
      const PairGaps& pair = all.pairs[p];
      const ProductRhythm& product = rhythm_of(model, pair.item);
      const RateBelief belief = belief_after(product, all.of(pair), ratios[place_of(model, product)]);
      const auto last = static_cast<double>(pair.last_day), level = model.options.level;
      PairRhythm& out = result[p];
      out.customer = pair.customer;
      out.item = pair.item;
      out.purchases = pair.count + 1;
      out.last_day = pair.last_day;
      out.expected_gap = days_of(belief.quantile(0.5));
      out.next_day = last + out.expected_gap;
      out.lower = last + days_of(belief.quantile((1 - level) / 2));
      out.upper = last + days_of(belief.quantile((1 + level) / 2));
      out.silence = belief.silence(open_gap(pair, today));
      out.lapsed = out.silence < model.options.lapse;
    }
  });
  return result;
}

std::vector<RhythmChange> find_changes(const RhythmModel& model, const PurchaseEvents& events, std::int64_t today,
                                       const ChangeOptions& options, const Run& run) {
  check_options(options);
  const LongCall call(run.progress);
  const AllGaps all = gaps_until(events, today);
  std::vector<RhythmChange> tests;
  for (std::size_t p = 0; p < all.pairs.size(); ++p) {
    beat("rhythm", p, all.pairs.size());
    const PairGaps& pair = all.pairs[p];
    test_pair(rhythm_of(model, pair.item), pair, all.of(pair), today, options, tests);
  }
  std::sort(tests.begin(), tests.end(), [](const RhythmChange& a, const RhythmChange& b) {
    if (a.p_value != b.p_value) return a.p_value < b.p_value;
    if (a.customer != b.customer) return a.customer < b.customer;
    return a.item != b.item ? a.item < b.item : a.kind < b.kind;
  });
  adjust(tests, options.control);
  for (RhythmChange& test : tests) test.alarm = test.adjusted <= options.false_alarms;
  return tests;
}

namespace {

void append_rhythm(std::string& out, const ProductRhythm& rhythm) {
  append_varint(out, rhythm.item);
  for (const double number : {rhythm.shape, rhythm.rate_shape, rhythm.rate_scale}) append_double(out, number);
  append_varint(out, rhythm.gaps);
  append_varint(out, rhythm.pairs);
  append_varint(out, rhythm.pooled ? 1 : 0);
}
ProductRhythm read_rhythm(ByteReader& reader) {
  ProductRhythm rhythm;
  rhythm.item = static_cast<std::uint32_t>(reader.varint());
  for (double* number : {&rhythm.shape, &rhythm.rate_shape, &rhythm.rate_scale}) {
    *number = read_double(reader);
    expect(*number > 0 && std::isfinite(*number));
  }
  rhythm.gaps = reader.varint();
  rhythm.pairs = reader.varint();
  rhythm.pooled = reader.varint() != 0;
  return rhythm;
}

}  // namespace

std::string save(const RhythmModel& model) {
  ModelFrame frame{std::string(algorithm),
                   payload_version,
                   OptionsText()
                       .number("level", model.options.level)
                       .number("lapse", model.options.lapse)
                       .flag("robust", model.options.robust)
                       .whole("least_gaps", model.options.least_gaps)
                       .whole("most_pairs", model.options.most_pairs)
                       .text(),
                   model.data_version,
                   {}};
  append_double(frame.payload, model.options.level);
  append_double(frame.payload, model.options.lapse);
  append_varint(frame.payload, model.options.robust ? 1 : 0);
  append_varint(frame.payload, model.options.least_gaps);
  append_varint(frame.payload, model.options.most_pairs);
  append_rhythm(frame.payload, model.all);
  append_varint(frame.payload, model.products.size());
  for (const ProductRhythm& rhythm : model.products) append_rhythm(frame.payload, rhythm);
  return to_bytes(frame);
}

RhythmModel load_rhythm(std::string_view bytes) {
  const ModelFrame frame = frame_of(bytes, algorithm, payload_version);
  ByteReader reader(frame.payload);
  RhythmModel model;
  model.data_version = frame.data_version;
  model.options.level = read_double(reader);
  model.options.lapse = read_double(reader);
  model.options.robust = reader.varint() != 0;
  model.options.least_gaps = reader.varint();
  model.options.most_pairs = reader.varint();
  expect(model.options.level > 0 && model.options.level < 1 && model.options.lapse > 0 && model.options.lapse < 1);
  model.all = read_rhythm(reader);
  const std::uint64_t count = reader.varint();
  expect(count <= reader.left());
  for (std::uint64_t i = 0; i < count; ++i) {
    model.products.push_back(read_rhythm(reader));
    expect(i == 0 || model.products[i - 1].item < model.products[i].item);
  }
  expect(reader.done());
  return model;
}

}  // namespace emptor::mine
