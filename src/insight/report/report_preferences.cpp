// The report's section on preferences: what customers like, dislike and ask for by their own words.
#include "insight/report/report_sections.hpp"
#include "insight/report/report_state.hpp"

namespace emptor {
namespace {

namespace json = boost::json;

constexpr std::size_t most_rows = 15;

std::string_view kind_shown(const Voice& voice, std::string_view kind) {
  if (kind == "category") return voice.say(words::topic_category);
  return voice.say(kind == "brand" ? words::topic_brand : words::topic_product);
}

std::string topic_table(const Voice& voice, const std::vector<json::object>& topics) {
  TableWriter table(voice.say(words::preferences));
  const auto column = [&](const words::Text& text) { return "#" + std::string(voice.say(text)); };
  table.head({std::string(voice.say(words::topic)), std::string(voice.say(words::kind_of_topic)),
              column(words::customers), column(words::likes), column(words::dislikes), column(words::asked_for)});
  for (std::size_t i = 0; i < topics.size() && i < most_rows; ++i) {
    const json::object& one = topics[i];
    table.row({escaped(text_of(one, "topic")), escaped(kind_shown(voice, text_of(one, "kind"))),
               with_thousands(count_of(one, "customers")), with_thousands(count_of(one, "likes")),
               with_thousands(count_of(one, "dislikes")), with_thousands(count_of(one, "asked"))},
              count_of(one, "dislikes") > count_of(one, "likes") ? "warn" : "");
  }
  return table.html();
}

std::string tone_told(const Voice& voice, const json::object& tone) {
  if (tone.empty() || !text_of(tone, "why").empty()) return std::string(voice.say(words::tone_not_learnt));
  return voice.say(words::tone_learnt,
                   {with_thousands(count_of(tone, "good") + count_of(tone, "bad")),
                    with_thousands(count_of(tone, "right")), with_thousands(count_of(tone, "judged"))});
}

/// Nothing where it could not be judged.
std::string judgement_told(const Voice& voice, const json::object& state) {
  const std::string verdict = text_of(state, "verdict");
  if (verdict == "no better than purchases alone") return " " + std::string(voice.say(words::words_do_not_help));
  if (verdict != "sufficient") return {};
  const json::object judged = object_of(state, "judged");
  return " " + voice.say(words::words_help, {with_thousands(count_of(judged, "words_hits")),
                                             with_thousands(count_of(judged, "purchases_hits")),
                                             with_thousands(count_of(judged, "customers"))});
}

}  // namespace

std::string preferences_section(const Voice& voice, const ReportFigures& figures) {
  if (!figures.preferences) return {};
  const json::object& state = *figures.preferences;
  const std::vector<json::object> topics = objects_of(state, "topics");
  if (topics.empty()) return {};
  const std::string how = tone_told(voice, object_of(state, "tone")) + judgement_told(voice, state);
  return section("preferences", voice.say(words::preferences),
                 voice.say(words::preferences_lead,
                           {with_thousands(count_of(state, "naming")), with_thousands(count_of(state, "texts")),
                            with_thousands(count_of(state, "customers"))}),
                 "<p>" + escaped(how) + "</p>" + topic_table(voice, topics));
}

}  // namespace emptor
