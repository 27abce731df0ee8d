#include <cmath>

#include "insight/lifetime/lifetime_checks.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

/// NaN is nothing there.
json::value number(double value) { return std::isfinite(value) ? json::value(value) : json::value(); }

json::array numbers(const std::vector<double>& values) {
  json::array out;
  for (const double value : values) out.push_back(number(value));
  return out;
}

json::object errors_json(const mine::ForecastErrors& errors) {
  return {{"purchases", errors.predicted},
          {"mean_absolute_error", errors.mean_absolute},
          {"root_mean_square_error", errors.root_mean_square},
          {"correlation", number(errors.correlation)},
          {"bias", errors.actual > 0 ? json::value(errors.predicted / errors.actual - 1) : json::value()}};
}

json::object hold_out_json(const LifetimeHoldOut& held) {
  json::object out{{"until", to_string(held.until)},
                   {"length", held.length},
                   {"customers", held.customers},
                   {"end", name_of(held.end)}};
  if (!has_estimate(held.end)) return out;
  out["actual"] = held.model.actual;
  out["model"] = errors_json(held.model);
  out["own_rate"] = errors_json(held.own_rate);
  out["mean_rate"] = errors_json(held.mean_rate);
  json::array groups;
  for (const LifetimeHoldOut::Group& group : held.groups)
    groups.push_back(json::object{{"frequency", group.frequency},
                                  {"customers", group.customers},
                                  {"expected", group.expected},
                                  {"actual", group.actual}});
  out["groups"] = std::move(groups);
  return out;
}

json::object track_json(const LifetimeTrack& track) {
  return {{"until", to_string(track.until)},
          {"fitted_until", to_string(track.fitted_until)},
          {"period_days", track.period_days},
          {"actual", numbers(track.actual)},
          {"expected", numbers(track.expected)}};
}

json::object counts_json(const mine::CountFit& counts) {
  return {{"actual", numbers(counts.actual)},
          {"expected", numbers(counts.expected)},
          {"chi_square", counts.chi_square},
          {"degrees", counts.degrees},
          {"p_value", counts.degrees > 0 ? json::value(counts.p_value) : json::value()}};
}

json::object independence_json(const SpendIndependence& spend) {
  const auto interval = [](double value, const mine::CorrelationInterval& of) {
    return std::isfinite(value) ? json::value(json::array{of.lower, of.upper}) : json::value();
  };
  return {{"customers", spend.customers},
          {"correlation", number(spend.correlation)},
          {"interval", interval(spend.correlation, spend.of_correlation)},
          {"rank_correlation", number(spend.rank_correlation)},
          {"rank_interval", interval(spend.rank_correlation, spend.of_ranks)}};
}

/// A list of numbers; empty for anything else.
std::vector<double> list_of(const json::object& object, const char* name) {
  std::vector<double> out;
  const json::value* list = object.if_contains(name);
  if (list == nullptr || !list->is_array()) return out;
  for (const json::value& value : list->get_array()) out.push_back(value.is_number() ? value.to_number<double>() : 0);
  return out;
}

std::optional<Date> day_of(const json::object& object, const char* name) {
  const json::value* text = object.if_contains(name);
  return text != nullptr && text->is_string() ? parse_date(text->get_string()) : std::nullopt;
}

/// The object of that name within another; empty for anything else.
json::object within(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : json::object();
}

}  // namespace

std::optional<LifetimeTrack> track_of_state(std::string_view state) {
  boost::system::error_code failed;
  const json::value read = json::parse(state, failed);
  if (failed || !read.is_object()) return std::nullopt;
  const json::object told = within(within(read.get_object(), "diagnostics"), "tracking");
  const std::optional<Date> until = day_of(told, "until"), fitted = day_of(told, "fitted_until");
  const json::value* days = told.if_contains("period_days");
  LifetimeTrack track;
  track.actual = list_of(told, "actual");
  track.expected = list_of(told, "expected");
  if (!until || !fitted || days == nullptr || !days->is_int64() || days->get_int64() < 1 || track.actual.empty() ||
      track.actual.size() != track.expected.size())
    return std::nullopt;
  track.until = *until;
  track.fitted_until = *fitted;
  track.period_days = static_cast<int>(days->get_int64());
  return track;
}

json::object checks_json(const LifetimeChecks& checks) {
  return {{"tracking", checks.track ? json::value(track_json(*checks.track)) : json::value()},
          {"hold_out", checks.hold_out ? json::value(hold_out_json(*checks.hold_out)) : json::value()},
          {"frequencies", checks.counts ? json::value(counts_json(*checks.counts)) : json::value()},
          {"independence", independence_json(checks.independence)}};
}

}  // namespace emptor
