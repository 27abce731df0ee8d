#include <algorithm>
#include <limits>

#include "emptor/core/error.hpp"
#include "insight/insight_runs.hpp"
#include "insight/live/live_model.hpp"
#include "mine/model_frame.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::string_view frame_name = "value_class";
constexpr std::uint64_t frame_version = 1;
constexpr std::int64_t beyond_all = std::numeric_limits<std::int64_t>::max();

/// Of VIP, care and adapt, in micros; descending.
using Least = std::array<std::int64_t, value_class_count - 1>;

/// Nothing where equal values stand on both sides of a border.
std::optional<Least> borders_of(std::span<const std::int64_t> values, const ValueClasses& classes) {
  Least least;
  for (std::size_t border = 0; border < least.size(); ++border) {
    least[border] = beyond_all;
    std::int64_t below = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const bool better = static_cast<std::size_t>(classes.of[i]) <= border;
      std::int64_t& bound = better ? least[border] : below;
      bound = better ? std::min(bound, values[i]) : std::max(bound, values[i]);
    }
    if (below >= least[border]) return std::nullopt;
  }
  return least;
}

Least load_least(std::string_view bytes) {
  const mine::ModelFrame frame = mine::frame_of(bytes, frame_name, frame_version);
  ByteReader reader(frame.payload);
  Least least;
  for (std::int64_t& one : least) one = reader.zigzag();
  if (!reader.done() || !std::ranges::is_sorted(least, std::ranges::greater()))
    throw Error(Code::corrupt, "the least values of the classes do not descend");
  return least;
}

/// Classes of one customer between borders that stay.
class BorderClasses {
 public:
  explicit BorderClasses(const KeptModel& kept) : least_(load_least(kept.fitted)) {
    const json::object options = kept_options(value_class_schema, kept);
    measures_ = measure_options(options, {});
    const json::value* measure = options.if_contains("measure");
    by_frequency_ = measure != nullptr && measure->as_string() == "frequency";
  }

  void give(const ShapedHistory& history, Date day, LiveResult& result) const {
    const Measures measures = measures_of(history, measures_, day);
    if (measures.size() == 0) return;
    const std::int64_t value = by_frequency_ ? measures.frequency[0] * Decimal::micros_per_unit : measures.monetary[0];
    const auto place = std::ranges::find_if(least_, [&](std::int64_t least) { return value >= least; });
    const std::string name(value_class_names[static_cast<std::size_t>(place - least_.begin())]);
    result.scores.push_back({"value_class", Decimal::from_micros(value).to_double(), name});
    result.tag = "class." + name;
  }

  json::object least_json() const {
    json::object told;
    for (std::size_t i = 0; i < least_.size(); ++i)
      told[value_class_names[i]] = least_[i] == beyond_all ? json::value() : decimal_json(least_[i]);
    return told;
  }

 private:
  Least least_;
  MeasureOptions measures_;
  bool by_frequency_ = false;
};

}  // namespace

std::string save_classes(std::string_view measure, std::span<const std::int64_t> values, const ValueClasses& classes,
                         const ValueClassOptions& options) {
  if (measure != "spend" && measure != "frequency") return {};
  std::optional<Least> least;
  if (options.thresholds)
    std::ranges::transform(*options.thresholds, least.emplace().begin(), &Decimal::micros);
  else
    least = borders_of(values, classes);
  if (!least) return {};
  mine::ModelFrame frame{std::string(frame_name), frame_version, "{}", {}, {}};
  for (const std::int64_t one : *least) append_zigzag(frame.payload, one);
  return mine::to_bytes(frame);
}

LiveModel live_value_class(KeptModel kept, const Zone&) {
  const BorderClasses classes(kept);
  LiveModel model;
  model.kept = std::move(kept);
  model.scores = {"value_class"};
  model.tagged = "value_class";
  model.score = [classes](const ShapedHistory& history, Date day, LiveResult& result) {
    classes.give(history, day, result);
  };
  model.explain = [classes](const ShapedHistory&, Date, Language, json::object& told) {
    told["least"] = classes.least_json();
  };
  return model;
}

}  // namespace emptor
