#include <cmath>

#include "insight/report/report_sections.hpp"

namespace emptor {
namespace {

std::string rounded(double number) { return with_thousands(std::llround(number)); }

Date end_of_period(const LifetimeTrack& track, std::size_t at) {
  return {track.until.days - static_cast<std::int32_t>(track.actual.size() - 1 - at) * track.period_days};
}

/// What the curve draws, to be opened.
std::string curve_table(const Voice& voice, const LifetimeTrack& track) {
  using namespace words;
  TableWriter table(voice.say(curve));
  table.head(
      {std::string(voice.say(period)), "#" + std::string(voice.say(came)), "#" + std::string(voice.say(expected))});
  double came_so_far = 0, expected_so_far = 0;
  for (std::size_t at = 0; at < track.actual.size(); ++at) {
    came_so_far += track.actual[at];
    expected_so_far += track.expected[at];
    table.row({to_string(end_of_period(track, at)), rounded(came_so_far), rounded(expected_so_far)});
  }
  return "<details><summary>" + escaped(voice.say(show_table)) + "</summary>" + table.html() + "</details>\n";
}

/// What the model knew, and how its forecast of the rest held.
std::string curve_words(const Voice& voice, const LifetimeTrack& track) {
  const std::string day = to_string(track.fitted_until);
  if (track.fitted_until.days >= track.until.days) return voice.say(words::curve_lead_seen, {day});
  double came = 0, expected = 0;
  for (std::size_t at = 0; at < track.actual.size(); ++at) {
    if (end_of_period(track, at).days <= track.fitted_until.days) continue;
    came += track.actual[at];
    expected += track.expected[at];
  }
  return voice.say(words::curve_lead, {day, rounded(expected), rounded(came)});
}

}  // namespace

std::string curve_section(const Voice& voice, const ReportFigures& figures) {
  if (!figures.track) return {};
  const std::string keys = "<figcaption><span class=\"key\"></span>" + escaped(voice.say(words::came)) +
                           "<span class=\"key second\"></span>" + escaped(voice.say(words::expected)) + "</figcaption>";
  return section("curve", voice.say(words::curve), curve_words(voice, *figures.track),
                 "<figure class=\"card\">" + keys + lifetime_curve(voice, *figures.track) + "</figure>" +
                     curve_table(voice, *figures.track));
}

}  // namespace emptor
