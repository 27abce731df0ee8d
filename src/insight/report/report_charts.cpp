#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "insight/report/report_sections.hpp"

namespace emptor {
namespace {

constexpr double width = 960, height = 270, left = 64, bottom = 44, top = 12;

double units(const IntegerSum& micros) { return static_cast<double>(micros.value()) / Decimal::micros_per_unit; }

std::string pixel(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 1).ptr;
  return {text, end};
}

std::string rectangle(double x, double y, double w, double h, std::string_view kind, std::string_view extra = {}) {
  return "<rect x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" width=\"" + pixel(w) + "\" height=\"" +
         pixel(std::max(h, 0.0)) + "\" class=\"" + std::string(kind) + "\"" + std::string(extra) + "/>";
}

std::string label(double x, double y, std::string_view anchor, std::string_view text) {
  return "<text x=\"" + pixel(x) + "\" y=\"" + pixel(y) + "\" text-anchor=\"" + std::string(anchor) + "\">" +
         escaped(text) + "</text>";
}

/// 1, 2 or 5 times a power of ten, so that four steps or a few more reach the top.
double step_for(double most) {
  const double raw = most / 4;
  double power = 1;
  while (power * 10 <= raw) power *= 10;
  while (power > raw && power > 1e-6) power /= 10;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (power * factor >= raw) return power * factor;
  }
  return power * 10;
}

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

/// Under a bar: its month where there is room, and below that the year where one begins.
std::string period_labels(const PeriodRevenue& period, double x, bool first, bool room) {
  const std::string year = std::to_string(period.year);
  if (period.month == 0) return room || period.year % 5 == 0 ? label(x, height - 25, "middle", year) : std::string();
  const bool new_year = period.month == 1 || (first && period.month < 11);
  std::string svg = room ? label(x, height - 25, "middle", two_digits(period.month)) : std::string();
  if (new_year) svg += label(x, height - 7, "middle", year);
  return svg;
}

std::string grid(const Voice& voice, double most, double step, double scale) {
  std::string svg;
  for (double value = 0; value <= most + step / 2; value += step) {
    const double y = height - bottom - value * scale;
    svg += "<line class=\"grid\" x1=\"" + pixel(left) + "\" x2=\"" + pixel(width) + "\" y1=\"" + pixel(y) + "\" y2=\"" +
           pixel(y) + "\"/>" + label(left - 8, y + 4, "end", voice.compact(value));
  }
  return svg;
}

/// The numbers added up, as points of a line that begins at 0.
std::string added_up(const std::vector<double>& numbers, double wide, double scale) {
  std::string points = pixel(left) + "," + pixel(height - bottom);
  double sum = 0;
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    sum += numbers[at];
    points += " " + pixel(left + wide * static_cast<double>(at + 1)) + "," + pixel(height - bottom - sum * scale);
  }
  return points;
}

}  // namespace

std::string lifetime_curve(const Voice& voice, const LifetimeTrack& track) {
  double most = 1;
  for (const auto* numbers : {&track.actual, &track.expected})
    most = std::max(most, std::accumulate(numbers->begin(), numbers->end(), 0.0));
  const double step = step_for(most);
  most = std::ceil(most / step) * step;
  const double scale = (height - bottom - top) / most, wide = (width - left) / static_cast<double>(track.actual.size());
  const auto place = [&](std::int32_t day) { return width - wide * (track.until.days - day) / track.period_days; };
  const Date begin{track.until.days - static_cast<std::int32_t>(track.actual.size()) * track.period_days};
  std::string svg =
      "<svg viewBox=\"0 0 960 270\" role=\"img\" aria-label=\"" + escaped(voice.say(words::curve)) + "\">";
  svg += grid(voice, most, step, scale);
  svg += "<polyline class=\"line\" points=\"" + added_up(track.actual, wide, scale) + "\"/>";
  svg += "<polyline class=\"line second\" points=\"" + added_up(track.expected, wide, scale) + "\"/>";
  svg += label(left, height - 20, "start", to_string(begin)) + label(width, height - 20, "end", to_string(track.until));
  const double border = place(track.fitted_until.days);
  if (track.fitted_until.days >= track.until.days || border <= left) return svg + "</svg>";
  svg += "<line class=\"border\" x1=\"" + pixel(border) + "\" x2=\"" + pixel(border) + "\" y1=\"" + pixel(top) +
         "\" y2=\"" + pixel(height - bottom) + "\"/>";
  return svg + label(border, height - 20, "middle", to_string(track.fitted_until)) + "</svg>";
}

std::string period_chart(const Voice& voice, const std::vector<PeriodRevenue>& periods) {
  double most = 0;
  for (const PeriodRevenue& one : periods) {
    most = std::max(most, std::max(units(one.known), 0.0) + std::max(units(one.anonymous), 0.0));
  }
  if (most <= 0) return {};
  const double step = step_for(most);
  most = std::ceil(most / step) * step;
  const double scale = (height - bottom - top) / most;
  const double slot = (width - left) / static_cast<double>(periods.size()), bar = std::min(slot * 0.72, 64.0);
  std::string svg =
      "<svg viewBox=\"0 0 960 270\" role=\"img\" aria-label=\"" + escaped(voice.say(words::by_month)) + "\">";
  svg += grid(voice, most, step, scale);
  for (std::size_t i = 0; i < periods.size(); ++i) {
    const double known = std::max(units(periods[i].known), 0.0) * scale;
    const double other = std::max(units(periods[i].anonymous), 0.0) * scale;
    const double x = left + slot * (static_cast<double>(i) + 0.5), base = height - bottom;
    const std::string name =
        std::to_string(periods[i].year) + (periods[i].month == 0 ? "" : "-" + two_digits(periods[i].month));
    svg += "<g><title>" +
           escaped(name + ": " + voice.amount(periods[i].known) + " + " + voice.amount(periods[i].anonymous)) +
           "</title>" + rectangle(x - bar / 2, base - known, bar, known, "a") +
           rectangle(x - bar / 2, base - known - other, bar, other, "b") + "</g>";
    svg += period_labels(periods[i], x, i == 0, slot > 22);
  }
  return svg + "</svg>";
}

std::string class_chart(const Voice& voice, const ValueClasses& classes) {
  double customers = 0, value = 0;
  for (std::size_t i = 0; i < value_class_count; ++i) {
    customers += static_cast<double>(classes.customers[i]);
    value += std::max(units(classes.value[i]), 0.0);
  }
  constexpr double first = 110, span = 850, thick = 34;
  constexpr std::string_view opacity[] = {"1", ".68", ".4", ".18"};
  std::string svg =
      "<svg viewBox=\"0 0 960 104\" role=\"img\" aria-label=\"" + escaped(voice.say(words::classes)) + "\">";
  const auto bar = [&](double y, std::string_view name, const auto& share_of) {
    svg += label(first - 12, y + thick / 2 + 4, "end", name);
    double x = first;
    for (std::size_t i = 0; i < value_class_count; ++i) {
      const double w = share_of(i) * span;
      svg += rectangle(x, y, std::max(w - 2, 0.6), thick, "a", " fill-opacity=\"" + std::string(opacity[i]) + "\"");
      x += w;
    }
  };
  bar(8, voice.say(words::customers),
      [&](std::size_t i) { return customers > 0 ? static_cast<double>(classes.customers[i]) / customers : 0; });
  bar(58, voice.say(words::spend),
      [&](std::size_t i) { return value > 0 ? std::max(units(classes.value[i]), 0.0) / value : 0; });
  return svg + "</svg>";
}

std::string group_chart(const Voice& voice, std::string_view name,
                        const std::vector<std::pair<std::string, double>>& bars) {
  constexpr double first = 230, span = 620, thick = 18, slot = 26;
  double most = 0;
  for (const auto& [group, value] : bars) most = std::max(most, value);
  std::string svg = "<svg viewBox=\"0 0 960 " + pixel(slot * static_cast<double>(bars.size()) + 8) +
                    "\" role=\"img\" aria-label=\"" + escaped(name) + "\">";
  double y = 4;
  for (const auto& [group, value] : bars) {
    const double wide = most > 0 ? std::max(value, 0.0) / most * span : 0;
    svg += label(first - 12, y + thick / 2 + 4, "end", group) + rectangle(first, y, wide, thick, "a") +
           label(first + wide + 8, y + thick / 2 + 4, "start", voice.compact(value));
    y += slot;
  }
  return svg + "</svg>";
}

}  // namespace emptor
